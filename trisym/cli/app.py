"""`trisym app`: the app of this checkout or of the installed package."""

from __future__ import annotations

import runpy
import sys

import click

from trisym.paths import ROOT


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    options_metavar="[STREAMLIT OPTIONS]",
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="")
def app(options: tuple[str, ...]) -> None:
    """Serve the app in the browser, with options such as --server.port 8502."""
    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), *options]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
