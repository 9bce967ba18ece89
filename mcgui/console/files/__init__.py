"""Environments, job documents, examples, and files that are dropped."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["document_menus", "documents", "examples", "file_dialogs", "file_drop_handler"]
