"""What the installed command starts: Ctrl+C ends it without a traceback, also while it is still being imported."""

from __future__ import annotations


def main() -> int:
    """`mcgui-core`. Returns its exit code."""
    try:
        from mcgui_core.cli.main import main as command

        return command()
    except KeyboardInterrupt:
        return 130
