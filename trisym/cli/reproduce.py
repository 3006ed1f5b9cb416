"""`reproduce`: run recipes again, one after the other, and write `pretrained/`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import click
import torch

from trisym.errors import ConfigError, TrisymError
from trisym.experiments import RECIPES, THESIS, in_order, is_current
from trisym.experiments import reproduce as run_recipe
from trisym.thesis import readme_table, recheck
from trisym.training.sweeps import fastest_threads

STEPS = 1000  # of the progress bar


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--all", "everything", is_flag=True, help="Every recipe that is not up to date.")
@click.option("--thesis", is_flag=True, help="The thesis's own protocol: an hour; it goes on.")
@click.option("--force", is_flag=True, help="With --all: also what is up to date.")
@click.option("--list", "listing", is_flag=True, help="Say which recipes there are.")
@click.option("--check", "checking", is_flag=True, help="Measure again, quickly: what drifted?")
@click.option("--readme", "writing", is_flag=True, help="Only write the README's results anew.")
def reproduce(
    names: Sequence[str],
    everything: bool,
    thesis: bool,
    force: bool,
    listing: bool,
    checking: bool,
    writing: bool,
) -> None:
    """Run recipes, after those that they stand on, and write pretrained/ anew.

    --all may be stopped at any time: it goes on with the first recipe that is not up to date, and
    ends with the README's table of results. --thesis runs the thesis's own protocol, which --all
    leaves out; killed at any time, it goes on from the states under $TRISYM_HOME/cache. With
    TRISYM_SCHEDULER=tcp://… recipes run on that Dask cluster, side by side.
    """
    if listing:
        _list()
        return
    if checking:
        _check()
        return
    if writing:
        readme_table.write()
        return
    if [everything, thesis, bool(names)].count(True) != 1:
        raise ConfigError(
            "Name the recipes to run, or give --all or --thesis; --list says which there are."
        )
    asked = list(names) or list(THESIS if thesis else RECIPES)
    torch.set_num_threads(fastest_threads())

    def due(name: str) -> bool:
        return name in names or force or not is_current(name)

    if os.environ.get("TRISYM_SCHEDULER"):
        _run_on_cluster(asked, due)
    else:
        for name in in_order(asked):
            if due(name):
                _run(name)
    if everything or thesis:
        readme_table.write()


def _run_on_cluster(names: Sequence[str], due: Callable[[str], bool]) -> None:
    from trisym.experiments import on_dask as recipes  # here, because Dask takes a second to import
    from trisym.jobs import cluster  # here, because Dask takes a second to import

    connected = cluster.connect()
    try:
        for name in recipes.reproduce_on(connected.client, names, due):
            click.echo(f"{name}: done")
    finally:
        connected.close()


def _check() -> None:
    torch.set_num_threads(1)
    drifted = 0
    for finding in recheck.check():
        drifted += finding.drifted
        verdict = "DRIFTED" if finding.drifted else "as stored"
        numbers = f"stored {finding.stored:.4g}, found {finding.found:.4g}"
        click.echo(f"{verdict:9}  {finding.name}: {finding.what} {numbers}")
    if drifted:
        raise TrisymError(f"{drifted} of what was measured again is not as it was stored.")


def _list() -> None:
    width = max(map(len, (*RECIPES, *THESIS)))
    for group, recipes in (("", RECIPES), ("The thesis's own protocol (--thesis):", THESIS)):
        if group:
            click.echo(f"\n{group}")
        for name, recipe in recipes.items():
            state = "up to date" if is_current(name) else "to be run"
            click.echo(f"{name:{width}}  {state:10}  section {recipe.section}: {recipe.title}")


def _run(name: str) -> None:
    with click.progressbar(length=STEPS, label=name, item_show_func=lambda what: what) as bar:

        def show(share: float, what: str) -> None:
            bar.update(max(0, round(share * STEPS) - bar.pos), what)

        table = run_recipe(name, progress=show)
    click.echo(f"{name}: {len(table)} rows")
