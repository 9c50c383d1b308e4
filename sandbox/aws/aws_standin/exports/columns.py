"""The columns of CUR 2.0 that are filled, and how a line of the ledger becomes a row.

In: a line as the ledger tells it, and the delivery it belongs to. Out: a row, with None where AWS
leaves a column empty. Amounts stay decimals. The selection is what bills of WorkSpaces use; in AWS,
too, the owner of an export chooses its columns.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["text", "amount", "time", "map"]

COLUMNS: dict[str, Kind] = {
    "bill_bill_type": "text",
    "bill_billing_entity": "text",
    "bill_billing_period_end_date": "time",
    "bill_billing_period_start_date": "time",
    "bill_invoice_id": "text",
    "bill_payer_account_id": "text",
    "cost_category": "map",
    "discount": "map",
    "identity_line_item_id": "text",
    "identity_time_interval": "text",
    "line_item_currency_code": "text",
    "line_item_line_item_description": "text",
    "line_item_line_item_type": "text",
    "line_item_net_unblended_cost": "amount",
    "line_item_operation": "text",
    "line_item_product_code": "text",
    "line_item_resource_id": "text",
    "line_item_unblended_cost": "amount",
    "line_item_unblended_rate": "text",
    "line_item_usage_account_id": "text",
    "line_item_usage_amount": "amount",
    "line_item_usage_end_date": "time",
    "line_item_usage_start_date": "time",
    "line_item_usage_type": "text",
    "pricing_currency": "text",
    "pricing_public_on_demand_cost": "amount",
    "pricing_term": "text",
    "pricing_unit": "text",
    "product": "map",
    "product_region_code": "text",
    "product_servicecode": "text",
    "resource_tags": "map",
}
"""Names and kinds, in the order of the files."""

_PRODUCTS = {
    "Amazon WorkSpaces": "AmazonWorkSpaces",
    "Amazon WorkSpaces Thin Client": "AmazonThinClient",
    "AWS Directory Service": "AWSDirectoryService",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "Tax": "AmazonWorkSpaces",
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """The billing period of a delivery, and whether its invoice is out."""

    month: date
    payer: str
    final: bool

    @property
    def following(self) -> date:
        """First day of the next month."""
        return (self.month + timedelta(days=32)).replace(day=1)


def row_of(line: dict[str, Any], period: Period) -> Row:
    """The row of a line of the ledger."""
    day = date.fromisoformat(line["day"])
    start, end = _instant(day), _instant(day + timedelta(days=1))
    quantity, cost = Decimal(line["quantity"]), Decimal(line["unblended"])
    usage = line["record"] == "Usage"
    product = _PRODUCTS[line["service"]]
    return {
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_billing_period_start_date": _instant(period.month),
        "bill_billing_period_end_date": _instant(period.following),
        "bill_invoice_id": _invoice(period) if period.final else None,
        "bill_payer_account_id": period.payer,
        "cost_category": {},
        "discount": {},
        "identity_line_item_id": _identity(line),
        "identity_time_interval": f"{_text(start)}/{_text(end)}",
        "line_item_currency_code": "USD",
        "line_item_line_item_description": f"{line['record']} of {line['usageType']}",
        "line_item_line_item_type": line["record"],
        "line_item_net_unblended_cost": Decimal(line["netUnblended"]),
        "line_item_operation": "Hourly" if usage else None,
        "line_item_product_code": product,
        "line_item_resource_id": line["resource"],
        "line_item_unblended_cost": cost,
        "line_item_unblended_rate": f"{cost / quantity:.10f}" if usage and quantity else None,
        "line_item_usage_account_id": line["account"],
        "line_item_usage_amount": quantity,
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": end,
        "line_item_usage_type": line["usageType"],
        "pricing_currency": "USD" if usage else None,
        "pricing_public_on_demand_cost": cost if usage else None,
        "pricing_term": "OnDemand" if usage else None,
        "pricing_unit": line["unit"] or None,
        "product": {"product_name": line["service"], "region": line["region"]},
        "product_region_code": line["region"] or None,
        "product_servicecode": product,
        "resource_tags": {f"user_{key}": value for key, value in line["tags"].items()},
    }


def _identity(line: dict[str, Any]) -> str:
    """An id that only says which line it is, not what it amounts to: corrections keep it."""
    names = ("day", "account", "region", "usageType", "record", "resource")
    path = "|".join(str(line[name]) for name in names)
    return hashlib.sha256(path.encode()).hexdigest()[:52]


def _invoice(period: Period) -> str:
    return f"{period.payer}-{period.month:%Y%m}"


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
