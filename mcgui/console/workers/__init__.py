"""The panel of workers, and how computers join."""
