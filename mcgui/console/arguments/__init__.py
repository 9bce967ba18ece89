"""The part of the form that loads the arguments: their source, a preview, and whether they fit the function."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["argument_kinds", "argument_look", "arguments_section", "labelled_choice"]
