"""The worker behind tray and panel: its agent, what it did, and what it remembers."""
