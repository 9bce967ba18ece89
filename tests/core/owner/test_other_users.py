"""Users of one computer whose workers share its processors: by processes of another user."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mcgui_core.owner.other_users import OtherUsers
from mcgui_core.processes.child_commands import module_command
from tests.waiting import until

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="starts processes as another user, which only root may"
)


def test_a_worker_of_another_user_counts_while_it_runs_and_one_of_ours_does_not() -> None:
    users = OtherUsers()
    assert users.count() == 0
    # The command of a worker: what it does beside that is not looked at.
    like_a_worker = ["sh", "-c", "read line", *module_command("mcgui_core.node.agent_main")]
    with subprocess.Popen(like_a_worker, stdin=subprocess.PIPE) as mine:
        with subprocess.Popen(like_a_worker, stdin=subprocess.PIPE, user="nobody") as other:
            until(lambda: users.count() == 1, what="the other user's worker")
            other.communicate(b"\n")
        until(lambda: users.count() == 0, what="that it is gone")
        mine.communicate(b"\n")


def test_another_users_other_programs_do_not_count() -> None:
    with subprocess.Popen(["sh", "-c", "read line", "worker"], stdin=subprocess.PIPE, user="nobody") as other:
        assert OtherUsers().count() == 0
        other.communicate(b"\n")
