"""Try one: the function on one argument, on this computer."""
