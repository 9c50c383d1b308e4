"""AWS's wire formats, a file each: `aws_json`, `cbor`, `query`, `rest_json`.

Every format reads parameters from a body and writes an answer or an error; times are UTC seconds on
the inner side. `protocol` chooses the format of a request. `query_codes` holds the names that
errors of services with a past in the query format have there.
"""
