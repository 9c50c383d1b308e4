"""Metrics of desktops as CloudWatch keeps them, computed when asked for and stored nowhere.

`catalogue` names them, `arrival` says which slots can be read at an instant, `series` turns the
fleet's evidence into points, `statistics` into the values of periods. Wire and paging are
`services.cloudwatch`'s.
"""
