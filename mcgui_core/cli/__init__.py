"""The command `mcgui-core`."""
