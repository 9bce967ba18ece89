"""The chaos run, short: real processes, and every act of the adversary at least once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.schedule import DECK


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither kill -9 nor SIGSTOP")
@pytest.mark.timeout(300)
def test_a_cluster_survives_a_short_chaos_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.chaos", "--seed", "1", "--tasks", "2000", "--haste", "5", "--seconds", "5",
            "--keep", str(tmp_path / "kept"),
        ],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "All is as promised." in done.stdout
    assert re.search(r"in the journal +2,000 tasks, 2,000 outcomes", done.stdout)
    assert re.search(r"^what the liar said .*refused \d", done.stdout, re.MULTILINE)
    assert re.search(r"^what the babbler said .*hung up \d", done.stdout, re.MULTILINE)
    for verb, noun in (act.split() for act in DECK):
        assert re.search(rf"^(?=.*\b{noun if noun != 'connections' else verb}\b).*\d", done.stdout, re.MULTILINE)
