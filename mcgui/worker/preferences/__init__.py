"""What the owner prefers, and whether the worker starts at login."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["login_item", "preferences_dialog"]
