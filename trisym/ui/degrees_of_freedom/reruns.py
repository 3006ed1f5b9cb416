"""A figure's run again, small, in the training lab's queue: where does it land on the curve?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

import trisym
from trisym.storage.run_states import UNFINISHED
from trisym.ui.kit import notices, visitor
from trisym.ui.kit.tables import short

KEY = "reruns"
SETS = {
    "random": "Random triangles",
    "translation-a": "Set a, one triangle lifted",
    "translation-b": "Set b, flat triangles",
    "translation-c": "Set c, random translations",
}
TRIANGLES = 20_000
EPOCHS = 40  # of 16,000: a tenth of the steps behind the curves
SEED = 7  # one that the shipped curves have not used
LATENTS = tuple(range(1, 11))

Points = tuple[tuple[int, float, float], ...]
POINT = ["h", "mse", "side_error"]


def small_fit(dataset: str, h: int) -> trisym.FitConfig:
    """Return a run of a few seconds on the network of table 1, as `fast` as the curves."""
    network = trisym.AutoencoderConfig(hidden=(), latent=h)
    data = trisym.DataConfig(dataset, n=TRIANGLES)
    return replace(
        trisym.PRESETS["fast"], network=network, data=data, loss="mse", epochs=EPOCHS, seed=SEED
    )


def ask() -> None:
    """Ask for a set and an h, and queue the run."""
    chosen, size, button = st.columns([3, 2, 2], vertical_alignment="bottom")
    chosen.selectbox("Set", list(SETS), format_func=SETS.__getitem__, key="rerun-set")
    size.selectbox("h", LATENTS, index=5, key="rerun-h")
    button.button(
        "Train it here",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=notices.carry_out,
        args=(KEY, _submit),
    )
    notices.show(KEY)


def _submit() -> None:
    from trisym.jobs import queue

    dataset, h = st.session_state["rerun-set"], st.session_state["rerun-h"]
    who, name = visitor.current(), f"{dataset}-h{h}"
    job = queue.open_queue().submit(small_fit(dataset, h), name, who)
    st.session_state.setdefault(KEY, []).append(job.id)
    st.rerun()  # the whole page: what watches it starts to tick


def runs() -> pd.DataFrame:
    """Return this visitor's runs: dataset, h, standing, share; when done, mse and side_error."""
    rows = []
    if asked := st.session_state.get(KEY, []):
        from trisym.jobs import queue

        jobs = [queue.find(run_id) for run_id in asked]
        rows = [
            {
                "dataset": job.config.data.name,
                "h": getattr(job.config.network, "latent", 0),
                "standing": job.status,
                "share": job.share,
                "mse": job.metrics.get("mse"),
                "side_error": job.metrics.get("side_error"),
            }
            for job in jobs
            if job
        ]
    columns = ["dataset", "h", "standing", "share", "mse", "side_error"]
    return pd.DataFrame(rows, columns=columns)


def landed(found: pd.DataFrame, dataset: str) -> Points:
    """Return the finished runs of a set: h, loss and side error of each."""
    rows = found[(found["dataset"] == dataset) & found["mse"].notna()]
    return tuple(rows[POINT].itertuples(index=False, name=None))


def table(points: Points) -> pd.DataFrame:
    """Return finished runs as the figures take them."""
    return pd.DataFrame(points, columns=POINT)


def waiting(found: pd.DataFrame) -> bool:
    """Say whether something is still to come."""
    return bool(found["standing"].isin(UNFINISHED).any())


def tell(found: pd.DataFrame) -> None:
    """Show how far each run is, and where the finished ones landed."""
    for row in found.itertuples():
        name = f"{row.dataset}, h = {row.h}"
        if row.standing in UNFINISHED:
            st.progress(float(row.share), f"{name}: {row.standing}")
        elif pd.isna(row.mse):
            st.caption(f"{name}: {row.standing}")
        else:
            st.caption(f"{name}: loss {short(row.mse)}, side error {short(row.side_error)}")
