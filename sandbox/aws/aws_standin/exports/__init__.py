"""Data Exports (CUR 2.0): the bill as files in a bucket, as AWS delivers it.

In: lines of the ledger. Out: objects, named and described by a manifest as AWS does it. `columns`
is the table, `tables` the two file formats, `delivery` names and manifests, `command` the way from
a running stand-in into a bucket, `object_store` the server of such buckets on this machine.
"""
