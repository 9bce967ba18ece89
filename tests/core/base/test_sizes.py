"""Numbers of bytes as people write them."""

from __future__ import annotations

import pytest

from mcgui_core.base.sizes import parse_bytes
from mcgui_core.errors import BadInput


@pytest.mark.parametrize(
    ("text", "number"),
    [("2 GB", 2 * 10**9), ("500MB", 500 * 10**6), ("1.5g", 1_500_000_000), ("1 GiB", 1 << 30), ("77", 77), (77, 77)],
)
def test_an_amount_is_read(text: int | str, number: int) -> None:
    assert parse_bytes(text) == number


@pytest.mark.parametrize("text", ["", "much", "2 XB", "-1 GB", "0", 0, -5, True, "nan", "1e3", "0.1"])
def test_what_is_no_amount_is_refused_with_an_example(text: int | str) -> None:
    with pytest.raises(BadInput, match=r"Write it as 2 GB, 500 MB, or a number of bytes\."):
        parse_bytes(text)
