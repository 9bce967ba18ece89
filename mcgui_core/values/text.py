"""What the user's values and exceptions say, as text: also where they raise as they are asked.

Light, because every slot imports it. Everything of the user's is called under `except BaseException`: his `__repr__`
may raise anything, `SystemExit` included, and must end neither a slot nor a window.
"""

from __future__ import annotations

import re
import reprlib
import traceback
from typing import Any

from mcgui_core.base.utf8_text import utf8_text
from mcgui_core.values.exception_fields import traceback_of
from mcgui_core.values.pickling import ENVIRONMENT_PREFIX

#: Characters kept of a traceback, of a message, and of the repr of an argument.
TRACEBACK_LIMIT, MESSAGE_LIMIT, ARGUMENT_LIMIT = 20_000, 4_000, 200


def error_text(error: BaseException, *files: str) -> tuple[str, str, str]:
    """What `error` says, in builtins, so that it travels: its type, its message, its traceback.

    The traceback begins below the frames of `files`, which called the user's code.
    """
    return type_name(type(error)), message(error), trace(error, *files)


def short(value: Any) -> str:
    """`repr(value)`, shortened to ARGUMENT_LIMIT characters, also where that raises."""
    try:
        return utf8_text(as_users_say(_REPR.repr(value))[:ARGUMENT_LIMIT])
    except BaseException as error:
        return f"<{type(value).__name__} whose repr raises {type(error).__name__}>"


def message(error: BaseException) -> str:
    """`str(error)`, of which MESSAGE_LIMIT characters are kept, also where that raises."""
    try:
        return utf8_text(as_users_say(str(error)[:MESSAGE_LIMIT]))
    except BaseException as second:
        return f"(its message cannot be shown: {type(second).__name__})"


def summary(error: BaseException) -> str:
    """Such as "ValueError: no ratio", or "KeyboardInterrupt" where there is no message."""
    text = message(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def trace(error: BaseException, *files: str) -> str:
    """The traceback as text, without its middle where it is longer than TRACEBACK_LIMIT characters.

    It begins at the first frame that is in none of `files` (as `__file__` names them): that is the user's own.
    """
    first = traceback_of(error)
    while first is not None and first.tb_frame.f_code.co_filename in files:
        first = first.tb_next
    try:
        text = "".join(traceback.format_exception(type(error), error, first))
    except BaseException as second:
        text = f"{type_name(type(error))} (its traceback cannot be shown: {type(second).__name__})"
    return cut(utf8_text(as_users_say(text)), TRACEBACK_LIMIT, between="\n")


def as_users_say(text: str) -> str:
    """The text without the names that modules of environments have here: Python puts them before the names of functions
    ("f() argument after ** must be a mapping") and of classes, and into what it says of the module itself."""
    if ENVIRONMENT_PREFIX not in text:
        return text
    return _OUR_MODULE.sub("the environment", _OUR_PACKAGE.sub("", text))


def type_name(kind: type) -> str:
    """Such as "ValueError", "zlib.error", or "MyError" for one of the environment, whose module has a name of ours."""
    module = str(kind.__module__ or "builtins")  # a class may have set it to anything
    bare = module == "builtins" or module.startswith(ENVIRONMENT_PREFIX)
    return kind.__qualname__ if bare else f"{module}.{kind.__qualname__}"


def cut(text: str, most: int, between: str = " ") -> str:
    """The text; where it has more than `most` characters its beginning and its end, `most // 2` of each.

    What is left out is counted in words, which stand `between` the two: in the same line, or with "\\n" in their own.
    """
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}{between}{left_out(len(text) - 2 * half)}{between}{text[-half:]}"


def left_out(count: int) -> str:
    """What stands where the middle of a long text was: "... 1,234 characters left out ..."."""
    return f"... {count:,} characters left out ..."


_OUR_PACKAGE = re.compile(rf"\b{ENVIRONMENT_PREFIX}\w*\.")
_OUR_MODULE = re.compile(rf"'?\b{ENVIRONMENT_PREFIX}\w*'?")


class _Repr(reprlib.Repr):
    """Numbers of NumPy as people write them: 2.5, not np.float64(2.5). By name, since it need not be installed."""

    def _number(self, value: Any, level: int) -> str:
        return str(value) if type(value).__module__ == "numpy" else self.repr_instance(value, level)

    repr_float16 = repr_float32 = repr_float64 = repr_longdouble = _number
    repr_int8 = repr_int16 = repr_int32 = repr_int64 = repr_uint8 = repr_uint16 = repr_uint32 = repr_uint64 = _number
    repr_bool = repr_bool_ = repr_complex64 = repr_complex128 = _number


_REPR = _Repr()
_REPR.maxstring = _REPR.maxother = ARGUMENT_LIMIT
_REPR.maxdict = _REPR.maxlist = _REPR.maxtuple = 10
_REPR.maxlong = 60
