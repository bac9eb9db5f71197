"""Converts older and other word processing formats to .docx with LibreOffice, where it is installed.

LibreOffice runs as a child process with limits on time, memory and the size of files, with a profile of its
own that has macros switched off, and without a network: a document may name pictures on the Internet.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from corpus.errors import UnreadableDocument
from corpus.formats.received import MAX_BYTES, Received

_PROGRAMS: Final = ("soffice", "libreoffice")
_SECONDS: Final = 60  # a paper of 100 pages takes some 5 s
_MEMORY_KB: Final = 2 * 1024 * 1024  # of addresses; an empty document takes about half of it
_FILE_BLOCKS: Final = 10 * MAX_BYTES // 512  # `ulimit -f` counts blocks of 512 bytes
# Limits are set by a shell, since Python code between fork and exec may deadlock in a process with threads.
_LIMITED: Final = f'ulimit -v {_MEMORY_KB} 2>/dev/null; ulimit -f {_FILE_BLOCKS} 2>/dev/null; exec "$@"'
_SAVE: Final = "Save it as .docx in Word, WPS Office or LibreOffice and load that"
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""


def converted(received: Received, *, ending: str, kind: str) -> Received:
    """The file as .docx. `ending` is that of its format, `kind` its name for messages: "an RTF file".

    Raises UnreadableDocument where LibreOffice is not installed, fails, or takes too long.
    """
    program = next((path for path in map(shutil.which, _PROGRAMS) if path), None)
    if program is None:
        reason = f"it is {kind}, which is read with LibreOffice, and that is not installed"
        raise UnreadableDocument(received.name, reason, f"Install LibreOffice (soffice), or: {_SAVE}")
    with tempfile.TemporaryDirectory(prefix="zhengwen-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source, target = home / f"paper{ending}", home / "converted"
        user = home / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        source.write_bytes(received.data)
        _run(program, home, source, target, received=received, kind=kind)
        return Received(_result(target / "paper.docx", received, kind), received.name)


def _run(program: str, home: Path, source: Path, target: Path, *, received: Received, kind: str) -> None:
    command = [
        program,
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source)),
    ]
    proxy = "http://127.0.0.1:9"  # nothing listens there
    environment = {
        "PATH": os.pathsep.join((str(Path(program).parent), os.defpath)),
        "HOME": str(home),
        "TMPDIR": str(home),
        "LC_ALL": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), proxy),
    }
    posix = os.name == "posix"
    process = subprocess.Popen(
        ["/bin/sh", "-c", _LIMITED, "sh", *command] if posix else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env=environment if posix else None,
        start_new_session=posix,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired as error:
        reason = f"it is {kind}, and LibreOffice did not convert it within {_SECONDS} seconds"
        raise UnreadableDocument(received.name, reason, _SAVE) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and those it started: soffice is a script that starts another program."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _result(path: Path, received: Received, kind: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = f"it is {kind}, and LibreOffice cannot convert it: it is damaged, protected or none"
        raise UnreadableDocument(received.name, reason, _SAVE) from error
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise UnreadableDocument(received.name, f"converted to .docx it is larger than {limit} MB", _SAVE)
    return data
