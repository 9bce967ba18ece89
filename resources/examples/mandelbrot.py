"""The Mandelbrot set, a row of the picture a task. Needs numpy on every worker.

Run `row` on `range(HEIGHT)`; `picture` puts the rows together and colours them.
"""
# /// script
# dependencies = ["numpy"]
# ///

import numpy as np

WIDTH, HEIGHT = 960, 640
LIMIT = 400  # steps after which a point counts as one of the set


def row(y):
    """How soon each point of one row escapes, as smooth numbers; 0 where it never does."""
    c = np.linspace(-2.35, 1.15, WIDTH) + 1j * (2.334 * (y / (HEIGHT - 1) - 0.5))
    z = np.zeros(WIDTH, complex)
    escaped = np.zeros(WIDTH)
    here = np.arange(WIDTH)
    for step in range(1, LIMIT):
        z[here] = z[here] ** 2 + c[here]
        size = np.abs(z[here])
        out = size > 16
        escaped[here[out]] = step + 1 - np.log2(np.log2(size[out]))
        here = here[~out]
    return escaped.astype(np.float32)


def picture(rows):
    """All rows as one picture: height x width x (red, green, blue)."""
    escaped = np.stack(rows)
    shade = np.log1p(np.maximum(escaped, 0)) / np.log1p(LIMIT)
    phases = np.array([0.62, 0.72, 0.84])  # blue, through white, to amber
    colours = 0.5 + 0.5 * np.cos(2 * np.pi * (1.6 * shade[..., None] + phases))
    colours[escaped == 0] = 0
    return (255 * colours).astype(np.uint8)
