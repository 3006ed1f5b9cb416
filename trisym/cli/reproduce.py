"""`reproduce`: run recipes again, one after the other, and write `pretrained/`."""

from __future__ import annotations

from collections.abc import Sequence

import click
import torch

from trisym.errors import ConfigError
from trisym.experiments import RECIPES, in_order, is_current
from trisym.experiments import reproduce as run_recipe

STEPS = 1000  # of the progress bar


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--all", "everything", is_flag=True, help="Every recipe that is not up to date.")
@click.option("--force", is_flag=True, help="With --all: also what is up to date.")
@click.option("--list", "listing", is_flag=True, help="Say which recipes there are.")
def reproduce(names: Sequence[str], everything: bool, force: bool, listing: bool) -> None:
    """Run recipes, after those that they stand on, and write pretrained/ anew.

    --all may be stopped at any time: it goes on with the first recipe that is not up to date.
    """
    if listing:
        _list()
        return
    if everything == bool(names):
        raise ConfigError("Name the recipes to run, or give --all; --list says which there are.")
    # The models are small: a second thread waits more than it works (`bench sweep` measures it).
    torch.set_num_threads(1)
    wanted = in_order(names or list(RECIPES))
    for name in wanted:
        if name in names or force or not is_current(name):
            _run(name)


def _list() -> None:
    width = max(map(len, RECIPES))
    for name, recipe in RECIPES.items():
        state = "up to date" if is_current(name) else "to be run"
        click.echo(f"{name:{width}}  {state:10}  section {recipe.section}: {recipe.title}")


def _run(name: str) -> None:
    with click.progressbar(length=STEPS, label=name, item_show_func=lambda what: what) as bar:

        def show(share: float, what: str) -> None:
            bar.update(max(0, round(share * STEPS) - bar.pos), what)

        table = run_recipe(name, progress=show)
    click.echo(f"{name}: {len(table)} rows")
