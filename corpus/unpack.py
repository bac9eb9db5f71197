"""Unpacks archives of papers, so that each file in one is read as if it had been given alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.errors import UnreadableDocument
from corpus.formats.endings import PassedOver, has_known_ending, nothing_to_read
from corpus.formats.member_names import is_junk, member_names
from corpus.formats.received import MAX_BYTES, Received
from corpus.formats.zip_container import (
    DAMAGE,
    Container,
    Member,
    content,
    is_encrypted,
    is_special,
    is_zip,
    opened,
)

# Members by which a zip file is known as one document: OFD, Office Open XML, OpenDocument and EPUB.
_DOCUMENTS = frozenset({"OFD.xml", "[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "mimetype"})
_MOST_FILES = 2000  # in an archive, with the archives in it
_MOST_BYTES = 10 * MAX_BYTES  # unpacked, of all files together
# Text is packed to a tenth, tables of blanks to a hundredth; beyond it is what only bombs contain.
_HIGHEST_RATIO = 300
_ALWAYS_UNPACKED = 1024 * 1024  # bytes; a smaller file is unpacked whatever its ratio
_REPACK = "Pack the papers in it again, as zip"


def unpack(data: bytes, *, name: str) -> Iterator[Received | UnreadableDocument | PassedOver]:
    """Yields the files to read: the file itself, or the members of a zip archive as "archive.zip/member".

    A member that cannot be unpacked is yielded as the error that says why, and the others follow. Hidden
    files are left out, and files whose endings are of no known format are counted, as in a folder. An archive
    in an archive is unpacked, a third one in it is not. Raises UnreadableDocument for an archive that
    cannot be unpacked at all.
    """
    if _is_archive(data):
        yield from _Unpacking().archive(data, name=name)
    else:
        yield Received(data, name)


def _is_archive(data: bytes) -> bool:
    """Whether the data is a zip file and not a document in the form of one."""
    if not is_zip(data):
        return False
    try:
        with opened(data) as container:
            return _DOCUMENTS.isdisjoint(container.namelist())
    except DAMAGE:
        # The reader of the format says what is wrong with a document, and how to mend it.
        return not any(document.encode() in data for document in _DOCUMENTS)


@dataclass(slots=True)
class _Unpacking:
    """How much of an archive has been unpacked, with the archives in it."""

    files: int = 0
    size: int = 0

    def archive(
        self, data: bytes, *, name: str, nested: bool = False
    ) -> Iterator[Received | UnreadableDocument | PassedOver]:
        try:
            with opened(data) as container:
                yield from self._members(container, name=name, nested=nested)
        except DAMAGE as error:
            raise UnreadableDocument(name, f"the archive is damaged ({error})", _REPACK) from error

    def _members(
        self, container: Container, *, name: str, nested: bool
    ) -> Iterator[Received | UnreadableDocument | PassedOver]:
        members = container.infolist()
        named = [
            (member, own)
            for member, own in zip(members, member_names(members), strict=True)
            if own and not own.endswith("/") and not is_junk(own)
        ]
        self.files += len(named)
        if not named:
            raise UnreadableDocument(name, "there is no file in the archive", "Check the archive")
        if self.files > _MOST_FILES:
            cure = "Split it into several archives"
            raise UnreadableDocument(name, f"the archive contains more than {_MOST_FILES} files", cure)
        if all(is_encrypted(member) for member, _ in named):
            raise _encrypted(name)
        others = PassedOver(name)
        for _, own in named:
            if not has_known_ending(own):
                others.add(own)
        if others.files == len(named):
            raise nothing_to_read(name, where="an archive")
        if others.files:
            yield others
        named = [(member, own) for member, own in named if has_known_ending(own)]
        yield from self._readable(container, named, name=name, nested=nested)

    def _readable(
        self, container: Container, named: list[tuple[Member, str]], *, name: str, nested: bool
    ) -> Iterator[Received | UnreadableDocument | PassedOver]:
        """Yields the members with these names, all with known endings."""
        uses = Counter(own for _, own in named)
        for member, own in named:
            whole = f"{name}/{own}"
            if uses[own] > 1:
                yield UnreadableDocument(
                    whole, "the archive contains several files of this name", "Rename them"
                )
                continue
            try:
                if own.startswith("/") or ".." in own.split("/") or own[1:2] == ":":
                    raise UnreadableDocument(whole, "its name leads out of the archive", _REPACK)
                unpacked = self._unpacked(container, member, name=whole)
                if _is_archive(unpacked) and not nested:
                    yield from self.archive(unpacked, name=whole, nested=True)
                elif _is_archive(unpacked):
                    yield UnreadableDocument(
                        whole,
                        "it is an archive in an archive in an archive",
                        "Unpack it and load what is inside",
                    )
                else:
                    yield Received(unpacked, whole)
            except UnreadableDocument as error:
                yield error

    def _unpacked(self, container: Container, member: Member, *, name: str) -> bytes:
        """The bytes of a member. Raises UnreadableDocument."""
        if is_encrypted(member):
            raise _encrypted(name)
        if is_special(member):
            raise UnreadableDocument(name, "it is a link, which is not followed", "Pack the file itself")
        if member.file_size > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            raise UnreadableDocument(name, f"it is larger than {limit} MB", "Split it or extract its text")
        if member.file_size > _ALWAYS_UNPACKED and member.file_size > _HIGHEST_RATIO * max(
            1, member.compress_size
        ):
            raise UnreadableDocument(
                name, f"it unpacks to more than {_HIGHEST_RATIO} times its size", "Check the file"
            )
        if self.size + member.file_size > _MOST_BYTES:
            limit = _MOST_BYTES // 1024 // 1024
            raise UnreadableDocument(
                name, f"the files of the archive before it have {limit} MB", "Split the archive"
            )
        try:
            data = content(container, member, most=MAX_BYTES)
        except DAMAGE as error:
            raise UnreadableDocument(name, f"it cannot be unpacked ({error})", _REPACK) from error
        self.size += len(data)
        return data


def _encrypted(name: str) -> UnreadableDocument:
    return UnreadableDocument(name, "it is encrypted", "Unpack it with its password and load what is inside")
