"""`trisym export`: a live view as one HTML file, or as a notebook."""

from __future__ import annotations

from pathlib import Path

import click

import trisym


@click.command()
@click.argument("page", metavar="PAGE|LINK")
@click.argument("out", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME|FILE",
    help="A model to show, shipped or your own; up to three.",
)
def export(page: str, out: Path, models: tuple[str, ...]) -> None:
    """Write a live view as one file: OUT.html works offline, OUT.ipynb computes its numbers.

    PAGE is symmetry, symmetries, inside, latent_space, training, energy, hidden_symmetries,
    more_points, physics or vae; a LINK is the address of such a page, and its scene goes along.
    """
    try:
        file = trisym.export(page, out, models)
    except trisym.TrisymError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size / 1e6:.2f} MB")
