"""The command `mcgui-core`."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["entry"]
