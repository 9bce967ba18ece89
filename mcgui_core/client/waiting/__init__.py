"""Waiting for a job: over the absences of its master, and with a word where nothing of it runs."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "idle_reason",
    "patient_client",
]
