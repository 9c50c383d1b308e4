"""The control interface under `/_standin/`: makes fleets, sets clocks, breaks things, tells truth.

In: JSON with camelCase names, closed (an unknown field is an error that names it). Out: JSON, or
JSON lines as a stream. `endpoints` lists what there is. Deliberately absent: authentication;
whoever reaches the address rules the stand-in.
"""
