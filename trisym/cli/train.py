"""`train`: a run in the terminal, with a state to go on from after Ctrl-C and a measured model."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import click
from click.core import ParameterSource

from trisym import devices
from trisym.cli import output_files
from trisym.cli.output_files import STATE_SUFFIX, OutputFiles
from trisym.cli.settings import build_config, given, settings_options
from trisym.cli.tables import metrics_table
from trisym.config import PRESETS
from trisym.errors import ConfigError, TrainingError, TrisymError
from trisym.evaluation import evaluate
from trisym.film import epochs_shown
from trisym.networks import AutoencoderConfig
from trisym.storage import checkpoints
from trisym.storage.cards import make_card
from trisym.storage.states import resume as resume_run
from trisym.storage.states import save_state
from trisym.training.fit import Fit, fit
from trisym.training.trainer import Record

SHARES = 1000  # steps of the progress bar
RECORDS_AN_EPOCH = 10  # so that the bar moves, and Ctrl-C is heard, within a second
INTERRUPTED = 130  # the exit code of what Ctrl-C ended


@click.command()
@click.option("--preset", type=click.Choice(list(PRESETS)), default="fast", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="The .safetensors file to write.")
@click.option("--name", help="What to call the model; the file's name unless given.")
@click.option("--overwrite", is_flag=True, help="Replace the files of an earlier run.")
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar=f"FILE{STATE_SUFFIX}",
    help="Go on from an interrupted run.",
)
@settings_options
@click.pass_context
def train(
    ctx: click.Context,
    preset: str,
    out: Path | None,
    name: str | None,
    overwrite: bool,
    resume: Path | None,
) -> None:
    """Train an autoencoder and write it to a file, with its measured errors.

    Ctrl-C leaves a state to go on from with --resume. A value in brackets is the preset's.
    """
    if resume is None:
        config = build_config(preset, given(ctx))
        files = output_files.choose(config, out, name, None, overwrite)
        run = fit(config, records_per_epoch=RECORDS_AN_EPOCH)
    else:
        _check_nothing_else_set(ctx)
        run = resume_run(resume, records_per_epoch=RECORDS_AN_EPOCH)
        if not isinstance(run.config.network, AutoencoderConfig):
            raise ConfigError("This state is of an energy predictor: `reproduce` trains those.")
        files = output_files.choose(run.config, out, name, resume, overwrite)
    outcome = _followed(run, files.name)
    if outcome.interrupted:
        save_state(run, files.state)
        click.echo(f"Stopped; nothing is lost. To go on:\n  {files.resuming}", err=True)
        ctx.exit(INTERRUPTED)
    if outcome.last is not None:
        _write_model(run, outcome.last, files)
    if outcome.error is not None:
        raise outcome.error


def _check_nothing_else_set(ctx: click.Context) -> None:
    options = [f"--{name}" for name in given(ctx)]
    if ctx.get_parameter_source("preset") is not ParameterSource.DEFAULT:
        options.insert(0, "--preset")
    if options:
        raise ConfigError(f"A resumed run keeps its own settings: leave out {', '.join(options)}.")


class Finished(NamedTuple):
    """End of a run in the terminal: by itself, by Ctrl-C, or by an error."""

    last: Record | None
    interrupted: bool = False
    error: TrainingError | None = None


def _followed(run: Fit, name: str) -> Finished:
    """Train to the end of the budget, or to the record after a Ctrl-C, under a progress bar."""
    last, trainer = None, run.trainer
    begun = trainer.progress(0)
    bar_shown = click.progressbar(
        length=SHARES, label=name, item_show_func=_words, width=0, file=sys.stderr
    )
    with _interrupts_noted() as interrupt, bar_shown as bar:
        try:
            for last in run:
                share = min(1.0, run.config.spent(last.epoch, last.seconds))
                done = (share - begun) / (1 - begun)  # of what was left: that makes the ETA right
                bar.update(round(SHARES * done) - bar.pos, last)
                if interrupt.is_set() and trainer.live:
                    return Finished(last, interrupted=True)
        except TrainingError as error:
            return Finished(last, error=error)
    return Finished(last)


def _words(record: Record | None) -> str:
    """Return the text beside the progress bar."""
    if record is None:
        return ""
    return (
        f"epoch {epochs_shown(record.epoch)}, loss {record.train_loss:.4f}, "
        f"side error {record.side_error:.4f}"
    )


@contextmanager
def _interrupts_noted() -> Iterator[threading.Event]:
    """Note the first Ctrl-C and raise at the second, so that the first cuts no step in two."""
    noted = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        noted.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def _write_model(run: Fit, last: Record, files: OutputFiles) -> None:
    """Write the model as it was at the last record, and print what it is worth."""
    model = run.model()
    device = devices.describe(run.config.device)
    try:
        metrics = evaluate(model, run.config)
    except TrisymError as error:  # its weights are worth keeping all the same
        metrics = {}
        click.echo(f"It could not be measured: {error}", err=True)
    card = make_card(files.name, run.config, last, metrics, device)
    checkpoints.save(model, card, files.model)
    done = f"{epochs_shown(last.epoch)} epochs in {last.seconds:.0f} s"
    click.echo(f"{files.model}: {done} on {device}")
    click.echo(metrics_table({"measured": metrics}))
