"""The options that say how a file of results is written."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_output_options(command: argparse.ArgumentParser) -> None:
    """Where the results that are files go, and how the file of the others is written."""
    command.add_argument(
        "--output-folder",
        type=Path,
        metavar="FOLDER",
        help="a new folder for results that are files (bytes, pictures, figures), each under its name",
    )
    command.add_argument(
        "--arguments",
        choices=("short", "all", "none"),
        default="short",
        dest="exported_arguments",
        help="which arguments are written: those that are short, so not the content of files (the default), all, none",
    )
    command.add_argument(
        "--exact",
        action="store_true",
        help="CSV for programs: text as it is, without the byte-order mark and the apostrophes that Excel needs",
    )
    command.add_argument(
        "--decimal-comma",
        action="store_true",
        help="CSV with numbers as 1,5 and semicolons between columns: for Excel in German, French, Spanish and others",
    )
    command.add_argument(
        "--trust-workers",
        action="store_true",
        help="open whatever the workers sent, which may run code of theirs as you; remembered for this master. Without "
        "it, results that are more than data are left closed",
    )
