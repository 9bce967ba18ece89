"""Results that are files: what a task returned as bytes, a picture or a figure, in a folder under its name."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["file_names", "folder_writer"]
