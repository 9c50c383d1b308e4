"""The operations, a folder or file a service; `catalogue` lists them all."""
