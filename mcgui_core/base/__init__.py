"""What everything else stands on: ranges, rates, sizes, the clock. Imports nothing of ours but the errors."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "article",
    "clock",
    "exposed",
    "listing",
    "pickle_check",
    "private_file",
    "ranges",
    "rates",
    "sizes",
    "this_computer",
    "user_folders",
    "utf8_text",
    "version",
]
