"""How far a scanned page is turned from level."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

_LONG_SIDE = 1000  # dots of the picture that is measured: 0.1° moves the end of a line by 1.7 of them
_MOST = 8.0  # degrees; a page that lies more askew was not put on a scanner
_COARSE, _FINE = 0.5, 0.1  # degrees; a line of text is as high as it is wide times the sine of about 1°
_LEVEL = 0.15  # degrees; less is not worth the blur of turning
_CONTRAST = 40  # of 255, between paper and ink; an empty page has less
_BETTER = 1.05  # times as sharp as the page as it is; less is chance
_INK = 0.03  # share of dots counted as ink, the darkest ones: a page of text has about 5 %


def skew_of(picture: Image) -> float:
    """Degrees, counter-clockwise, by which `picture` must be turned to be level; 0 for a level or empty page.

    Text is level when the rows of dots differ most: the lines are dark and the gaps between them are white.
    """
    import numpy as np
    from PIL import Image, ImageOps

    scale = min(1.0, _LONG_SIDE / max(picture.size))
    small = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    dark = np.asarray(ImageOps.invert(small), dtype=np.float32)
    threshold = float(np.quantile(dark, 1 - _INK))
    if threshold - float(np.median(dark)) < _CONTRAST:
        return 0.0
    ink = Image.fromarray(((dark >= threshold) * 255).astype(np.uint8))
    rough = ink.resize((max(1, ink.width // 2), max(1, ink.height // 2)), Image.Resampling.BOX)
    steps, near = round(_MOST / _COARSE), round(_COARSE / _FINE)
    coarse = max((step * _COARSE for step in range(-steps, steps + 1)), key=partial(_sharpness, rough))
    fine = max((coarse + step * _FINE for step in range(-near, near + 1)), key=partial(_sharpness, ink))
    level = abs(fine) < _LEVEL or _sharpness(ink, fine) < _BETTER * _sharpness(ink, 0.0)
    return 0.0 if level else fine


def _sharpness(ink: Image, degrees: float) -> float:
    """How much the rows of dots differ from one to the next when the page is turned by `degrees`."""
    import numpy as np

    rows = np.asarray(ink.rotate(degrees)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())
