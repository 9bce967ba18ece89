"""What is known of the source while it is typed: problems, completion, signatures."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "completion_control",
    "problem",
    "problem_marks",
    "source_analysis",
    "source_checker",
    "status_button",
]
