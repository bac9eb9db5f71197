"""Names of files as they are written in archives and file systems, in any common character set."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.formats.zip_container import Member

_UTF8 = 0x800  # bit of the flags of a member: its name is UTF-8 (APPNOTE.TXT 4.4.4)
_UNICODE_PATH = 0x7075  # extra field with the name in UTF-8 behind five other bytes (APPNOTE.TXT 4.6.9)
# In this order: GB18030 decodes nearly all bytes, so that what Big5 alone means is never reached.
_CHARSETS = ("utf-8", "gb18030")
# Longest name of a folder or file that is shown and stored, in characters; file systems allow 255 bytes.
_LONGEST = 200
_JUNK = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def member_names(members: Sequence[Member]) -> list[str]:
    """The names of the members, in order, with / between folders.

    Programs in Chinese write names in GBK without saying so; zipfile takes these for code page 437. One
    program has written all names of an archive, so they are decoded together.
    """
    raw = [b"" if member.flag_bits & _UTF8 else _written(member) for member in members]
    charset = _charset(raw)
    return [
        _shown(_unicode_path(member) or (member.filename if not own else own.decode(charset, "replace")))
        for member, own in zip(members, raw, strict=True)
    ]


def path_name(path: Path) -> str:
    """The path in characters that can be printed and stored. Names that are not UTF-8 are read as GB18030."""
    raw = os.fsencode(path)
    return raw.decode(_charset([raw]), "replace")


def is_junk(name: str) -> bool:
    """Whether a path names what systems and editors add to folders: hidden files, locks of open files."""
    return any(
        part in _JUNK or (part.startswith(".") and part not in (".", "..")) or part.startswith("~$")
        for part in name.split("/")
    )


def _written(member: Member) -> bytes:
    """The bytes of the name. Code page 437 has a character for each byte."""
    return member.orig_filename.encode("cp437", "replace").partition(b"\x00")[0]


def _charset(names: Iterable[bytes]) -> str:
    together = b"\n".join(names)
    for charset in _CHARSETS:
        try:
            together.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return "utf-8"


def _unicode_path(member: Member) -> str:
    """The name in the extra field that Info-ZIP writes; empty without one."""
    extra = member.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == _UNICODE_PATH:
            return extra[9 : 4 + length].decode("utf-8", "ignore")
        extra = extra[4 + length :]
    return ""


def _shown(name: str) -> str:
    """The name without what breaks a line or a table, each part of bounded length."""
    printable = "".join(char if char.isprintable() else "_" for char in name.replace("\\", "/"))
    return "/".join(_shortened(part) for part in printable.split("/"))


def _shortened(part: str) -> str:
    if len(part) <= _LONGEST:
        return part
    kept = _LONGEST // 2
    return f"{part[:kept]}…{part[-kept:]}"  # the end tells the format
