"""A local stand-in for the AWS APIs that deskfleet reads.

Map: `server` and `application` take HTTP, `control` answers `/_standin/`, `gateway` answers AWS
requests: `protocol` reads and writes the wire, `contract` checks both ways against botocore's
models, `traffic` throttles, breaks and logs, `services` hold the operations, `fleet` makes the
desktops and their users' sessions from a seed. `world` holds all state of one server.
"""

import zoneinfo

# The pinned tzdata package alone decides time zones, so that sessions agree on every machine.
zoneinfo.reset_tzpath(to=())
