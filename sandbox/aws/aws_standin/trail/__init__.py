"""What CloudTrail knows: who did what to a fleet, as events of one account and region.

`people` are those who act. `consequences` are the events that explain the fleet's truth (starts,
stops, switches, creations), `routine` the daily rest, `hostile` what a reader must survive; all
three are drawn from the seed. `journal` holds the calls the stand-in itself answered. `lookup`
puts them together in order of time, `delivery` says when each can be seen, `rendering` writes
records as CloudTrail does, `rules` are what a test may change.
"""
