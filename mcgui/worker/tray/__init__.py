"""The icon in the system tray, its menu, and what the desktop is told."""
