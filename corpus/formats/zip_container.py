"""Opens zip containers, of archives and of formats such as OFD, and reads members within limits."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

# A member of a container is a zipfile.ZipInfo; readers of formats need no other name of that library.
Container = zipfile.ZipFile
Member = zipfile.ZipInfo

# What zipfile raises for damaged data.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    IndexError,
)
# Most entries of a directory that is opened: each takes 600 bytes of memory, and 46 bytes of the file.
_MOST_ENTRIES = 50_000
_ENTRY, _LOCAL, _EMPTY = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
_ENCRYPTED = 0x1  # bit of the flags of a member (APPNOTE.TXT 4.4.4)
_UNIX = 3  # system of the attributes (APPNOTE.TXT 4.4.2)


def is_zip(data: bytes) -> bool:
    """Whether the data begins like a zip container."""
    return data.startswith((_LOCAL, _EMPTY))


def opened(data: bytes) -> Container:
    """Opens a container. Raises one of DAMAGE when it is damaged, or lists too many members."""
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise zipfile.BadZipFile(f"it lists more than {_MOST_ENTRIES} members")
    return zipfile.ZipFile(io.BytesIO(data))


def content(container: Container, member: Member, *, most: int) -> bytes:
    """The bytes of a member. Raises one of DAMAGE, also for more than `most` bytes."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{member.filename} uses a compression that is not read")
    # Whatever the directory says of the size, no more than this is unpacked.
    with container.open(member) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"{member.filename} is too large")
    return data


def is_encrypted(member: Member) -> bool:
    return bool(member.flag_bits & _ENCRYPTED)


def is_special(member: Member) -> bool:
    """Whether the member is a link, a device or another entry that is neither file nor folder."""
    mode = stat.S_IFMT(member.external_attr >> 16) if member.create_system == _UNIX else 0
    return mode not in (0, stat.S_IFREG, stat.S_IFDIR)
