"""Finds the files in folders that may be papers. Nothing outside a folder is read through it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableDocument
from corpus.formats.endings import PassedOver, has_known_ending, nothing_to_read
from corpus.formats.member_names import is_junk, path_name


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, each once, and why others are not read."""

    files: tuple[Path, ...]
    left_out: tuple[UnreadableDocument, ...]
    passed_over: tuple[PassedOver, ...] = ()


def find_files(paths: Iterable[Path]) -> Found:
    """The files in `paths`, and those below the folders in `paths` that have an ending of a known format.

    A file that is named is tried whatever its name and ending; below a folder those with other endings are
    counted. Hidden files below a folder are passed over.
    A link below a folder is not followed, and is left out with the reason unless it leads to a file that is
    read anyway.
    """
    files: dict[str, Path] = {}  # by the place that links lead to, so that none is read twice
    links: list[Path] = []
    left_out: list[UnreadableDocument] = []
    passed_over: list[PassedOver] = []
    for path in paths:
        if not os.path.isdir(path):
            files.setdefault(_place(path), path)
            continue
        before = len(left_out), len(links)
        found, others = False, PassedOver(path_name(path))
        for entry in _below(path, left_out):
            if entry.is_symlink():
                links.append(entry)
            elif not entry.is_file():
                continue
            elif has_known_ending(entry.name):
                files.setdefault(_place(entry), entry)
                found = True
            else:
                others.add(path_name(entry.relative_to(path)))
        if not found and before == (len(left_out), len(links)):
            left_out.append(nothing_to_read(path_name(path), where="a folder"))
        elif others.files:
            passed_over.append(others)
    left_out += [
        UnreadableDocument(
            path_name(link), "it is a link, which is not followed below a folder", "Name the file itself"
        )
        for link in dict.fromkeys(links)
        if _place(link) not in files
    ]
    return Found(tuple(files.values()), tuple(left_out), tuple(passed_over))


def _place(path: Path) -> str:
    """Where the path leads to, through links; the path itself if it can lead nowhere."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):  # a name with a NUL, which the operating system refuses
        return str(path)


def _below(folder: Path, left_out: list[UnreadableDocument]) -> Iterator[Path]:
    """Yields what is below the folder and not hidden, in order; leaves out folders that cannot be opened."""

    def refused(error: OSError) -> None:
        reason = error.strerror or str(error)
        place = path_name(Path(os.fsdecode(error.filename)))
        left_out.append(UnreadableDocument(place, reason, "Check its permissions"))

    entries: list[Path] = []
    for top, folders, names in os.walk(folder, onerror=refused, followlinks=False):
        folders[:] = sorted(name for name in folders if not is_junk(name))
        here = Path(top)
        linked = [name for name in folders if (here / name).is_symlink()]
        entries += [here / name for name in (*names, *linked) if not is_junk(name)]
    yield from sorted(entries)
