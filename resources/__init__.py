"""Examples and icons, found through `importlib.resources.files("mcgui_resources")`."""
