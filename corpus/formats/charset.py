"""Detects the character set of a file and decodes it.

The order is: what the file declares (byte order mark, HTML charset), UTF-8, whose byte patterns
hardly ever occur by chance, then the candidate whose decoding looks most like a paper.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import UnreadableDocument

_MARKS = (  # longest first: the UTF-32 mark begins with the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# <meta charset="gb2312">, <meta http-equiv=… content="text/html; charset=gbk">, <?xml encoding="UTF-8"?>
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,20})", re.I)
# Sites say gb2312 and send characters that only GBK or GB18030 has.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030"}
# Characters that make up nearly half of any official paper, simplified and traditional.
_FREQUENT = frozenset(
    "的一和人有在大为和国中不年业了发展工作行政府市省部门规定应当条第理管公共法会关于上及机构与以对者其"
    "或用产医药力单位项目资金企服务建设经实施本办支持加强推进信息全生技术标准重点责任章附则"
    "業發展為國產應當條關於機構與設實總規會對專"
)
_PUNCTUATION = frozenset("，。、；：（）《》“”〔〕　\n")
_PLAIN = re.compile(r"[\t\n\f\r\x20-\x7e]")
# Control characters, unassigned and private areas, surrogates, the replacement character
_ODD = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_LETTER = re.compile(r"[^\W_]")
_SAMPLE = 40_000  # characters; enough to judge a decoding


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with \\n line ends, and its original character set."""

    text: str
    charset: str


def decode(data: bytes, *, name: str) -> Decoded:
    """Decodes the bytes of a text file.

    Raises UnreadableDocument for bytes that are not text.
    """
    decoded = _marked(data) or _declared(data) or _utf8(data) or _likeliest(data)
    if decoded is None or _odd_share(decoded.text) > 0.02:
        raise UnreadableDocument(
            name,
            "its bytes are not text in any known character set",
            "Save it as plain text, HTML or OFD and load that",
        )
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    if not _LETTER.search(text):
        raise UnreadableDocument(name, "it contains no words", "Check that the right file was given")
    return Decoded(text, decoded.charset)


def _marked(data: bytes) -> Decoded | None:
    for mark, charset in _MARKS:
        if data.startswith(mark):
            text = _decoded(data[len(mark) :], charset)
            return Decoded(text, charset) if text is not None else None
    return None


def _declared(data: bytes) -> Decoded | None:
    """Decodes as the HTML or XML head declares; None if the bytes contradict it."""
    match = _DECLARED.search(data[:4096])
    if match is None:
        return None
    named = match[1].decode("ascii", "replace").lower()
    charset = _SUPERSETS.get(named, named)
    if charset not in ("utf-8", "gb18030", "big5", "big5-hkscs"):
        return None
    text = _decoded(data, charset)
    return Decoded(text, charset) if text is not None else None


def _utf8(data: bytes) -> Decoded | None:
    """Decodes UTF-8, also with a few damaged bytes if nearly all the rest is valid."""
    if data.count(0) > len(data) // 1000:
        return None
    text = _decoded(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8")
    text = data.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(_PLAIN.findall(text))
    return Decoded(text, "utf-8") if text.count("\ufffd") < 0.01 * beyond_ascii else None


def _likeliest(data: bytes) -> Decoded | None:
    found: list[tuple[float, Decoded]] = []
    for charset in ("gb18030", "utf-16-le", "utf-16-be", "big5"):
        text = _decoded(data, charset)
        if text is not None:
            found.append((_likeness(text[:_SAMPLE]), Decoded(text, charset)))
    best = max(found, key=lambda candidate: candidate[0], default=None)
    if best is not None and best[0] >= 0.1:
        return best[1]
    return _western(data)


def _western(data: bytes) -> Decoded | None:
    """Anything else (English with Windows quotation marks, …), when the guess is a clean one."""
    if data.count(0):
        return None
    import charset_normalizer  # takes 0.1 s to import; papers in UTF-8 or with a declared set do without

    guess = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if guess is None:
        return None
    text = _decoded(data, guess.encoding)
    if text is None or len(_PLAIN.findall(text)) < 0.8 * len(text):
        return None
    return Decoded(text, guess.encoding.replace("_", "-"))


def _decoded(data: bytes, charset: str) -> str | None:
    """Decodes strictly, except for a character cut off by the end of a truncated file."""
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        return decoder.decode(data)
    except UnicodeDecodeError:
        return None


def _likeness(text: str) -> float:
    """Likeness to official papers: share of frequent characters (at most 1), less a penalty for odd ones."""
    if not text:
        return 0.0
    familiar = sum(char in _FREQUENT for char in text) + 0.3 * sum(char in _PUNCTUATION for char in text)
    familiar += 0.15 * len(_PLAIN.findall(text))
    return familiar / len(text) - 3 * _odd_share(text)


def _odd_share(text: str) -> float:
    sample = text[:_SAMPLE]
    return len(_ODD.findall(sample)) / max(1, len(sample))
