"""What holds for every test: nothing is left behind (`tests/leaks.py`), and properties have no stopwatch."""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["pytester", "tests.leaks"]

# A machine that is busy with something else makes one example slow now and then; that is no fault of the property.
# `timeout` in pyproject.toml still ends what hangs.
settings.register_profile("mcgui", deadline=None, print_blob=True)
settings.load_profile("mcgui")
