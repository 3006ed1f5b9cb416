"""Recipes side by side, on this machine's cores or a Dask cluster's; files travel as bytes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import torch

from trisym import devices, experiments
from trisym.storage import results
from trisym.storage.files import write_atomically

Files = dict[str, bytes]  # by their path under pretrained/


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Give as many processes of this machine; they end with the block, whatever ends that."""
    spawned = multiprocessing.get_context("spawn")  # a fork would copy torch's threads' locks
    others = multiprocessing.active_children()
    with ProcessPoolExecutor(count, spawned, initializer=_end_with_the_parent) as pool:
        try:
            yield pool
        except BaseException:
            for process in multiprocessing.active_children():
                if process not in others:
                    process.terminate()
            raise


def _end_with_the_parent() -> None:
    """Leave Ctrl-C to it, and let not even `kill -9` of it leave this process behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None  # as a pool's

    def wait_for_it() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_for_it, daemon=True).start()


def remake(name: str, files: Files) -> Files:
    """Run a recipe, on a worker, where these files are; return those that it wrote."""
    torch.set_num_threads(1)
    devices.keep_freed_memory()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for path, content in files.items():
            write_atomically(folder / path, content)
        experiments.reproduce(name, folder)
        return {path: new for path, new in read(folder).items() if files.get(path) != new}


def read(folder: Path) -> Files:
    """Return the models and tables of a folder."""
    kinds = ("*.safetensors", "*.csv", "*.json")
    found = [path for kind in kinds for path in folder.rglob(kind)]
    return {str(path.relative_to(folder).as_posix()): path.read_bytes() for path in found}


def reproduce_on(
    workers: Executor,
    names: Sequence[str],
    due: Callable[[str], bool],
    folder: Path = results.PRETRAINED,
) -> Iterator[str]:
    """Run recipes and all that they stand on, those first that took longest; yield those done.

    `due` says, when all that a recipe stands on is there, whether it must run. What a recipe raises
    on its worker is raised here; the files of those that ended before it are kept.
    """
    before = {name: _seconds(name, folder) for name in experiments.in_order(names)}
    waiting = sorted(before, key=before.__getitem__, reverse=True)
    running: dict[Future[Files], str] = {}
    try:
        while True:
            while ready := _ready(waiting, running.values()):
                for name in ready:
                    waiting.remove(name)
                    if due(name):
                        running[workers.submit(remake, name, read(folder))] = name
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                for path, content in future.result().items():
                    write_atomically(folder / path, content)
                yield running.pop(future)
    finally:
        for future in running:
            future.cancel()


def _ready(waiting: Iterable[str], running: Iterable[str]) -> list[str]:
    """Return what stands on nothing that is still to come."""
    to_come = {*waiting, *running}
    return [name for name in waiting if not to_come & set(experiments.named(name).needs)]


def _seconds(name: str, folder: Path) -> float:
    """Return how long a recipe took the last time; 0 when it has never run."""
    made = folder / "results"
    return float(results.load_card(name, made)["seconds"]) if name in results.names(made) else 0.0
