"""What holds for every test: nothing is left behind (`tests/leaks.py`), and properties have no stopwatch."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import Phase, settings

# Not the user's own: tests leave links, known masters, certificates and files of projects there. For all processes that they start, too.
_data = tempfile.TemporaryDirectory(prefix="mcgui-tests-data-")
os.environ["XDG_DATA_HOME"] = _data.name
os.environ["XDG_CACHE_HOME"] = str(Path(_data.name, "cache"))

pytest_plugins = ["pytester", "tests.leaks"]

# A machine that is busy with something else makes one example slow now and then; that is no fault of the property.
# `timeout` in pyproject.toml still ends what hangs.
settings.register_profile("mcgui", deadline=None, print_blob=True, max_examples=50)
settings.register_profile("long", settings.get_profile("mcgui"), max_examples=1000)  # MCGUI_LONG=1
# Making a failing example small may take minutes, which CI does not have: it prints how to repeat the example instead.
settings.register_profile("ci", settings.get_profile("mcgui"), phases=set(Phase) - {Phase.shrink, Phase.explain})
settings.load_profile("long" if os.environ.get("MCGUI_LONG") else "ci" if os.environ.get("CI") else "mcgui")
