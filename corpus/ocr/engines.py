"""The engines that recognise text: faster-paddle where it is installed, else RapidOCR.

Both run the PP-OCRv6 models on the CPU; the models come with their packages, and nothing is downloaded.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from importlib import util
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from corpus.errors import OcrUnavailable
from corpus.ocr.model import Engine, ReadLine

if TYPE_CHECKING:
    from PIL.Image import Image

# One engine on more threads is not faster than pages one after another, and answers need the other cores.
_THREADS = 2
_PADDING = 4  # dots around a line that is read by itself, so that no stroke touches the edge
_FLATTER = 0.9  # of the width: other samples of the strokes than in the first reading


def installed() -> bool:
    """Whether an engine is installed, without importing it."""
    return _has("faster_paddle") or _has("rapidocr")


@lru_cache(maxsize=1)
def open_engine() -> Engine:
    """The engine that is installed, with its models loaded. Raises OcrUnavailable."""
    if _has("faster_paddle"):
        return FasterPaddle()
    if _has("rapidocr"):
        return RapidOcr()
    raise OcrUnavailable("no engine is installed")


def _has(package: str) -> bool:
    return util.find_spec(package) is not None


class FasterPaddle:
    """PP-OCRv6 in Rust: the small models, and the tiny ones for the second reading."""

    reads_page_again = True

    def __init__(self) -> None:
        from importlib import metadata

        from faster_paddle import OcrEngine

        self.name = f"faster-paddle {metadata.version('faster-paddle')} small, tiny"
        self._small = OcrEngine(model_size="small", threads=_THREADS)
        self._tiny = OcrEngine(model_size="tiny", threads=_THREADS)

    def read(self, picture: Image) -> list[ReadLine]:
        return _found(self._small, picture)

    def read_again(self, picture: Image, lines: Sequence[ReadLine]) -> list[str]:
        # The tiny models take a whole page in a quarter of the time of the small ones.
        again = _found(self._tiny, picture)
        return ["".join(_inside(again, line)) for line in lines]


def _found(engine: Any, picture: Image) -> list[ReadLine]:
    encoded = io.BytesIO()
    picture.save(encoded, format="BMP")  # the fastest to write and to read
    result = engine.ocr(encoded.getvalue())
    return [
        ReadLine(found["text"], (*found["topLeftCoord"], *found["bottomRightCoord"]), found["confidence"])
        for found in result["bounds"].values()
    ]


def _inside(found: Sequence[ReadLine], line: ReadLine) -> list[str]:
    """The texts of the pieces whose middle is in `line`, from left to right."""
    left, top, right, bottom = line.box
    pieces = [
        piece
        for piece in found
        if left <= (piece.box[0] + piece.box[2]) / 2 <= right
        and top <= (piece.box[1] + piece.box[3]) / 2 <= bottom
    ]
    return [piece.text for piece in sorted(pieces, key=lambda piece: piece.box[0])]


class RapidOcr:
    """PP-OCRv6 small on ONNX Runtime; the second reading takes each line by itself, from other samples."""

    reads_page_again = False

    def __init__(self) -> None:
        from importlib import metadata

        import rapidocr

        models = Path(rapidocr.__file__).parent / "models"
        paths = {part: models / f"PP-OCRv6_{part.lower()}_small.onnx" for part in ("Det", "Rec")}
        for path in paths.values():
            if not path.is_file():  # RapidOCR would download it
                raise OcrUnavailable(f"{path} is missing")
        self.name = f"rapidocr {metadata.version('rapidocr')} small"
        self._lock = Lock()  # a call changes the settings of the engine
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                **{f"{part}.model_path": str(path) for part, path in paths.items()},
            }
        )

    def read(self, picture: Image) -> list[ReadLine]:
        import numpy as np

        with self._lock:
            result = self._engine(
                np.asarray(picture.convert("RGB")), use_det=True, use_rec=True, text_score=0.0
            )
        if result.boxes is None:
            return []
        lines = []
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
            lines.append(ReadLine(text, (float(left), float(top), float(right), float(bottom)), float(score)))
        return lines

    def read_again(self, picture: Image, lines: Sequence[ReadLine]) -> list[str]:
        import numpy as np

        texts = []
        for line in lines:
            left, top, right, bottom = line.box
            piece = picture.crop(
                (int(left) - _PADDING, int(top) - _PADDING, int(right) + _PADDING, int(bottom) + _PADDING)
            )
            piece = piece.resize((max(1, round(piece.width * _FLATTER)), piece.height))
            with self._lock:
                result = self._engine(np.asarray(piece.convert("RGB")), use_det=False, use_rec=True)
            texts.append("".join(result.txts or ()))
        return texts
