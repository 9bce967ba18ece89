"""What a node has to do and what it has to report: chunks and their arguments, outcomes, and how long tasks take."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["leases_and_reports"]
