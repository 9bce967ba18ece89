"""What a person prefers."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["preference_applier"]
