"""Calls to a master as they travel: typed data (MessagePack), which nobody can make run anything."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["call_codec"]
