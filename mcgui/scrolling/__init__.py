"""What scrolls in both windows: how it ends at its edges."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["whole_rows"]
