"""The master's process: the server, what each connection may ask for, and the hub (scheduler and journal)."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["server"]
