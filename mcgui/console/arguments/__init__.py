"""The part of the form that loads the arguments: their source, a preview, and whether they fit the function."""
