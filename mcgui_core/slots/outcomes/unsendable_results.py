"""Finds the results that cannot travel, so that their tasks fail alone. Runs in the slot's process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from mcgui_core.base.article import with_article
from mcgui_core.values import pickling
from mcgui_core.values.text import message, type_name


class Unsendable(NamedTuple):
    """A result that cannot travel: its place among the results, the error's type, and what to tell about it."""

    place: int
    type: str
    message: str


def find_unsendable(results: Sequence[Any], limit: int) -> list[Unsendable]:
    """Those that cannot be pickled, or that take more than `limit` bytes. Pickles each by itself, so call it late."""
    found = []
    for place, result in enumerate(results):
        kind = with_article(type_name(type(result)))
        try:
            size = len(pickling.pickled([result]))
        except BaseException as error:  # noqa: BLE001 - what pickles a user's value may raise anything
            why = message(error) or type_name(type(error))
            text = f"the result, {kind}, cannot be pickled: {why}. Return plain values, arrays or dataclasses."
            found.append(Unsendable(place, type_name(type(error)), text))
            continue
        if size > limit:
            text = f"the result, {kind}, is larger than the {limit:,} bytes that can travel. "
            text += "Write it to a file, and return its name."
            found.append(Unsendable(place, "OverflowError", text))
    return found
