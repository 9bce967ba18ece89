"""What tasks print and what happens, as one log."""
