"""How far the jobs are, and how long they will take."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["progress_line", "progress_strip"]
