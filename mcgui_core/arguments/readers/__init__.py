"""A reader for each kind of file that arguments come from, and what they have in common."""
