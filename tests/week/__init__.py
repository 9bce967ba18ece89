"""A week of a real worker and a real master in a few minutes; `make week` runs it."""
