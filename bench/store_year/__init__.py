"""A year of a fleet, written into Postgres as syncs would write it."""
