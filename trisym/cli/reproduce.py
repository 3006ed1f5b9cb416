"""`reproduce`: run recipes again, a few at a time, and write `pretrained/`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

import click
import torch

from trisym import devices
from trisym.errors import ConfigError, TrisymError
from trisym.experiments import BEYOND, RECIPES, THESIS, in_order, is_current, side_by_side
from trisym.experiments import reproduce as run_recipe
from trisym.experiments.recipe import Recipe
from trisym.storage import results
from trisym.thesis import readme_table, recheck
from trisym.training.sweeps import fastest_threads

STEPS = 1000  # of the progress bar
GROUPS: tuple[tuple[str, str, Mapping[str, Recipe]], ...] = (
    (
        "all",
        "The thesis's results",
        {name: recipe for name, recipe in RECIPES.items() if name not in BEYOND},
    ),
    ("beyond", "What it would have done next, and what a seed decides", BEYOND),
    ("thesis", "The thesis's own protocol", THESIS),
)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--all", "group", flag_value="all", help="The thesis's results, by our protocol.")
@click.option("--beyond", "group", flag_value="beyond", help="What it would have done next: hours.")
@click.option("--thesis", "group", flag_value="thesis", help="The thesis's own protocol: an hour.")
@click.option("--force", is_flag=True, help="With a group: also what is up to date.")
@click.option("--list", "listing", is_flag=True, help="Say which recipes there are.")
@click.option("--check", "checking", is_flag=True, help="Measure again, quickly: what drifted?")
@click.option("--readme", "writing", is_flag=True, help="Only write the README's results anew.")
def reproduce(
    names: Sequence[str],
    group: str | None,
    force: bool,
    listing: bool,
    checking: bool,
    writing: bool,
) -> None:
    """Run recipes, after those that they stand on, and write pretrained/ anew.

    --all, --beyond and --thesis run what is not up to date in their group, a recipe a core, and end
    with the README's table of results. Stopped at any time, they go on with what is still to come,
    --thesis from the states under $TRISYM_HOME/cache. With TRISYM_SCHEDULER=tcp://… recipes run on
    that Dask cluster.
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
    if (group is None) == (not names):
        raise ConfigError(
            "Name the recipes to run, or give --all, --beyond or --thesis; --list says which there "
            "are."
        )

    def due(name: str) -> bool:
        return name in names or force or not is_current(name)

    asked = list(names) or [n for key, _, part in GROUPS if key == group for n in part]
    _run(asked, due)
    if group:
        readme_table.write()


def _run(names: Sequence[str], due: Callable[[str], bool]) -> None:
    """Run recipes on the cluster that is set, or here; several at a time where they are many."""
    ordered = in_order(names)
    if os.environ.get("TRISYM_SCHEDULER"):
        from trisym.jobs import cluster  # here, because Dask takes a second to import

        connected = cluster.connect()
        try:
            _run_on(connected.client.get_executor(), names, due)
        finally:
            connected.close()
    elif len(names) > 1 and devices.cores() > 1 and devices.choose().type == "cpu":
        with side_by_side.processes(devices.cores()) as workers:
            _run_on(workers, names, due)
    else:
        torch.set_num_threads(fastest_threads())
        devices.keep_freed_memory()
        for name in ordered:
            if due(name):
                _run_alone(name)


def _run_on(workers: Executor, names: Sequence[str], due: Callable[[str], bool]) -> None:
    for name in side_by_side.reproduce_on(workers, names, due):
        click.echo(f"{name}: done in {results.load_card(name)['seconds']:.0f} s")


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
    width = max(len(name) for _, _, recipes in GROUPS for name in recipes)
    for key, title, recipes in GROUPS:
        click.echo(f"{title} (--{key}):")
        for name, recipe in recipes.items():
            state = "up to date" if is_current(name) else "to be run"
            click.echo(f"  {name:{width}}  {state:10}  section {recipe.section}: {recipe.title}")


def _run_alone(name: str) -> None:
    with click.progressbar(length=STEPS, label=name, item_show_func=lambda what: what) as bar:

        def show(share: float, what: str) -> None:
            bar.update(max(0, round(share * STEPS) - bar.pos), what)

        table = run_recipe(name, progress=show)
    click.echo(f"{name}: {len(table)} rows")
