"""What a computer's owner allows: limits, schedule, idle time, battery, priority; and who enforces it."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "keep_awake",
    "limit_enforcer",
    "limits_as_dict",
    "limits_file",
    "program_list",
    "weekly_schedule",
]
