"""Try one: the function on one argument, on this computer."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["trial_controller", "try_one"]
