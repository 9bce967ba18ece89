"""A job as a Python script that uses this package: for who outgrows a window, or wants to see how it is done."""

from __future__ import annotations

import ast
import builtins
import shlex
from dataclasses import fields
from pathlib import Path
from typing import Final

from mcgui_core.arguments.argument_source import TABLE_KINDS, ArgumentSource
from mcgui_core.client.job_document import JobDocument, relative, write_whole
from mcgui_core.environment.environment_source import Environment, read_source
from mcgui_core.errors import DocumentInvalid, EnvironmentInvalid
from mcgui_core.protocol.run_options import OPTIONS

_HEAD: Final = """\
#
# Type `python {name}` to run it. It starts a cluster on this computer. With the console link of another cluster in the
# environment variable MCGUI_LINK, it uses that one instead.

import os
{imports}
HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / {environment}

arguments = {arguments}

link = os.environ.get("MCGUI_LINK")
with Cluster.connect(link) if link else Master() as cluster:
    if not link:
        cluster.add_local_worker()
    job = cluster.submit(
{submit}    )
"""
_RESULTS: Final = """\
    # As they come in, each with the number of its argument. A task that failed gives its exception.
    for index, result in job.iter_results(return_exceptions=True):
        print(index, result)
"""
_REDUCED: Final = """\
    results = job.results()  # in the order of the arguments; raises JobFailed where a task failed
    reduce = runpy.run_path(str(ENVIRONMENT))[{reduce}]
    print(reduce(results))
"""


def job_script(document: JobDocument, path: str | Path) -> str:
    """The source of a script at `path` that runs this job; the files that it names are found from its own folder.

    Raises DocumentInvalid where its arguments are those of another job.
    """
    path = Path(path)
    if document.arguments.kind == "tasks":
        raise DocumentInvalid(path.name, "its arguments are those of a job, which only the job's master has")
    stands_alone = _stands_alone(document)
    imports = ["from pathlib import Path", ""]
    if document.reduce:
        imports.insert(0, "import runpy")
    imports.append("from mcgui_core import Cluster, Master")
    if not stands_alone:
        imports.append("from mcgui_core.arguments.argument_readers import open_arguments")
        imports.append("from mcgui_core.arguments.argument_source import ArgumentSource")
    if document.shared:
        imports.append("from mcgui_core.arguments.shared_expressions import evaluated")
    if document.shared or not stands_alone:
        imports.append("from mcgui_core.environment.environment_source import read_source")
    if stands_alone and "math" in _names(document.arguments.text):
        imports.insert(0, "import math")
    head = _HEAD.format(
        name=shlex.quote(path.name) if path.name.isprintable() else "with the name of this file",
        imports="\n".join(imports) + "\n",
        environment=repr(relative(document.environment, path)),
        arguments=f"({document.arguments.text.strip()})"
        if stands_alone
        else _opened(document.arguments, document.function, path),
        submit="".join(f"        {name}={value},\n" for name, value in _submit(document)),
    )
    rest = _REDUCED.format(reduce=repr(document.reduce)) if document.reduce else _RESULTS
    return "".join(f"# {line}\n" for line in _title(document)) + head + rest


def save_script(document: JobDocument, path: str | Path) -> None:
    """Write the script whole or not at all. Raises DocumentInvalid where it cannot be written."""
    path = Path(path)
    try:
        write_whole(path, job_script(document, path).encode())
    except OSError as error:
        raise DocumentInvalid(str(path), f"it cannot be written ({error.strerror})") from error
    except UnicodeEncodeError as error:
        raise DocumentInvalid(str(path), "a name in it is no text") from error


def _title(document: JobDocument) -> list[str]:
    lines = f"{document.name}\n{document.description}".strip().splitlines()
    return ["".join(letter for letter in line if letter.isprintable()) for line in lines]


def _submit(document: JobDocument) -> list[tuple[str, str]]:
    defaults = {field.name: field.default for field in fields(document)}
    options = [(name, getattr(document, name)) for name in ("reduce", *OPTIONS)]  # where they are not at their default
    return [
        ("environment", "ENVIRONMENT"),
        ("function", repr(document.function)),
        ("args", "arguments"),
        ("name", repr(document.name)),
        *((name, repr(value)) for name, value in options if value != defaults[name]),
        *([("files", repr(list(document.files)))] if document.files else []),
        *([("shared", _shared(document))] if document.shared else []),
    ]


def _shared(document: JobDocument) -> str:
    """Values that each call is given: made by what the environment defines, as the arguments may be."""
    return f"evaluated({dict(document.shared)!r}, read_source(ENVIRONMENT), str(ENVIRONMENT))"


def _stands_alone(document: JobDocument) -> bool:
    """Whether the arguments are an expression that means the same without the environment."""
    source = document.arguments
    if source.kind != "expression":
        return False
    try:
        found = Environment.parse(read_source(document.environment))
    except EnvironmentInvalid:
        return False
    names = _names(source.text)
    own = names and all(name == "math" or hasattr(builtins, name) for name in names)
    return bool(own) and not any(found.defines(name) for name in names)


def _names(expression: str) -> set[str]:
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return set()
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in found if isinstance(node.ctx, ast.Store)}  # by a comprehension
    return {node.id for node in found} - made


def _opened(source: ArgumentSource, function: str, path: Path) -> str:
    """Code that opens the arguments as the console does."""
    given = [
        f"{field.name}=str(HERE / {relative(source.path, path)!r})"
        if field.name == "path"
        else f"{field.name}={getattr(source, field.name)!r}"
        for field in fields(source)
        if getattr(source, field.name) != field.default
    ]
    # An expression has no columns that would be matched with the function's parameters.
    of = f"    function={function!r},\n" if source.kind in TABLE_KINDS else ""
    return (
        f"open_arguments(\n    ArgumentSource({', '.join(given)}),\n"
        "    read_source(ENVIRONMENT),\n    str(ENVIRONMENT),\n"
        f"{of}).values"
    )
