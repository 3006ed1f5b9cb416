"""Runs on the training page: their films and where they stand; one, two losses, or seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from trisym.config import FitConfig
from trisym.errors import TrisymError
from trisym.film import Film, epochs_shown
from trisym.jobs import queue
from trisym.jobs.job import Job
from trisym.losses import LOSSES
from trisym.outside_text import in_markdown, sentence, shortened
from trisym.storage import results, saved_runs
from trisym.storage.saved_runs import Entry
from trisym.thesis import claims
from trisym.ui.kit import levels, notices, served
from trisym.ui.kit.saved_page import Shown
from trisym.ui.kit.tables import errors_as_sentences, mean_and_spread, short
from trisym.ui.presenter import view as presenter
from trisym.ui.training import here, steering, words
from trisym.ui.training.film import SENT, Mark, about_run, film
from trisym.ui.training.film import exported as film_page

REFRESH_S = 0.5  # where the browser can't ask for all news by itself
SLOW_S = 12.0  # a class looks at an empty picture for no longer
OPENING_S = 1.0  # between two looks whether runs of an earlier server are taken up
RECORDED = "recorded-run"
HERE_CARD = {"run": "trained in a browser"}
GONE = "The run of this link is not here (any more)."

Watched = Job | Entry

# What the thesis reports for h = 3 on random triangles (3.3), by loss.
CLAIMS = {"sides": ("sides-error", "thesis, 2,000 epochs"), "mse": ("mse-error", "thesis")}


def _marks(loss: str) -> list[Mark]:
    """Return the thesis's side error, and the least that adding up |n·v| can reach."""
    claim, who = CLAIMS[loss]
    marks = [Mark(claims.aim(claim), f"{who}: {short(claims.aim(claim))} a side")]
    if loss == "sides":
        lines = levels.floor_line().items()
        marks += [Mark(value, f"{name}: {short(value)}") for name, value in lines]
    return marks


def local(run_id: str = "", *, alone: bool = False) -> dict[str, Any]:
    """Return what a film needs to train in the browser."""
    marks = {loss: [asdict(mark) for mark in _marks(loss)] for loss in CLAIMS}
    return here.payload(marks, run_id, alone=alone)


def marks_for(config: FitConfig) -> list[Mark]:
    """Return the side errors to hold such a run against, where there are any."""
    return _marks(config.loss) if is_table_3(config) and config.loss in CLAIMS else []


def is_table_3(config: FitConfig) -> bool:
    """Say whether a run trains table 3's network at h = 3 on random triangles (section 3.3)."""
    network = config.network
    return (
        config.data.name == "random"
        and getattr(network, "latent", 0) == 3
        and network.hidden == (256,)
    )


@st.cache_resource(show_spinner=False)
def _recorded(file: Path, changed: int) -> Film:
    return Film.from_bytes(file.read_bytes())


def recorded(instead: str = "") -> None:
    """Show the recorded run of the shipped network: what is there before anything is pressed.

    instead: why it stands in for a run that was asked for.
    """
    st.markdown(
        "A recorded run: each colour is one triangle in 25 poses. **Do its dots fall together?**"
    )
    shown, card = _recorded_film(), _recorded_card()
    hint = f"{instead} This is a recorded run." if instead else "Drag the scrubber, or press Train."
    status = f"{hint} Trained {card['made']}." if instead else f"Trained {card['made']}. {hint}"
    marks, about = _marks("sides"), about_run(RECORDED, card)
    own = local()
    film(
        RECORDED, shown, key="film", whole=True, status=status, marks=marks, about=about, local=own
    )


def _recorded_film() -> Film:
    file = results.place(RECORDED, ending="safetensors")
    return _recorded(file, file.stat().st_mtime_ns)


def _recorded_card() -> dict[str, str]:
    card = results.load_card(RECORDED)
    made = f"{shortened(card['created'])} on {shortened(card['device'])}"
    return {"run": f"{RECORDED}: the shipped network that was trained on sides", "made": made}


def exported(run_id: str | None) -> Shown:
    """Return the film of a kept run, or of the recorded one, to be written as a file.

    Raises TrisymError where the run is not kept, or has no film.
    """
    if run_id in (None, RECORDED):
        shown, card = _recorded_film(), _recorded_card()
        status, marks = f"Trained {card['made']}.", _marks("sides")
        alone = local(alone=True)
        about = about_run(RECORDED, card)
        return film_page(RECORDED, shown, status=status, marks=marks, about=about, local=alone)
    entry = saved_runs.get(str(run_id))
    shown, marks = saved_runs.film(entry.id), marks_for(entry.config)
    alone = local(alone=True)
    about = about_run(entry.id, _card(entry))
    return film_page(entry.id, shown, status=_summary(entry), marks=marks, about=about, local=alone)


def _card(watched: Watched) -> dict[str, str]:
    """Return a run in a few lines, for the page that its film is saved as."""
    config = watched.config
    lines = {
        "run": watched.name,
        "triangles": f"{config.data.n:,} of the set {config.data.name}",
        "loss": config.loss,
        "optimizer": f"{config.optimizer}, rate {config.lr:g}, batch {config.batch}",
        "seed": f"{config.seed}",
    }
    return {name: shortened(text) for name, text in lines.items()}


def run(run_id: str) -> None:
    """Show a run of this browser, of this server or of the library, or runs started together."""
    if ids := here.ids(run_id):
        _show_here(ids)
        return
    watched = found(run_id)
    if any(map(_is_live, watched)):
        _live(run_id)
    elif presenter.is_on() and watched and not _begun(watched):
        recorded(f"The live training ended before it showed anything: {_standing(watched[0])}.")
    elif watched:
        _show(watched)
    elif queue.opening():
        _opening(run_id)
    else:
        st.warning(GONE)
        recorded(GONE)


def _show_here(ids: Sequence[str]) -> None:
    """Show runs of this browser; of two, what different losses make of the same triangles."""
    places = st.columns(len(ids)) if len(ids) > 1 else [st.container()]
    for number, (place, each) in enumerate(zip(places, ids, strict=True)):
        key = f"film-{number}" if number else "film"
        with place, errors_as_sentences():
            film(each, Film(), key=key, about=about_run(each, HERE_CARD), local=local(each))
    notices.show(SENT)


def found(run_id: str) -> list[Watched]:
    """Return the run with this id, or the runs of the group with this id, in their order."""
    jobs = {job.id: job for job in queue.jobs() if run_id in (job.id, job.group)}
    going = {name: job for name, job in jobs.items() if job.unfinished or not job.kept}
    if run_id in going:
        return [going[run_id]]
    if entry := saved_runs.find(run_id):
        return [entry]
    both: dict[str, Watched] = {
        each.id: each for each in saved_runs.entries() if run_id and each.group == run_id
    }
    return sorted((both | going).values(), key=_order)


def _order(watched: Watched) -> tuple[int, int]:
    return list(LOSSES).index(watched.config.loss), watched.config.seed


def _is_live(watched: Watched) -> bool:
    return isinstance(watched, Job) and watched.unfinished


def _live(run_id: str) -> None:
    """Show runs of which some go on; the films get their news without the page running again."""
    # Of seeds one is shown, and its film hears nothing of the others once its own run is over.
    told = served.is_served() and not _are_seeds(found(run_id))
    # Before a class another film stands in while there is nothing to be seen yet.
    waits = presenter.is_on() and not _begun(found(run_id))

    @st.fragment(run_every=None if told and not waits else REFRESH_S)
    def watch() -> None:
        watched = found(run_id)
        if not any(map(_is_live, watched)) or (waits and _begun(watched)):
            st.rerun(scope="app")
        if waits and _waited_s(watched) > SLOW_S:
            recorded("The live training has shown nothing yet.")
        else:
            _show(watched)

    watch()


def _begun(watched: Sequence[Watched]) -> bool:
    """Say whether there is anything to be seen of a run."""
    return any(_film_of(each).frames for each in watched)


def _waited_s(watched: Sequence[Watched]) -> float:
    """Return how long ago the first of these runs was asked for, in seconds."""
    begun = min(datetime.fromisoformat(each.created) for each in watched)
    return (datetime.now(begun.tzinfo) - begun).total_seconds()


def _opening(run_id: str) -> None:
    """Wait for a server that was started again and takes up its runs."""
    queue.warm()

    @st.fragment(run_every=OPENING_S)
    def wait() -> None:
        if found(run_id) or not queue.opening():
            st.rerun(scope="app")
        st.info("The server was started again; it goes on with the runs that it had accepted.")

    wait()


def _show(watched: Sequence[Watched]) -> None:
    if len(watched) == 1:
        _show_one(watched[0])
    elif _are_seeds(watched):
        _show_seeds(watched)
    else:
        _show_side_by_side(watched)


def _are_seeds(watched: Sequence[Watched]) -> bool:
    return len({each.config.loss for each in watched}) < len(watched)


def _show_one(watched: Watched) -> None:
    st.header(f"{in_markdown(watched.name)}, {_standing(watched)}", anchor=False)
    _steer([watched])
    with errors_as_sentences():
        _show_film(watched, "film")
    if isinstance(watched, Job) and watched.model is not None and not watched.unfinished:
        st.download_button(
            in_markdown(f"{watched.name}.safetensors"),
            watched.model,
            file_name=f"{watched.name}.safetensors",
            icon=":material/download:",
            on_click="ignore",
        )


def _show_side_by_side(watched: Sequence[Watched]) -> None:
    """Show what different losses make of the same triangles."""
    st.header(" against ".join(map(_loss, watched)).capitalize(), anchor=False)
    _steer(watched)
    for number, (place, each) in enumerate(zip(st.columns(len(watched)), watched, strict=True)):
        with place:
            st.markdown(f"**{in_markdown(each.name)}**, {_standing(each)}")
            with errors_as_sentences():
                _show_film(each, f"film-{number}" if number else "film")


def _show_seeds(watched: Sequence[Watched]) -> None:
    """Show one of several seeds as a film, the others as lines, and how far they lie apart."""
    by_seed = {str(each.config.seed): each for each in watched}
    over = sum(not _is_live(each) for each in watched)
    state = "finished" if over == len(watched) else f"{over} of {len(watched)} finished"
    st.header(f"{len(watched)} seeds on {_loss(watched[0])}: {state}", anchor=False)
    _steer(watched)
    errors = [each.metrics["side_error"] for each in watched if "side_error" in each.metrics]
    if len(errors) > 1:
        told = f"**Side error of {len(errors)} seeds: {mean_and_spread(errors)}**"
        st.markdown(f"{told}, each on 20,000 fresh triangles.")
    chosen = st.segmented_control(
        "The seed whose film is shown",
        list(by_seed),
        default=next(iter(by_seed)),
        required=True,
        key=f"seed:{watched[0].group}",
    )
    shown = by_seed.get(chosen or "", watched[0])
    with errors_as_sentences():
        _show_film(shown, "film", [each for each in watched if each is not shown])


def _loss(watched: Watched) -> str:
    return LOSSES[watched.config.loss].title.partition(",")[0]


def _steer(watched: Sequence[Watched]) -> None:
    if jobs := [each for each in watched if isinstance(each, Job) and each.unfinished]:
        steering.show(jobs)


def _standing(watched: Watched) -> str:
    return words.standing(watched) if isinstance(watched, Job) else watched.status


def _show_film(watched: Watched, key: str, others: Sequence[Watched] = ()) -> None:
    live = _is_live(watched)
    note = watched.message if isinstance(watched, Job) else watched.note
    if note and not live:
        st.info(sentence(note))
    shown = _film_of(watched)
    status = words.status(watched) if isinstance(watched, Job) else _summary(watched)
    if not live and not shown.frames:
        st.caption(sentence(f"It came without a film of its training. {status}"))
        return
    film(
        watched.id,
        shown,
        key=key,
        latest=watched.latest if isinstance(watched, Job) else b"",
        live=live,
        status=status,
        marks=marks_for(watched.config),
        others=[_film_of(other) for other in others],
        about=about_run(watched.id, _card(watched)),
        local=local(),
    )


def _film_of(watched: Watched) -> Film:
    """Return a film, an empty one where there is none."""
    if isinstance(watched, Job):
        return Film(list(watched.film.frames))
    try:
        return _kept_film(watched.id)
    except TrisymError:
        return Film()


@st.cache_resource(show_spinner=False, max_entries=60)
def _kept_film(run_id: str) -> Film:
    return saved_runs.film(run_id)


def _summary(entry: Entry) -> str:
    epochs, device = epochs_shown(entry.epochs), shortened(entry.device)
    parts = [f"{epochs} epochs in {entry.seconds:.0f} s on {device}."]
    names = {"side_error": "side error", "orbit_spread_inside": "orbit spread inside the cube"}
    found = [f"{text} {short(entry.metrics[n])}" for n, text in names.items() if n in entry.metrics]
    if found:
        parts.append(f"On 20,000 fresh triangles: {', '.join(found)}.")
    return " ".join([*parts, *words.nodes_left_out(entry.config)])
