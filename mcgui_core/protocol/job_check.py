"""Whether a job's description can be used: asked by the client before anything is sent, and by the master before
anything is written, which trusts no client to have asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from keyword import iskeyword

from mcgui_core.base.article import with_article
from mcgui_core.errors import BadInput
from mcgui_core.protocol.field_types import predicate, wrong_field
from mcgui_core.protocol.messages import Content, JobSpec, ProjectFile, Stored
from mcgui_core.protocol.option_kinds import shown

#: Bytes that a pickled function may have, and characters of an environment's source. A row of the journal holds 10**9
#: bytes, in which a function takes 4/3 of its size (base64), and a character up to 12 bytes (JSON).
FUNCTION_LIMIT, SOURCE_LIMIT = 512 << 20, 64 << 20
#: Characters that a name may have, and a note: they travel with each change of a job to all consoles.
NAME_LIMIT, NOTE_LIMIT = 1_000, 10_000

#: Fields that are text, and those that may be None instead.
_TEXTS = ("name", "environment", "function", "filename", "main", "requires_python", "note", "source")
_TEXTS_OR_NONE = ("reduce", "python")


#: Characters that all requirements together may have.
REQUIREMENTS_LENGTH = 20_000
#: Files that a project may have, and bytes in one of them.
FILES_LIMIT, FILE_BYTES_LIMIT = 10_000, 4 << 30
#: Values that all calls of a job may share.
SHARED_LIMIT = 1_000

#: What a job may ask of the Python that runs it: how much is optimised, which warnings there are, the UTF-8 mode.
INTERPRETER_OPTION = re.compile(r"-OO?|-W[^\0]{1,1000}|-Xutf8=[01]")
#: Such options, at most; words of a command line, and characters of all of these.
OPTIONS_LIMIT, ARGV_LIMIT, ARGV_LENGTH = 100, 10_000, 100_000

_is_files, _is_shared = predicate(tuple[ProjectFile, ...]), predicate(tuple[tuple[str, Content], ...])
_is_words = predicate(tuple[str, ...])
_DIGEST = re.compile(r"[0-9a-f]{64}")


def checked_spec(spec: object) -> JobSpec:
    """The spec with each option as it is kept. Raises BadInput with a sentence about the first thing that is wrong."""
    if not isinstance(spec, JobSpec):
        raise BadInput(f"A job is described by a JobSpec, not by {with_article(type(spec).__name__)}.")
    for name in (*_TEXTS, *_TEXTS_OR_NONE):
        value = getattr(spec, name)
        if not isinstance(value, str) and not (value is None and name in _TEXTS_OR_NONE):
            raise BadInput(f"{name} must be text, not {shown(value)}.")
    for name, limit in (("name", NAME_LIMIT), ("note", NOTE_LIMIT)):
        if len(getattr(spec, name)) > limit:
            raise BadInput(f"{name} has {len(getattr(spec, name)):,} characters, and {limit:,} are the most.")
    if not spec.function:
        raise BadInput("function must be the name of a function, not empty.")
    if spec.expected is not None and not (type(spec.expected) is int and 0 <= spec.expected < 1 << 63):
        raise BadInput(f"expected must be a number of arguments or None, not {shown(spec.expected)}.")
    _check_function(spec)
    if len(spec.environment) > SOURCE_LIMIT:
        raise BadInput(
            f"The environment {spec.filename} has {len(spec.environment):,} characters, and {SOURCE_LIMIT:,} are the "
            "most that can travel. Put data into a file that all workers can read."
        )
    _check_files(spec)
    _check_shared(spec)
    _check_process(spec)
    _check_requirements(spec)
    return spec.checked()


def _check_function(spec: JobSpec) -> None:
    function = spec.pickled_function
    if function is not None and not isinstance(function, bytes | bytearray | memoryview | Stored):
        raise BadInput(f"pickled_function must be bytes, not {with_article(type(function).__name__)}.")
    if isinstance(function, Stored) and (wrong_field(function) or function.size < 0):
        raise BadInput("pickled_function lies nowhere.")
    content = spec.function_content
    if content is not None:
        if function is not None or not isinstance(content, Content):
            raise BadInput("function_content must be the Content of a function that is nowhere else.")
        _check_content("function_content", content)
    if len(function or content or b"") > FUNCTION_LIMIT:
        raise function_too_large(spec.function)


def is_relative(path: str) -> bool:
    """Whether this leads to a place within a folder, on every system."""
    parts = path.split("/")
    return not any(part in ("", ".", "..") for part in parts) and not any(sign in path for sign in "\\\0")


def is_digest(text: str) -> bool:
    """Whether this is a SHA-256, as files of a project are known by."""
    return _DIGEST.fullmatch(text) is not None


def check_shared_names(names: Iterable[object], seed: str | None) -> None:
    """Raises BadInput where values cannot be given to a function by these names."""
    for name in names:
        if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or len(name) > NAME_LIMIT:
            raise BadInput(f"shared must have the names of parameters for its keys, not {shown(name)}.")
        if name == "seed" and seed is not None:
            raise BadInput("seed is given to each call already, so no shared value can have that name.")


def _check_shared(spec: JobSpec) -> None:
    if not _is_shared(spec.shared):
        raise BadInput("shared must be a tuple of names, each with the Content of its value.")
    names = [name for name, _ in spec.shared]
    if len(names) > SHARED_LIMIT or len(set(names)) != len(names):
        raise BadInput(f"shared must have names that differ, and {SHARED_LIMIT:,} of them at most.")
    check_shared_names(names, spec.seed)
    for name, content in spec.shared:
        _check_content(f"The shared value {name}", content)


def _check_process(spec: JobSpec) -> None:
    options, argv = spec.interpreter, spec.argv
    if not _is_words(options) or len(options) > OPTIONS_LIMIT:
        raise BadInput(f"interpreter must be a tuple of options of Python, {OPTIONS_LIMIT:,} at most.")
    for option in options:
        if not INTERPRETER_OPTION.fullmatch(option):
            raise BadInput(f"interpreter may have -O, -OO, -W... and -Xutf8=1, and not {shown(option)}.")
    if not _is_words(argv) or len(argv) > ARGV_LIMIT or sum(map(len, argv)) > ARGV_LENGTH:
        raise BadInput("argv must be a tuple of words, not longer than a command line.")


def _check_content(what: str, content: Content) -> None:
    if wrong_field(content) or not is_digest(content.sha256) or not 0 <= content.size <= FILE_BYTES_LIMIT:
        raise BadInput(f"{what} must be known by a SHA-256, and have {FILE_BYTES_LIMIT:,} bytes at most.")


def _check_requirements(spec: JobSpec) -> None:
    if not _is_words(spec.requirements) or sum(map(len, spec.requirements)) > REQUIREMENTS_LENGTH:
        raise BadInput("requirements must be a tuple of text such as 'numpy>=2', not longer than a few pages.")


def _check_files(spec: JobSpec) -> None:
    if not _is_files(spec.files):
        raise BadInput("files must be a tuple of ProjectFile, each with a path, a size and a SHA-256.")
    if len(spec.files) > FILES_LIMIT:
        raise BadInput(f"The project has {len(spec.files):,} files, and {FILES_LIMIT:,} are the most that can travel.")
    for file in spec.files:
        if not is_relative(file.path):
            raise BadInput(f"path of a file of the project must lead into its folder, not be {shown(file.path)}.")
        if not 0 <= file.size <= FILE_BYTES_LIMIT:
            raise BadInput(f"size of {file.path} must be a number of bytes up to {FILE_BYTES_LIMIT:,}.")
        if not is_digest(file.sha256):
            raise BadInput(f"sha256 of {file.path} must be 64 hexadecimal digits, not {shown(file.sha256)}.")
    paths = {file.path for file in spec.files}
    if len(paths) != len(spec.files):
        raise BadInput("Two files of the project have one path.")
    if spec.main not in ("", ".") and spec.main not in paths:
        raise BadInput(f"main must be the path of a file of the project, not {shown(spec.main)}.")


def function_too_large(name: str) -> BadInput:
    """What is to be said of a function that cannot travel."""
    return BadInput(
        f"The function {name} takes more than {FUNCTION_LIMIT:,} bytes with all that it refers to, which are the most "
        "that can travel. Give it large data as shared values, which may take more: submit(..., shared={'t': table})."
    )
