"""The laws of the bill: hours, months, sums, and what is told when."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_standin.billing.bill import Bill, summed_up
from aws_standin.billing.hours import HOUR, billed_hours
from aws_standin.billing.line import Line
from aws_standin.billing.modes import bill_month, month_span
from aws_standin.billing.rules import BillingRules
from aws_standin.billing.usage import SiteUsage
from aws_standin.billing.visibility import DAY, final_from, midnight
from aws_standin.fleet.interventions import Intervention
from aws_standin.fleet.lifecycle import Running
from aws_standin.fleet.mode_history import Regime, Switch, drawn_switches
from aws_standin.fleet.personas import RunningMode
from aws_standin.fleet.pools import pool_sessions, pools_of
from aws_standin.fleet.spec import Site
from aws_standin.fleet.store import SiteFleet

MARCH = date(2026, 3, 1)
SITES = [Site(7, "111111111111", region, 60, 3) for region in ("eu-central-1", "us-east-1")]
LATER = midnight(date(2026, 5, 1))
NOBODY = BillingRules(restated_share=0, vanishing_share=0)


def fleets() -> list[SiteFleet]:
    return [SiteFleet(site) for site in SITES]


FLEETS = fleets()
RUN = st.builds(
    lambda start, length: Running(start, start + length),
    st.integers(1_772_323_200, 1_775_001_600),
    st.integers(1, 40 * HOUR),
)


def total(lines: list[Line]) -> Decimal:
    return sum((line.cost for line in lines), Decimal(0))


@given(RUN)
def test_hours_of_the_clock_are_at_most_one_more_than_elapsed_ones(run: Running) -> None:
    elapsed = len(list(billed_hours([run], "elapsed")))
    clock = len(list(billed_hours([run], "clock")))
    assert elapsed == -(-(run.end - run.start) // HOUR)
    assert elapsed <= clock <= elapsed + 1


@given(st.lists(RUN, max_size=6))
def test_no_hour_of_the_clock_is_billed_twice(runs: list[Running]) -> None:
    ordered = sorted(runs, key=lambda run: (run.start, run.end))
    hours = list(billed_hours(ordered, "clock"))
    assert len(hours) == len(set(hours))
    assert all(hour % HOUR == 0 for hour in hours)


@settings(max_examples=40)
@given(st.integers(0, 119), st.lists(st.integers(1, 30), max_size=4))
def test_a_month_cut_into_days_has_the_same_hours(index: int, cuts: list[int]) -> None:
    fleet = FLEETS[index % 2]
    desktop = fleet.original(index // 2)
    start, end = month_span(MARCH)
    edges = [start, *(start + DAY * day for day in sorted(set(cuts))), end]

    def hours(first: int, last: int) -> list[int]:
        return [at for at in billed_hours(fleet.runs(desktop, first, last), "elapsed")
                if first <= at < last]  # fmt: skip

    parts = [at for pair in pairwise(edges) for at in hours(*pair)]
    if fleet.running_mode(desktop, start) == "AUTO_STOP" and not drawn_switches(desktop):
        assert parts == hours(start, end)


def regime(mode: RunningMode, start: int, end: int) -> Regime:
    return Regime(start, end, mode, 60)


START, END = month_span(MARCH)
TENTH = START + 9 * DAY + 5 * HOUR


def test_always_on_is_one_month_and_auto_stop_one_fee_and_hours() -> None:
    billing = bill_month(MARCH, [regime("ALWAYS_ON", START, END)], None, "prorated")
    assert [(one.basis, one.share) for one in billing.charges] == [("month", Decimal(1))]
    assert billing.hourly is None
    billing = bill_month(MARCH, [regime("AUTO_STOP", START, END)], None, "prorated")
    assert [(one.basis, one.share) for one in billing.charges] == [("fee", Decimal(1))]
    assert billing.hourly == (START, END)


def test_a_switch_to_always_on_is_billed_at_once_on_top_of_the_fee() -> None:
    modes = [regime("AUTO_STOP", START, TENTH), regime("ALWAYS_ON", TENTH, END)]
    billing = bill_month(MARCH, modes, None, "prorated")
    fee, rest = billing.charges
    assert (fee.basis, fee.share) == ("fee", Decimal(1))
    assert (rest.basis, rest.at) == ("month", TENTH)
    assert rest.share == (Decimal(22) / 31).quantize(Decimal("0.000001"))
    assert billing.hourly == (START, TENTH)


def test_a_switch_to_auto_stop_is_billed_from_the_next_month_on() -> None:
    modes = [regime("ALWAYS_ON", START, TENTH), regime("AUTO_STOP", TENTH, END)]
    billing = bill_month(MARCH, modes, None, "prorated")
    assert [(one.basis, one.share) for one in billing.charges] == [("month", Decimal(1))]
    assert billing.hourly is None


@pytest.mark.parametrize(("rule", "share"), [("prorated", Decimal("0.709677")), ("full", 1)])
def test_the_first_month_follows_its_rule(rule: str, share: Decimal) -> None:
    billing = bill_month(MARCH, [regime("ALWAYS_ON", TENTH, END)], TENTH, rule)  # type: ignore[arg-type]
    assert [one.share for one in billing.charges] == [share]


def test_over_and_back_within_a_month_is_billed_once_by_the_month() -> None:
    later = TENTH + 5 * DAY
    modes = [regime("AUTO_STOP", START, TENTH), regime("ALWAYS_ON", TENTH, later),
             regime("AUTO_STOP", later, END)]  # fmt: skip
    billing = bill_month(MARCH, modes, None, "prorated")
    assert [one.basis for one in billing.charges] == ["fee", "month"]
    assert billing.hourly == (START, TENTH)


def test_sums_are_what_the_single_lines_add_up_to() -> None:
    bill = Bill()
    for as_of in (START + 5 * DAY + 7 * HOUR, START + 20 * DAY, END + 3 * DAY, LATER):
        summed = {line.key: (line.quantity, line.cost) for line in bill.month(FLEETS, MARCH, as_of)}
        single = summed_up(bill.month_by_resource(FLEETS, MARCH, as_of))
        assert summed == {line.key: (line.quantity, line.cost) for line in single}


def test_the_total_does_not_depend_on_what_it_is_grouped_by() -> None:
    lines = Bill().month(FLEETS, MARCH, LATER)
    for member in ("day", "usage_type", "region", "record"):
        groups: dict[object, Decimal] = defaultdict(Decimal)
        for line in lines:
            groups[getattr(line, member)] += line.cost
        assert sum(groups.values()) == total(lines)


def test_clock_hours_cost_at_least_as_much_for_single_stretches() -> None:
    bill = {
        rounding: sum(
            line.quantity
            for line in SiteUsage(FLEETS[0], BillingRules(rounding=rounding)).lines(MARCH)
            if line.usage_type.endswith("AutoStop-Usage")
        )
        for rounding in ("elapsed", "clock")
    }
    assert bill["elapsed"] < bill["clock"] < bill["elapsed"] * Decimal("1.3")


def test_hours_billed_are_the_running_hours_rounded_up() -> None:
    fleet = FLEETS[0]
    by_desktop: dict[str, Decimal] = defaultdict(Decimal)
    for line in SiteUsage(fleet, NOBODY).lines(MARCH):
        if line.usage_type.endswith("AutoStop-Usage"):
            by_desktop[str(line.resource).rpartition("/")[2]] += line.quantity
    for desktop in fleet.desktops():
        if desktop.running_mode == "AUTO_STOP" and not drawn_switches(desktop):
            runs = [run for run in fleet.runs(desktop, START, END) if run.start >= START]
            hours = sum(-(-(run.end - run.start) // HOUR) for run in runs)
            if all(run.end <= END for run in runs) and desktop.abnormal_state is None:
                before = sum(
                    len([at for at in billed_hours([run], "elapsed") if at >= START])
                    for run in fleet.runs(desktop, START, END) if run.start < START
                )  # fmt: skip
                assert by_desktop[desktop.id] == hours + before


def test_yesterday_is_partial_and_the_day_before_whole() -> None:
    bill, now = Bill(), START + 18 * DAY + 8 * HOUR
    told = {day: total([line for line in bill.month(FLEETS, MARCH, now) if line.day == day])
            for day in (date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 19))}  # fmt: skip
    bill.set_rules(NOBODY)
    final = {day: total([line for line in bill.month(FLEETS, MARCH, LATER) if line.day == day])
             for day in told}  # fmt: skip
    assert told[date(2026, 3, 19)] == 0
    assert 0 < told[date(2026, 3, 18)] < final[date(2026, 3, 18)] * Decimal("0.8")
    assert abs(told[date(2026, 3, 17)] - final[date(2026, 3, 17)]) < final[date(2026, 3, 17)] / 10


def test_lines_are_corrected_and_vanish_and_are_final_from_the_seventh() -> None:
    bill = Bill()
    early = {line.key: line.quantity for line in bill.month(FLEETS, MARCH, END + DAY)
             if line.record == "Usage"}  # fmt: skip
    final = final_from(MARCH)
    late = {line.key: line.quantity for line in bill.month(FLEETS, MARCH, final)
            if line.record == "Usage"}  # fmt: skip
    assert final == midnight(date(2026, 4, 7))
    vanished = set(early) - set(late)
    changed = [key for key in late if key in early and early[key] != late[key]]
    assert vanished
    assert changed
    for later in (DAY, 30 * DAY, 300 * DAY):
        again = bill.month(FLEETS, MARCH, final + later)
        assert {line.key: line.quantity for line in again if line.record == "Usage"} == late


def test_corrections_can_be_switched_off() -> None:
    bill = Bill()
    bill.set_rules(NOBODY)
    early = [line for line in bill.month(FLEETS, MARCH, END + DAY) if line.day.day < 30]
    late = [line for line in bill.month(FLEETS, MARCH, LATER) if line.day.day < 30]
    assert [line for line in early if line.record == "Usage"] == [
        line for line in late if line.record == "Usage"
    ]


def test_credits_refunds_and_tax_are_lines_of_their_own() -> None:
    bill = Bill()
    bill.set_rules(BillingRules(refund_share=1))
    lines = bill.month(FLEETS, MARCH, LATER)
    records = {line.record for line in lines}
    assert records == {"Usage", "Credit", "Refund", "Tax"}
    (tax,) = [line for line in lines if line.record == "Tax"]
    taxed = sum(line.net for line in lines if line.record != "Tax")
    assert tax.cost == (taxed * Decimal("0.19")).quantize(Decimal("0.01"))
    assert all(line.cost < 0 for line in lines if line.record in {"Credit", "Refund"})


def test_net_costs_are_five_percent_lower() -> None:
    usage = [line for line in Bill().month(FLEETS, MARCH, LATER)
             if line.record == "Usage" and line.service == "Amazon WorkSpaces"]  # fmt: skip
    assert all(line.net == line.cost * Decimal("0.95") for line in usage)


def test_calls_change_the_bill_from_their_instant_on() -> None:
    (fleet, _), bill = fleets(), Bill()
    bill.set_rules(NOBODY)
    desktop = next(d for d in fleet.desktops() if d.running_mode == "AUTO_STOP"
                   and not drawn_switches(d) and d.abnormal_state is None)  # fmt: skip
    before = total(bill.month([fleet], MARCH, LATER))
    fleet.note_power(desktop, Intervention(START + 3 * HOUR, "start"))
    started = total(bill.month([fleet], MARCH, LATER))
    fleet.switch(desktop, Switch(TENTH, "ALWAYS_ON", 60))
    switched = bill.month_by_resource([fleet], MARCH, LATER)
    own = [line for line in switched if str(line.resource).endswith(desktop.id)]
    assert started > before
    assert any(line.day == date(2026, 3, 10) and line.unit == "Month" for line in own)
    assert all(line.day < date(2026, 3, 11) for line in own)


def test_a_terminated_desktop_is_billed_until_its_end() -> None:
    (fleet, _), bill = fleets(), Bill()
    desktop = next(d for d in fleet.desktops() if d.persona.name == "steady")
    fleet.terminate(desktop, TENTH, TENTH + 300)
    assert desktop.id not in fleet.listing(TENTH + 900)
    lines = bill.month_by_resource([fleet], MARCH, LATER)
    own = [line for line in lines if str(line.resource).endswith(desktop.id)]
    assert own
    assert max(line.day for line in own) <= date(2026, 3, 10)
    april = bill.month_by_resource([fleet], date(2026, 4, 1), LATER)
    assert not [line for line in april if str(line.resource).endswith(desktop.id)]


def test_the_bill_is_what_it_always_was() -> None:
    """Whoever changes this sum changes what every engine is compared with."""
    bill = Bill()
    bill.set_rules(NOBODY)
    assert str(total(bill.month(FLEETS, MARCH, LATER)).quantize(Decimal("0.01"))) == "13037.31"


def test_hours_of_pools_lie_in_their_month_and_none_is_lost_over_its_end() -> None:
    fleet = SiteFleet(Site(7, "111111111111", "us-west-2", 0, 3, 3))
    usage, april = SiteUsage(fleet, NOBODY), date(2026, 4, 1)
    march_lines, april_lines = (
        [line for line in usage.lines(month) if line.usage_type.endswith("-Usage")]
        for month in (MARCH, april)
    )
    assert all(line.day < april for line in march_lines)
    assert all(line.day >= april for line in april_lines)
    begun_before = [
        one
        for pool in pools_of(fleet.site)
        for one in pool_sessions(pool, midnight(april), midnight(april) + 3600)
        if one.session.start < midnight(april) and one.session.end > midnight(april) + 3600
    ]
    assert begun_before, "no session goes on over the end of March"
    first = [line for line in april_lines if line.day == april and "Pools" in line.usage_type]
    assert sum(line.quantity for line in first) >= len(begun_before)


def test_days_are_utc_days() -> None:
    for line in SiteUsage(FLEETS[0], NOBODY).lines(MARCH):
        assert MARCH <= line.day < MARCH + timedelta(days=31)
    assert datetime.fromtimestamp(START, UTC).day == 1


def test_a_month_is_kept_until_fleet_or_rules_or_what_was_told_change() -> None:
    bill, ours = Bill(), fleets()
    first = bill.month(ours, MARCH, LATER)
    assert bill.month(ours, MARCH, LATER) is first
    assert bill.month(fleets(), MARCH, LATER) == first
    assert bill.month(ours, MARCH, midnight(date(2026, 3, 20))) != first
    ours[0].add(3)
    grown = bill.month(ours, MARCH, LATER)
    assert total(grown) > total(first)
    bill.set_rules(BillingRules(discount=Decimal("0.5")))
    cheaper = bill.month(ours, MARCH, LATER)
    assert sum(line.net for line in cheaper) < sum(line.net for line in grown)
