"""Works on Ray: on this machine, or on the machines of a cluster, with the model held by actors."""

from __future__ import annotations

import logging
import pickle
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rag.bulk.model import SourceFile, Work
from rag.bulk.reader import TRIES, BulkReader, Job, died
from rag.errors import BulkFault, ExtraMissing
from rag.settings import quiet_ray

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_FILES = 16  # of a task: a worker that dies loses no more
_TASKS_PER_WORKER = 8  # at least, so that all are busy until the end
_LOOPBACK = "127.0.0.1"


def work(files: Sequence[SourceFile], job: Job, *, workers: int, address: str) -> Generator[Work]:
    """Yields what comes of each file, in order. Ray restarts workers that die and repeats their tasks;
    a file at which each of them dies gives a Failed.

    Raises ExtraMissing without Ray, and BulkFault where Ray cannot be reached or gives up.
    """
    with _connected(address, workers):
        import ray
        from ray import data

        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.execution_options.preserve_order = True
        at_once = max(1, min(_MOST_FILES, len(files) // (workers * _TASKS_PER_WORKER)))
        attempts = ray.remote(num_cpus=0)(_Attempts).remote()
        rows = [{"file": pickle.dumps(one)} for one in files]
        results = data.from_items(rows, override_num_blocks=-(-len(rows) // at_once)).map_batches(
            _Worker,
            batch_size=None,
            batch_format="pyarrow",
            compute=data.ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers),
            num_cpus=1,
            fn_constructor_args=(pickle.dumps(job), attempts),
        )
        try:
            for row in results.iter_rows():
                yield pickle.loads(row["work"])
        except ray.exceptions.RayError as error:
            raise BulkFault(
                f"Ray gave up: {_first_line(error)}. What is stored stays; run the command again, "
                "which skips it, or find the file at fault with --engine one"
            ) from error


class _Attempts:
    """Counts the workers that died while they read a file."""

    def __init__(self) -> None:
        self._begun = Counter[int]()

    def begin(self, position: int) -> int:
        """How many workers have died at this file, which another one begins now."""
        self._begun[position] += 1
        return self._begun[position] - 1

    def end(self, position: int) -> None:
        """The file was read."""
        del self._begun[position]


class _Worker:
    """What an actor does: it opens the model once, and reads batches of files."""

    def __init__(self, job: bytes, attempts: Any) -> None:
        self._reader, self._attempts = BulkReader(pickle.loads(job)), attempts

    def __call__(self, batch: pa.Table) -> pa.Table:
        import pyarrow as pa

        done = [pickle.dumps(self._read(pickle.loads(one))) for one in batch["file"].to_pylist()]
        return pa.table({"work": pa.array(done, pa.large_binary())})

    def _read(self, file: SourceFile) -> Work:
        import ray

        if ray.get(self._attempts.begin.remote(file.position)) >= TRIES:
            return died(file)
        work = self._reader.read(file)
        self._attempts.end.remote(file.position)
        return work


@contextmanager
def _connected(address: str, workers: int) -> Iterator[None]:
    """Connects to a cluster, or starts Ray on this machine and stops it at the end."""
    with quiet_ray():
        try:
            import ray
            import ray.data
        except ImportError as error:
            raise ExtraMissing("ray", "--engine ray") from error
        # On the loopback only: nothing on other machines may give work to this one.
        options: dict[str, Any] = {
            "include_dashboard": False,
            "num_cpus": workers,
            "_node_ip_address": _LOOPBACK,
        }
        try:
            ray.init(
                address or "local",
                log_to_driver=False,
                logging_level=logging.ERROR,
                **({} if address else options),
            )
        except (ray.exceptions.RayError, OSError, ValueError, RuntimeError) as error:
            where = f"at {address!r}" if address else "on this machine"
            raise BulkFault(
                f"Ray cannot be used {where}: {_first_line(error)}. Check ZHENGWEN_BULK__RAY_ADDRESS, or "
                "take --engine pool"
            ) from error
        try:
            yield
        finally:
            ray.shutdown()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
