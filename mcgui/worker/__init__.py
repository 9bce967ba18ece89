"""The tray worker: joins this computer to a cluster, and shows its owner what it does there."""

#: Modules that the rest of the house uses.
__all__: list[str] = []
