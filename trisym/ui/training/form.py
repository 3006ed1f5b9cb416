"""The form of the training page: what is chosen is in the link, and said in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

import streamlit as st

from trisym.config import OPTIMIZERS, PRESETS, FitConfig
from trisym.datasets import DATASETS
from trisym.devices import DEVICES
from trisym.jobs import estimate
from trisym.losses import LOSSES
from trisym.storage import checkpoints
from trisym.ui.training.choice import BUDGETS, NETWORKS, Choice

KEPT, WRITTEN, PRESSED = "training:choice", "training:written", "training:pressed"
PRESET_TITLES = {
    "fast": "Fast: good in half a minute",
    "thesis": "As the thesis was run: hours",
    "thesis-text": "As the thesis says: Adagrad, hours",
}


def _key(field: str) -> str:
    return f"training:{field}"


def choose() -> tuple[Choice, list[str], bool]:
    """Show the form; return the choice, sentences about a link that asked for what can't be, and
    whether Train was pressed.
    """
    faults = _start()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # Streamlit repeats a click whose run was overtaken; one for another key comes to nothing.
        times = st.session_state.setdefault(PRESSED, 0)
        pressed = st.button(
            "Train", type="primary", icon=":material/play_circle:", key=f"train:{times}"
        )
        st.session_state[PRESSED] = times + pressed
        _select("dataset", "Triangles", {name: e.title for name, e in DATASETS.items()}, 200)
        _select("network", "Network", NETWORKS, 210)
        losses = {name: entry.title.partition(",")[0] for name, entry in LOSSES.items()}
        _select("loss", "Loss on", losses, 155)
        st.number_input("Latent h", step=1, key=_key("h"), width=88)
        with st.popover("More", help="Preset, optimiser, budget, seed, device …"):
            _settings()
    choice = Choice(**{f.name: st.session_state[_key(f.name)] for f in fields(Choice)})
    _write(choice)
    return choice, faults, pressed


def _start() -> list[str]:
    """Set the widgets where the visitor comes by a link, or comes back from another page."""
    names = [field.name for field in fields(Choice)]
    asked = {name: st.query_params[name] for name in names if name in st.query_params}
    kept: Choice | None = st.session_state.get(KEPT)
    if kept is None or (asked and asked != st.session_state.get(WRITTEN)):
        choice, faults = Choice.from_query(asked)
        _set(choice)
        return faults
    if any(_key(name) not in st.session_state for name in names):
        _set(kept)
    return []


def _set(choice: Choice) -> None:
    for name, value in asdict(choice).items():
        st.session_state[_key(name)] = value


def _write(choice: Choice) -> None:
    st.session_state[KEPT] = choice
    query = choice.to_query()
    st.session_state[WRITTEN] = query
    for field in fields(Choice):
        if field.name in query:
            if st.query_params.get(field.name) != query[field.name]:
                st.query_params[field.name] = query[field.name]
        elif field.name in st.query_params:
            del st.query_params[field.name]


def _select(field: str, label: str, titles: Mapping[str, str], width: int) -> None:
    st.selectbox(label, list(titles), format_func=titles.__getitem__, key=_key(field), width=width)


def _take_preset() -> None:
    kept: Choice = st.session_state[KEPT]
    _set(kept.with_preset(st.session_state[_key("preset")]))


def _take_optimizer() -> None:
    st.session_state[_key("lr")] = OPTIMIZERS[st.session_state[_key("optimizer")]].lr


def _settings() -> None:
    """Everything that a first run need not know."""
    st.selectbox(
        "Preset",
        list(PRESETS),
        format_func=PRESET_TITLES.__getitem__,
        key=_key("preset"),
        on_change=_take_preset,
    )
    left, right = st.columns(2)
    with left:
        st.radio("Budget in", BUDGETS, key=_key("budget"), horizontal=True)
        titles = {name: entry.title for name, entry in OPTIMIZERS.items()}
        st.selectbox(
            "Optimiser",
            list(titles),
            format_func=titles.__getitem__,
            key=_key("optimizer"),
            on_change=_take_optimizer,
        )
        st.number_input("Batch", step=1, key=_key("batch"))
        st.number_input("Triangles in the set", step=1000, key=_key("n"))
        st.number_input("Seed", step=1, key=_key("seed"))
    with right:
        st.number_input("Budget", step=1.0, format="%g", key=_key("amount"))
        st.number_input("Learning rate", step=0.001, format="%g", key=_key("lr"))
        st.number_input("Slope of the leaky ReLU", step=0.01, format="%g", key=_key("slope"))
        st.text_input("Hidden widths, if other", key=_key("widths"))
        st.selectbox("Device", DEVICES, key=_key("device"))


def sentence(config: FitConfig) -> str:
    """Say what will be trained on what, and roughly how long it takes on this machine."""
    network = config.network
    shape = " → ".join(str(width) for width in network.sizes)
    numbers = estimate.parameters(config)
    steps = config.steps_per_epoch
    each = estimate.seconds_a_step(config)
    if config.seconds is not None:
        epochs = config.seconds / each / steps
        time = f"It stops after {_time(config.seconds)}: about {_epochs(epochs)} here."
    else:
        assert config.epochs is not None  # a FitConfig has one of the two
        time = (
            f"{config.epochs:,} epochs take about {_time(config.epochs * steps * each)} here, "
            "and repeat to the bit."
        )
    return (
        f"{shape}: {numbers:,} numbers to learn from {config.data.trained_on:,} triangles, "
        f"{config.batch} a step. {time}"
    )


def refuse_early(config: FitConfig) -> None:
    """Raise ConfigError for a network too large to save, before anybody presses Train."""
    checkpoints.check_size(config)


def _epochs(count: float) -> str:
    return f"{count:,.0f} epochs" if count >= 2 else f"{count:.2g} epochs"


def _time(seconds: float) -> str:
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} s"
