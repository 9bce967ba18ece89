"""The master that the window shows: its own, or one that runs elsewhere."""
