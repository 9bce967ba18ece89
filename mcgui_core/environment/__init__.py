"""The environment: what its source defines, found by reading it; and the one place that runs it."""
