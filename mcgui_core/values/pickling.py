"""The user's own values as bytes: arguments, functions and results. Opened only by slots, scripts and the workbench.

Plain pickle first, because it is ten times as fast; cloudpickle where that cannot do it (lambdas, classes of a
script's main module) or must not (classes of an environment, which exist under that name in the slots only, and so
have to travel by value).
"""

from __future__ import annotations

import pickle
import sys
from types import ModuleType
from typing import Any

#: Prefix of the names of modules that hold an environment (see environment_loader.py).
ENVIRONMENT_PREFIX = "mcgui_environment_"
#: The first byte: what follows is one pickle; or its sizes, and it, and its buffers.
PLAIN, _BUFFERED = b"\x00", b"\x01"


def dumps(value: Any) -> bytes:
    """`value` as bytes. Raises whatever its pickling raises (PicklingError, TypeError, RecursionError ...)."""
    buffers: list[pickle.PickleBuffer] = []
    body = b""
    try:
        body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        # `__main__` is another module in every process: what a script defines would not be found by its name elsewhere.
        by_value = ENVIRONMENT_PREFIX.encode() in body or b"__main__" in body
    except (pickle.PicklingError, AttributeError, TypeError):
        by_value = True
    if by_value:
        buffers.clear()
        import cloudpickle  # here, because a slot starts 25 ms sooner without it, and few jobs need it

        for name, module in list(sys.modules.items()):
            if name.startswith(ENVIRONMENT_PREFIX):
                cloudpickle.register_pickle_by_value(module)
                identify_classes(module)
        body = cloudpickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    if not buffers:
        return PLAIN + body
    views = [buffer.raw() for buffer in buffers]
    sizes = [len(views), len(body), *(view.nbytes for view in views)]
    return b"".join([_BUFFERED, *(size.to_bytes(8, "big") for size in sizes), body, *views])


def identify_classes(module: ModuleType) -> None:
    """Give the classes of an environment an identity that is the same in every process.

    cloudpickle makes a class anew for each random identity that it meets: instances that came from two slots would
    not be equal, an enum's member not be itself, and an argument no instance of the class that its task knows.
    """
    own = [found for found in vars(module).values() if isinstance(found, type) and found.__module__ == module.__name__]
    if not own:
        return  # most environments have none, and a slot starts sooner without cloudpickle
    from cloudpickle import cloudpickle

    known = cloudpickle._DYNAMIC_CLASS_TRACKER_BY_CLASS
    with cloudpickle._DYNAMIC_CLASS_TRACKER_LOCK:
        for found in own:
            identity = f"{module.__name__}.{found.__qualname__}"
            known[found] = identity
            cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID[identity] = found


def loads(data: Any) -> Any:
    """The value in `data` (bytes or memoryview). Arrays come back writable."""
    body, buffers = split(data)
    return pickle.loads(body, buffers=buffers)


def split(data: Any) -> tuple[memoryview, list[bytearray]]:
    """The pickle in `data`, and the buffers that belong to it."""
    view = memoryview(data)
    if bytes(view[:1]) == PLAIN:
        return view[1:], []
    count = int.from_bytes(view[1:9], "big")
    sizes = [int.from_bytes(view[9 + 8 * i : 17 + 8 * i], "big") for i in range(count + 1)]
    parts = []
    at = 9 + 8 * (count + 1)
    for size in sizes:
        parts.append(view[at : at + size])
        at += size
    return parts[0], [bytearray(part) for part in parts[1:]]
