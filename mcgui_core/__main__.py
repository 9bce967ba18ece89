"""`python -m mcgui_core`: as `mcgui-core`, where that command is not on the path."""

from __future__ import annotations

import sys

from mcgui_core.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
