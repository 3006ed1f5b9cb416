"""The form of the training page: what is chosen is in the link, and said in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from trisym.config import OPTIMIZERS, PRESETS, FitConfig
from trisym.datasets import DATASETS
from trisym.devices import DEVICES
from trisym.errors import TrisymError
from trisym.jobs import estimate
from trisym.losses import LOSSES
from trisym.names import LONGEST
from trisym.storage import checkpoints
from trisym.ui.kit import linked
from trisym.ui.training import here, start
from trisym.ui.training.choice import BUDGETS, CODES, NETWORKS, PLACES, Choice

KEPT, WRITTEN, GIVEN = "training:choice", "training:written", "training:given"
WHERE = (
    "Your browser trains plain networks, with no queue. A variational one (VAE), or one with an "
    "energy head, goes to the server"
)
PRESET_TITLES = {
    "fast": "Fast: good in half a minute",
    "thesis": "As the thesis was run: hours",
    "thesis-text": "As the thesis says: Adagrad, hours",
    "vae": "VAE: six nodes, at a price that leaves three",
}


def _key(field: str) -> str:
    return f"training:{field}"


def choose() -> tuple[Choice, list[str]]:
    """Show the form; return the choice, and sentences about a link that asked for what can't be.

    Each press starts what it says once, before the page runs again.
    """
    faults = _start()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.button(
            "Train",
            type="primary",
            icon=":material/play_circle:",
            key="train",
            on_click=lambda: start.one(_chosen()),
        )
        losses = {name: entry.title.partition(",")[0] for name, entry in LOSSES.items()}
        _select("loss", "Loss on", losses, 175, on_change=_to_server)
        _select("place", "Where", PLACES, 165, about=WHERE)
        with st.popover("More", help="Triangles, network, h, preset, optimiser, budget, seed …"):
            _settings()
    choice = _chosen()
    _write(choice)
    st.session_state[GIVEN] = set()
    return choice, faults


def start_several() -> None:
    """Offer to train several runs with one press."""
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Sides against coordinates",
            icon=":material/compare_arrows:",
            key="train-both",
            help="Trains the same network on both losses: watch two latent spaces form",
            on_click=lambda: start.both_losses(_chosen()),
        )
        st.button(
            "Ten seeds",
            icon=":material/casino:",
            key="train-seeds",
            help="The server trains the same from ten seeds in turn: how much is chance?",
            on_click=lambda: start.ten_seeds(_chosen()),
        )


def _chosen() -> Choice:
    return Choice(**{field.name: st.session_state[_key(field.name)] for field in fields(Choice)})


def _start() -> list[str]:
    """Set the widgets where the visitor comes by a link, or comes back from another page."""
    names = [field.name for field in fields(Choice)]
    asked = {name: st.query_params[name] for name in names if name in st.query_params}
    kept: Choice | None = st.session_state.get(KEPT)
    follow = bool(asked) or linked.navigated()
    if kept is None or (follow and asked != st.session_state.get(WRITTEN)):
        choice, faults = Choice.from_query(asked)
        _set(choice)
        return faults
    if any(_key(name) not in st.session_state for name in names):
        _set(kept)
    return []


def _set(choice: Choice) -> None:
    for name, value in asdict(choice).items():
        _give(name, value)


def _give(field: str, value: str | int | float) -> None:
    st.session_state[_key(field)] = value
    st.session_state.setdefault(GIVEN, set()).add(field)


def _from(field: str, options: Sequence[str] = ()) -> dict[str, Any]:
    """Return the arguments that start a widget where the choice stands.

    The browser makes a widget when it is first seen, inside “More” perhaps many runs later, and
    starts it from its default, not from what the session was given then. So the default is always
    the choice; only in the run in which the session was given it would Streamlit take offence.
    """
    key = _key(field)
    if field in st.session_state.get(GIVEN, ()):
        return {"key": key}
    value = st.session_state[key]
    start = {"index": list(options).index(value)} if options else {"value": value}
    return {"key": key, **start}


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


def _select(
    field: str,
    label: str,
    titles: Mapping[str, str],
    width: int | Literal["stretch"] = "stretch",
    *,
    on_change: Callable[[], None] | None = None,
    about: str | None = None,
) -> None:
    st.selectbox(
        label,
        list(titles),
        format_func=titles.__getitem__,
        width=width,
        on_change=on_change,
        help=about,
        **_from(field, [*titles]),
    )


def _to_server() -> None:
    """Send what no browser trains to the server, once it is asked for."""
    with suppress(TrisymError):  # the page says what can't be
        if here.beyond(_chosen().config()):
            _give("place", "server")


def _take_preset() -> None:
    kept: Choice = st.session_state[KEPT]
    _set(kept.with_preset(st.session_state[_key("preset")]))


def _take_optimizer() -> None:
    _give("lr", OPTIMIZERS[st.session_state[_key("optimizer")]].lr)


def _settings() -> None:
    """Everything that a first run need not know."""
    titles = {name: entry.title for name, entry in DATASETS.items()}
    _select("dataset", "Triangles", titles, on_change=_to_server)
    of, latent = st.columns([2, 1])
    with of:
        _select("network", "Network", NETWORKS)
    latent.number_input("Latent h", step=1, **_from("h"))
    weight, sees = st.columns(2)
    about = "λ of Fig. 15: adds so much of the energy's squared error. Molecules, server only"
    weight.number_input(
        "Energy, times",
        step=1.0,
        format="%g",
        help=about,
        on_change=_to_server,
        **_from("energy"),
    )
    sees.number_input("Its head sees nodes", step=1, help="The first ones", **_from("sees"))
    code, beta = st.columns([2, 1])
    with code:
        _select("code", "Code", CODES, on_change=_to_server)
    beta.number_input(
        "β of a VAE",
        step=0.001,
        format="%g",
        help="The price of a nat that a node says; a plain network has none. Server only",
        **_from("beta"),
    )
    who, name = st.columns(2)
    _text(who, "Your nickname", start.BY, start.LONGEST_BY, "The names of your runs begin with it")
    _text(name, "Name of the next run", start.NAME, LONGEST, "Else it is named by what it is")
    st.selectbox(
        "Preset",
        list(PRESETS),
        format_func=PRESET_TITLES.__getitem__,
        on_change=_take_preset,
        **_from("preset", list(PRESETS)),
    )
    left, right = st.columns(2)
    with left:
        st.radio("Budget in", BUDGETS, horizontal=True, **_from("budget", BUDGETS))
        titles = {name: entry.title for name, entry in OPTIMIZERS.items()}
        st.selectbox(
            "Optimiser",
            list(titles),
            format_func=titles.__getitem__,
            on_change=_take_optimizer,
            **_from("optimizer", list(titles)),
        )
        st.number_input("Batch", step=1, **_from("batch"))
        st.number_input("Triangles in the set", step=1000, **_from("n"))
        st.number_input("Seed", step=1, **_from("seed"))
    with right:
        st.number_input("Budget", step=1.0, format="%g", **_from("amount"))
        st.number_input("Learning rate", step=0.001, format="%g", **_from("lr"))
        st.number_input("Slope of the leaky ReLU", step=0.01, format="%g", **_from("slope"))
        st.text_input("Hidden widths, if other", **_from("widths"))
        st.selectbox("Device", DEVICES, **_from("device", DEVICES))


def _text(place: DeltaGenerator, label: str, kept: str, longest: int, about: str) -> None:
    """Ask for a text that outlives the widget, which is gone while another page is shown."""
    key = f"{kept}:typed"

    def keep() -> None:
        st.session_state[kept] = st.session_state[key]

    value = st.session_state.get(kept, "")
    place.text_input(label, value, max_chars=longest, help=about, key=key, on_change=keep)


def sentence(config: FitConfig, place: str) -> str:
    """Say what will be trained on what, where, and roughly how long it takes on this machine."""
    network = config.network
    shape = " → ".join(str(width) for width in network.sizes)
    numbers = estimate.parameters(config)
    taken = estimate.in_words(estimate.seconds(config))
    if place == "here" and config.seconds is not None:
        time = f"Your own browser trains it, and stops after {estimate.in_words(config.seconds)}."
    elif place == "here":
        time = f"Your own browser trains it for {config.epochs:,} epochs."
    elif config.seconds is not None:
        epoch = config.steps_per_epoch * estimate.seconds_a_step(config)
        time = f"It stops after {taken}: about {_epochs(config.seconds / epoch)} here."
    else:
        time = f"{config.epochs:,} epochs take about {taken} here, and repeat to the bit."
    what = here.beyond(config) if place == "server" else ""
    why = f" A browser trains no {what}, so this one goes to the server." if what else ""
    return (
        f"{shape}: {numbers:,} numbers to learn from {config.data.trained_on:,} triangles, "
        f"{config.batch} a step. {time}{why}"
    )


def refuse_early(config: FitConfig, place: str) -> None:
    """Raise ConfigError for what can't be saved or trained there, before anybody presses Train."""
    checkpoints.check_size(config)
    if place == "here":
        here.check(config)


def _epochs(count: float) -> str:
    return f"{count:,.0f} epochs" if count >= 2 else f"{count:.2g} epochs"
