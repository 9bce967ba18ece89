"""What a script defines: it travels with its code, and a task finds it by the names that it has in the script."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["code_pickler", "script_main"]
