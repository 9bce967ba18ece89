"""The command palette."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["command_palette"]
