"""The owner's limits, as the panel and the preferences show them."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["limit_words", "limits_card", "schedule_table", "week_picture"]
