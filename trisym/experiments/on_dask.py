"""Recipes on a Dask cluster: each runs once what it stands on is there; files travel as bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import torch
from distributed import Client, Future, as_completed

from trisym import experiments
from trisym.storage import results
from trisym.storage.files import write_atomically

Files = dict[str, bytes]  # by their path under pretrained/


def remake(name: str, files: Files) -> Files:
    """Run a recipe, on a worker, where these files are; return those that it wrote."""
    torch.set_num_threads(1)
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
    client: Client,
    names: Sequence[str],
    due: Callable[[str], bool],
    folder: Path = results.PRETRAINED,
) -> Iterator[str]:
    """Run recipes and all that they stand on; yield each name once its files are written.

    `due` says, when all that a recipe stands on is there, whether it must run. What a recipe raises
    on its worker is raised here; the files of those that ended before it are kept.
    """
    waiting = experiments.in_order(names)
    running: dict[Future, str] = {}
    ended = as_completed(loop=client.loop)

    def start() -> None:
        while ready := _ready(waiting, running.values()):
            for name in ready:
                waiting.remove(name)
                if due(name):
                    future = client.submit(remake, name, read(folder), pure=False)
                    running[future] = name
                    ended.add(future)

    start()
    try:
        for future in ended:
            for path, content in future.result().items():
                write_atomically(folder / path, content)
            yield running.pop(future)
            start()
    finally:
        client.cancel(list(running))


def _ready(waiting: Iterable[str], running: Iterable[str]) -> list[str]:
    """Return what stands on nothing that is still to come."""
    to_come = {*waiting, *running}
    return [name for name in waiting if not to_come & set(experiments.RECIPES[name].needs)]
