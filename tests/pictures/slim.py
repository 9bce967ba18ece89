"""Pictures of windows in 256 colours: less than half the bytes, and nobody sees it."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

#: Colours of a picture, and how many of them are simply the most frequent ones.
_ALL, _FREQUENT = 256, 128


def slim(image: QImage) -> QImage:
    """The same picture in 256 colours; each other pixel takes the one of them that is nearest to its own."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = image.width(), image.height()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, image.bytesPerLine() // 4)[:, :width]
    colours, places, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    kept = _kept(_channels(colours), counts)
    distances = np.square(_channels(colours)[:, None, :] - _channels(colours[kept])[None, :, :]).sum(axis=2)
    nearest = distances.argmin(axis=1)
    rows = np.zeros((height, -(-width // 4) * 4), np.uint8)  # Qt wants rows of whole words
    rows[:, :width] = nearest[places].reshape(height, width)
    made = QImage(rows.tobytes(), width, height, rows.shape[1], QImage.Format.Format_Indexed8)
    made.setColorTable([int(colour) | 0xFF000000 for colour in colours[kept]])
    return made.copy()  # with bytes of its own


def _kept(colours: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Which colours stay: the most frequent ones, and of the rest those that no other one is near to."""
    kept = list(np.argsort(-counts, kind="stable")[:_FREQUENT])
    away = np.square(colours[:, None, :] - colours[kept][None, :, :]).sum(axis=2).min(axis=1)
    while len(kept) < min(_ALL, len(colours)):
        kept.append(int(away.argmax()))
        away = np.minimum(away, np.square(colours - colours[kept[-1]]).sum(axis=1))
    return np.sort(np.array(kept))


def _channels(colours: np.ndarray) -> np.ndarray:
    return np.stack([(colours >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.int32)
