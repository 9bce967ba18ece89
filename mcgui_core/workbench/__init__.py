"""The child process for the user's code on this computer, and the one in which a single task is tried."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["code_difference"]
