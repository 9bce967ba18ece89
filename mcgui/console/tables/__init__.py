"""What all tables of the window have in common."""
