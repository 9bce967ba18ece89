"""The console: the window in which jobs are written, run and watched."""

#: Modules that the rest of the house uses.
__all__: list[str] = []
