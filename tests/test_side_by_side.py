"""Recipes side by side, on Dask and on this machine: order, files that travel, failures."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import psutil  # type: ignore[import-untyped]
import pytest
from distributed import Client, LocalCluster

from trisym import experiments
from trisym.errors import TrainingError
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.experiments.side_by_side import processes, reproduce_on
from trisym.storage import results

TOGETHER_S = 20


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two threads of this process as workers: they see the recipes of these tests."""
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture
def recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """`sum` stands on `one` and `two`, which wait for each other: only side by side they end."""
    both = threading.Barrier(2)

    def number(value: int) -> pd.DataFrame:
        both.wait(TOGETHER_S)
        return pd.DataFrame({"value": [value]})

    def add(context: RecipeContext) -> pd.DataFrame:
        tables = [results.load(name, context.folder / "results") for name in ("one", "two")]
        return sum(tables[1:], tables[0])

    def fail(_: RecipeContext) -> pd.DataFrame:
        raise TrainingError("the loss stopped being finite")

    made = {
        "sum": Recipe("sum", "0", add, ("one", "two")),
        "one": Recipe("one", "0", lambda _: number(1)),
        "two": Recipe("two", "0", lambda _: number(2)),
        "failing": Recipe("failing", "0", fail, ("sum",)),
    }
    monkeypatch.setattr(experiments, "RECIPES", MappingProxyType(made))


@pytest.mark.usefixtures("recipes")
def test_recipes_run_side_by_side_each_after_what_it_needs(client: Client, tmp_path: Path) -> None:
    done = list(reproduce_on(client.get_executor(), ["sum"], lambda name: True, tmp_path))
    assert sorted(done) == ["one", "sum", "two"]
    assert done[-1] == "sum"
    assert results.load("sum", tmp_path / "results")["value"].tolist() == [3]
    assert experiments.is_current("sum", tmp_path)
    again = reproduce_on(
        client.get_executor(), ["sum"], lambda n: not experiments.is_current(n, tmp_path), tmp_path
    )
    assert list(again) == []


@pytest.mark.usefixtures("recipes")
def test_what_a_recipe_raises_is_raised_here_and_the_others_are_kept(
    client: Client, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="stopped being finite"):
        list(reproduce_on(client.get_executor(), ["failing"], lambda name: True, tmp_path))
    assert results.names(tmp_path / "results") == ["one", "sum", "two"]


def test_a_process_of_this_machine_writes_what_is_shipped(tmp_path: Path) -> None:
    """A recipe that takes no time, made again from nothing."""
    with processes(1) as workers:
        assert list(reproduce_on(workers, ["exact"], lambda name: True, tmp_path)) == ["exact"]
    pd.testing.assert_frame_equal(
        results.load("exact", tmp_path / "results"), results.load("exact"), rtol=1e-5
    )


def test_processes_end_when_the_block_does() -> None:
    before = multiprocessing.active_children()

    def interrupted() -> None:
        with processes(1) as workers:
            begun = workers.submit(time.sleep, 1000)
            while not begun.running():
                time.sleep(0.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert multiprocessing.active_children() == before


def test_not_even_kill_leaves_a_process_behind() -> None:
    script = (
        "import os, time; from trisym.experiments.side_by_side import processes\n"
        "if __name__ == '__main__':\n"
        "    with processes(1) as workers:\n"
        "        print(workers.submit(os.getpid).result(), flush=True)\n"
        "        workers.submit(time.sleep, 1000).result()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        worker.wait(60)
