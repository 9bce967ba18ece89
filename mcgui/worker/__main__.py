"""`python -m mcgui.worker` is `mcgui-worker`."""

from __future__ import annotations

import sys

from mcgui.worker.app import main

if __name__ == "__main__":
    sys.exit(main())
