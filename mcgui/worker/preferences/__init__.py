"""What the owner prefers, and whether the worker starts at login."""
