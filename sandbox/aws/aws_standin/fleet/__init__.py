"""The generated fleet: desktops, directories, bundles, people and their sessions, from a seed.

`spec` says what is wanted, `draws` makes choices reproducible, `personas`, `sessions` and
`lifecycle` are the pure model of use, `desktops`, `directories` and `bundles` the things
themselves, `store` the fleet of one account and region with what was changed since, `ledger` the
whole truth as JSON lines.
"""
