"""The environment: its editor, the open files, and what is known of the source."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["editor_actions", "editor_marks", "find_bar", "go_to_bar", "indentation"]
