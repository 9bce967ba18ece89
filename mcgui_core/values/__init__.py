"""The user's own values: pickled, weighed, shown, and opened as far as they can be."""
