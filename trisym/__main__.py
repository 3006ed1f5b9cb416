"""The command line, `trisym` or `python -m trisym`: app, train, evaluate, export and more."""

from __future__ import annotations

import json

import click

import trisym
from trisym import devices
from trisym.cli.app import app
from trisym.cli.export import export
from trisym.cli.reproduce import reproduce
from trisym.cli.tables import metrics_table
from trisym.cli.train import train
from trisym.errors import ConfigError, TrisymError
from trisym.evaluation import FRESH_SEED, TRIANGLES, evaluate
from trisym.storage import checkpoints

SEED = FRESH_SEED + 2  # neither the training's, nor the one that the card was measured with


class Group(click.Group):
    """Commands whose errors are sentences: no traceback for what a user can cause."""

    def invoke(self, ctx: click.Context) -> object:
        devices.keep_to_cores()
        try:
            return super().invoke(ctx)
        except TrisymError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(trisym.__version__, prog_name="trisym")
def main() -> None:
    """Learn, measure and reproduce the symmetries of triangles."""


main.add_command(app)
main.add_command(train)
main.add_command(reproduce)
main.add_command(export)


@main.command("evaluate")
@click.argument("model", metavar="FILE|NAME")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the fresh triangles.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_command(model: str, seed: int, as_json: bool) -> None:
    """Measure a model on fresh triangles, beside what its card says."""
    network, card = checkpoints.read(model)
    measured = evaluate(network, card.config, seed)
    if as_json:
        found = {"model": card.name, "seed": seed, "metrics": measured, "card": card.as_dict()}
        click.echo(json.dumps(found, indent=2, allow_nan=False, ensure_ascii=False))
        return
    data = card.config.data.name
    click.echo(f"{card.name}: {TRIANGLES:,} fresh triangles of the set {data}, seed {seed}")
    click.echo(metrics_table({"measured": measured, "card": card.metrics}))


@main.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--quick", is_flag=True, help="Measure less: one seed, where there are several.")
def bench(name: str, as_json: bool, quick: bool) -> None:
    """Measure what is claimed about speed, on this machine."""
    try:
        from benchmarks import report  # beside trisym in a checkout, not a part of it
    except ModuleNotFoundError as error:
        if error.name != "benchmarks":
            raise
        raise ConfigError(
            "The benchmarks lie beside trisym in its repository: run this from a checkout."
        ) from error
    found = report.quickly(name) if quick else report.load(name).run()
    click.echo(found.as_json() if as_json else found.as_text())


if __name__ == "__main__":
    main(prog_name="python -m trisym")
