"""The options of `mcgui-core run` that say how the tasks of a job are run: made from `RunOptions`, one for each."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from mcgui_core.errors import BadInput
from mcgui_core.protocol.option_kinds import Bytes, Choice, FunctionName, OptionKind, Seconds, YesNo
from mcgui_core.protocol.run_options import DEFAULTS, OPTIONS, option_from_text


def add_run_options(command: argparse.ArgumentParser) -> None:
    """Add the options; `given_options` reads them."""
    group = command.add_argument_group("how its tasks are run", "What a job document says, these may say otherwise.")
    for name, kind in OPTIONS.items():
        flag, text = f"--{name.replace('_', '-')}", f"{kind.text} ({_default(name, kind)})"
        if isinstance(kind, YesNo):
            group.add_argument(flag, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS, help=text)
        elif isinstance(kind, Choice):
            group.add_argument(flag, choices=kind.choices, default=argparse.SUPPRESS, help=text)
        else:
            words = {Seconds: "SECONDS", Bytes: "SIZE", FunctionName: "FUNCTION"}
            metavar = words.get(type(kind), "N")
            group.add_argument(flag, type=_reader(name), metavar=metavar, default=argparse.SUPPRESS, help=text)


def given_options(options: argparse.Namespace) -> dict[str, Any]:
    """The options that were given, by name, as they are kept."""
    return {name: getattr(options, name) for name in OPTIONS if hasattr(options, name)}


def _default(name: str, kind: OptionKind) -> str:
    if name == "call":
        return "default: as its arguments fit best"
    value = DEFAULTS[name]
    if value is None:
        return f"default: {getattr(kind, 'none', '')}"
    return f"default: {value}" if not isinstance(value, bool) else f"default: {'yes' if value else 'no'}"


def _reader(name: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return option_from_text(name, text)
        except BadInput as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read
