"""The contract: botocore's service models, and checks of requests and answers against them.

`models` finds operations, `inputs` is strict in everything, `outputs` is strict in types, required
and unknown members only, because recorded answers of real AWS break ranges and patterns.
"""
