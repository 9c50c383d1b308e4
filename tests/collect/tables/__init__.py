"""What each table must hold, a module a table or a few that belong together.

Every function takes the `History` and gives rows by key. `catalogue` lists them all.
"""
