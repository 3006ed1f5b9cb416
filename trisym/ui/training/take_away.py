"""A run's files to take away: one by one, or those of several runs in one zip."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pandas as pd
import streamlit as st

from trisym.errors import TrisymError
from trisym.jobs import script
from trisym.outside_text import in_cell, in_markdown
from trisym.storage import checkpoints, saved_runs
from trisym.storage.saved_runs import Entry
from trisym.ui.kit.tables import errors_as_sentences
from trisym.ui.training.compare import METRICS, groups, spread_of

README = """Training runs of trisym, one folder each:

  NAME.safetensors   the model, for trisym.load("NAME.safetensors")
  NAME.json          its card: configuration, metrics, versions
  NAME.csv           its history: losses and side error as it trained
  NAME.film.safetensors   the film of its latent space
  repeat_NAME.py     a script that trains it again

runs.csv has a row a run: settings and metrics, measured on 20,000 fresh triangles each.

Mean ± standard deviation of runs that differ in their seed alone:
"""


def show(entry: Entry) -> None:
    """Offer a run's files: the model, its card, its history, and a script that repeats it."""
    with st.container(horizontal=True):
        if entry.has_model:
            with errors_as_sentences():
                _offer_model(entry)
        if saved_runs.part(entry.id, "history"):
            with errors_as_sentences():
                _offer(f"{entry.name}.csv", saved_runs.history_bytes(entry.id), "its history")
            with errors_as_sentences():
                what = "a Python script that repeats it"
                _offer(script.filename(entry), script.repeat(entry), what)


def show_several(entries: Sequence[Entry]) -> None:
    """Offer all files of several runs at once; they are put together when they are asked for."""
    st.download_button(
        f"All {len(entries)} runs as one zip",
        lambda: zipped(entries),
        file_name="runs.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key="download:zip",
        help="Models, cards, histories, films, scripts, and a table of all",
    )


def zipped(entries: Sequence[Entry]) -> bytes:
    """Return a zip with the files of the runs, a table of all, and a README."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README + "\n".join(_spreads(entries)) + "\n")
        archive.writestr("runs.csv", table(entries))
        for entry in entries:
            for name, file in _files(entry):
                archive.writestr(f"{entry.name}/{name}", file)
    return content.getvalue()


def _files(entry: Entry) -> Iterator[tuple[str, bytes | str]]:
    """Yield what there is of a run, by name; what can't be read is left out."""
    endings = {"model": ".safetensors", "history": ".csv", "film": ".film.safetensors"}
    for part, ending in endings.items():
        if content := saved_runs.part(entry.id, part):
            yield f"{entry.name}{ending}", content
    if entry.has_model:
        with suppress(TrisymError):
            yield f"{entry.name}.json", _card(entry)
    if entry.status != "uploaded":
        yield script.filename(entry), script.repeat(entry)


def _card(entry: Entry) -> str:
    card = checkpoints.load_card(saved_runs.model_path(entry.id))
    return json.dumps(card.as_dict(), indent=2, ensure_ascii=False)


def table(entries: Sequence[Entry]) -> bytes:
    """Return a row a run as CSV: what it is, its settings and its metrics in full."""
    rows = [
        {
            "name": in_cell(entry.name),
            "status": entry.status,
            "triangles": entry.config.data.name,
            "set size": entry.config.data.n,
            "loss": entry.config.loss,
            "h": getattr(entry.config.network, "latent", None),
            "optimizer": entry.config.optimizer,
            "lr": entry.config.lr,
            "batch": entry.config.batch,
            "seed": entry.config.seed,
            "epochs": entry.epochs,
            "steps": entry.steps,
            "seconds": entry.seconds,
            "device": in_cell(entry.device),
            **entry.metrics,
        }
        for entry in entries
    ]
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode()


def _spreads(entries: Sequence[Entry]) -> Iterator[str]:
    for name, of in groups(entries).items():
        found = ", ".join(f"{text} {spread_of(of, metric)}" for metric, text in METRICS.items())
        yield f"  {name}: {found}"


def _offer_model(entry: Entry) -> None:
    _offer(f"{entry.name}.safetensors", saved_runs.model_bytes(entry.id), "the model")
    _offer(f"{entry.name}.json", _card(entry), "its card: configuration, metrics, versions")


def _offer(name: str, content: str | bytes, what: str) -> None:
    st.download_button(
        in_markdown(name),
        content,
        file_name=name,
        icon=":material/download:",
        on_click="ignore",
        help=f"Download {what}",
        key=f"download:{name}",
    )
