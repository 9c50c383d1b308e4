"""What a fleet costs: prices, usage, the bill, and how each becomes known bit by bit.

`price_book` holds prices (data: `prices.json`) and names them as AWS does, `products` shows them
as the Price List does. `usage` turns running desktops into hours, months and gigabytes, `lines`
into money, `adjustments` adds credits, refunds, tax and discounts. `visibility` says which lines a
provider has told by an instant, and how they read then. Money is Decimal; days are UTC.
"""
