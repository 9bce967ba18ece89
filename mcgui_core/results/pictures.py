"""What can be seen of a value: arrays, pictures of Pillow, the content of picture files, figures of Matplotlib.

None of these packages has to be here: a value of theirs is known by what it says of itself, and brings them.
"""

from __future__ import annotations

import io
import threading
from typing import Any, Final

from mcgui_core.protocol.messages import Picture

#: Channels that a picture may have: grey, RGB, RGBA.
CHANNELS: Final = (1, 3, 4)
#: Pixels of a picture in one direction; larger ones are thinned out.
PICTURE_LIMIT: Final = 2048
#: Bytes of a file with a picture that is shown, and how such files begin: PNG, JPEG.
IMAGE_LIMIT: Final = 32 << 20
_IMAGES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
#: Dots an inch of a figure that is drawn, at least: so that it can be enlarged.
FIGURE_DPI: Final = 150.0

_drawing = threading.Lock()  # Matplotlib keeps fonts and styles for all figures of a process


def as_picture(value: Any) -> Picture | None:
    """The picture in an array of bytes with two or three dimensions; None in anything else.

    Arrays are known by numpy's interface, not by numpy, which need not be here unless the environment uses it.
    """
    interface = getattr(value, "__array_interface__", None)
    if isinstance(value, type) or not isinstance(interface, dict) or interface.get("typestr") != "|u1":
        return None
    height, width, channels = (*interface["shape"], 1, 1, 1)[:3]
    if len(interface["shape"]) not in (2, 3) or channels not in CHANNELS or not width * height:
        return None
    return Picture(width, height, channels, value.tobytes())


def picture_of(value: Any) -> Picture | None:
    """What an array of two dimensions (or three: grey, RGB or RGBA), or a figure, looks like; None for anything else.

    Bytes are pixels as they are. Other numbers are spread from the smallest, black, to the largest, white; in an array
    with several channels, fractions from 0 to 1 are colours as they are.
    """
    if is_figure(value):
        return _figure_picture(value)
    if is_pillow(value) and getattr(value, "mode", "") not in ("L", "RGB", "RGBA", "I", "F"):
        value = value.convert("RGBA")  # its pixels are numbers of colours
    interface = getattr(value, "__array_interface__", None)
    if isinstance(value, type) or not isinstance(interface, dict):
        return None
    import numpy as np  # somebody's array is here, so it is too

    array = np.asarray(value)
    if array.ndim not in (2, 3) or min(array.shape[:2]) < 2 or array.dtype.kind not in "buif":
        return None
    step = max(1, -(-max(array.shape[:2]) // PICTURE_LIMIT))
    array = array[::step, ::step]
    if array.dtype != np.uint8:
        array = _as_bytes(np, array)
    return as_picture(np.ascontiguousarray(array))


def image_in(value: Any) -> bytes:
    """The value where it is the content of a PNG or JPEG file; for whoever shows it to decode."""
    if isinstance(value, bytes | bytearray) and value.startswith(_IMAGES) and len(value) <= IMAGE_LIMIT:
        return bytes(value)
    return b""


def is_pillow(value: Any) -> bool:
    """Whether it is a picture of Pillow."""
    return type(value).__module__.startswith("PIL.") and hasattr(value, "getbands")


def is_figure(value: Any) -> bool:
    """Whether it is a figure of Matplotlib."""
    return any(kind.__module__ == "matplotlib.figure" and kind.__name__ == "Figure" for kind in type(value).__mro__)


def png_of(value: Any) -> bytes:
    """A picture of Pillow, or a figure, as the content of a PNG file. Raises what drawing it raises."""
    content = io.BytesIO()
    if is_figure(value):
        with _drawing:
            _canvas(value)
            value.savefig(content, format="png", dpi=_dpi(value))
    else:
        value.save(content, "PNG")
    return content.getvalue()


def _figure_picture(figure: Any) -> Picture | None:
    """None where it cannot be drawn: a figure is code, which may raise anything."""
    import numpy as np

    with _drawing:
        try:
            canvas = _canvas(figure)
            figure.set_dpi(_dpi(figure))
            canvas.draw()
            return as_picture(np.asarray(canvas.buffer_rgba()))
        except Exception:  # noqa: BLE001
            return None


def _canvas(figure: Any) -> Any:
    """Without a window, wherever it was made for one."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    return FigureCanvasAgg(figure)


def _dpi(figure: Any) -> float:
    longest = max(float(size) for size in figure.get_size_inches())
    return min(max(float(figure.get_dpi()), FIGURE_DPI), PICTURE_LIMIT / max(longest, 0.01))


def _as_bytes(np: Any, array: Any) -> Any:
    numbers = array.astype(float)
    finite = numbers[np.isfinite(numbers)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if array.ndim == 3 and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    spread = np.zeros_like(numbers) if high <= low else (numbers - low) / (high - low)
    return np.nan_to_num(np.clip(spread, 0, 1) * 255).astype(np.uint8)
