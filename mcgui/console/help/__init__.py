"""Help: the guide, the keyboard shortcuts, what is new, and what to put into a report."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["help_controller"]
