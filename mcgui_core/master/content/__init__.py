"""Files of projects, by content: where the master keeps them, and what clients and nodes ask of them."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["content_service", "content_store"]
