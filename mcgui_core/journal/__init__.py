"""The journal: jobs, arguments, outcomes, failures and output on disk."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["argument_copies", "journal_file", "stored_job"]
