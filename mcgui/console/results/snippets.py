"""Python that loads results: to be pasted into a script or a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_READERS: Final = {
    "csv": (
        "import csv\n\n"
        "with open({path!r}, encoding='utf-8-sig', newline='') as file:\n"
        "    rows = list(csv.DictReader(file))  # index, argument, result, error; each as text\n"
    ),
    "jsonl": (
        "import json\n\n"
        "with open({path!r}, encoding='utf-8') as file:\n"
        "    rows = [json.loads(line) for line in file]  # dicts: index, argument, and result or error\n"
    ),
    "parquet": (
        "import pyarrow.parquet\n\n"
        "table = pyarrow.parquet.read_table({path!r})  # index, argument, result (or result.NAME, each), error\n"
        "rows = table.to_pylist()\n"
    ),
    "npy": (
        "import numpy\n\n"
        "table = numpy.load({path!r}, mmap_mode='r')  # failed tasks are left out\n"
        "print(table.dtype.names)  # index, argument, result (or result.NAME, each)\n"
    ),
    "xlsx": (
        "import openpyxl\n\n"
        "sheet = openpyxl.load_workbook({path!r}, read_only=True).active\n"
        "titles, *rows = sheet.iter_rows(values_only=True)  # index, argument, result, error\n"
    ),
    "folder": (
        "from pathlib import Path\n\n"
        "files = sorted(Path({path!r}).rglob('*'))  # index.csv says which task each is of\n"
    ),
    "pickle": (
        "import pickle\n\n"
        "with open({path!r}, 'rb') as file:\n"
        "    table = pickle.load(file)  # lists: index, argument, result, error\n"
        "results = table['result']\n"
    ),
}


def from_file(path: Path, kind: str) -> str:
    """Reads a file that was exported."""
    return _READERS[kind.partition("-")[0]].format(path=str(path))


def from_master(job: int) -> str:
    """Asks the master that runs. Its link holds a key, and a key belongs in no script."""
    return (
        "import os\n\n"
        "from mcgui_core import Cluster\n\n"
        '# MCGUI_LINK holds the console link ("Copy the console link"). It has a key in it: keep it out of scripts.\n'
        "with Cluster.connect(os.environ['MCGUI_LINK']) as cluster:\n"
        f"    job = cluster.job({job})\n"
        "    results = job.results(return_exceptions=True)  # in the order of the arguments\n"
    )


def from_journal(path: Path, job: int) -> str:
    """Opens the journal, which belongs to one master at a time."""
    return (
        "from mcgui_core import Master\n\n"
        "# While no other master (such as the console's) has this journal open.\n"
        f"with Master(journal={str(path)!r}, look=True) as master:\n"
        f"    job = master.job({job})\n"
        "    results = job.results(return_exceptions=True)  # in the order of the arguments\n"
    )
