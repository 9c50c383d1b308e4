"""Tests of the stand-in, against its own model, AWS's model, and AWS's published examples."""
