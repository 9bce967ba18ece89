"""The panel of the environment: its open files, what they are kept by, and what changes them from outside."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "editor_page",
    "environment_panel",
    "environment_state",
    "recovery",
    "saved_session",
    "traceback_lines",
]
