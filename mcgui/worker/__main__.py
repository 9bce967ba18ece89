"""`mcgui-worker`, and `python -m mcgui.worker`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mcgui.worker.link_hiding import hide_link_from_process_list


def main(argv: Sequence[str] | None = None) -> int:
    """Run the tray worker until it is quit. Returns the exit status."""
    if argv is None:
        hide_link_from_process_list(sys.argv[1:])
    from mcgui.worker import app

    return app.main(argv)


if __name__ == "__main__":
    sys.exit(main())
