"""What goes into the master's store from who is on its computer, and what travels."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcgui_core.protocol.messages import Block, Stored
from mcgui_core.values.local_store import WORTH_A_PLACE, LocalStore, store_digest
from mcgui_core.values.value_file import LARGE, ValueFile, slice_of


def blocks(*sizes: int) -> Iterator[Block]:
    return (Block(number, 1, bytes(size)) for number, size in enumerate(sizes))


def test_what_is_large_lies_in_a_file_and_what_comes_after_much_that_was_small(tmp_path: Path) -> None:
    (tmp_path / "probe").write_text("secret", encoding="ascii")
    store = LocalStore(lambda: (str(tmp_path), "probe", store_digest("secret")))
    half = LARGE // 2
    for sizes, places in (
        ((half, LARGE, 10), (False, True, False)),
        ((half, half, half, WORTH_A_PLACE - 1, WORTH_A_PLACE), (False, False, True, False, True)),
    ):
        kept = list(store.putting(blocks(*sizes), "data"))
        assert tuple(isinstance(block.data, Stored) for block in kept) == places
        for block, size in zip(kept, sizes, strict=True):
            assert bytes(store.opened(block, "data").data) == bytes(size)


def test_of_a_value_that_the_disk_has_no_room_for_nothing_stays_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = ValueFile.write

    def short_of_room(self: ValueFile, data: Any) -> int:
        if self.size + len(data) <= 2 * LARGE:
            return write(self, data)
        write(self, data[: 2 * LARGE - self.size])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ValueFile, "write", short_of_room)
    with ValueFile(tmp_path) as file:
        first = file.put(b"a" * (LARGE + 1))
        with pytest.raises(OSError, match="No space"):
            file.put(b"b" * LARGE)
        last = file.put(b"c" * 1000)
    assert file.path.stat().st_size == last.start + 1000 < LARGE + 2000
    assert bytes(slice_of(tmp_path, first)) == b"a" * (LARGE + 1)
    assert bytes(slice_of(tmp_path, last)) == b"c" * 1000
