"""Predict first: a guess of each plateau, asked before it is shown, kept for the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from trisym.thesis.plateau import Plateau

KEPT = "hidden-symmetries:guesses"  # no widget's key: those go when the visitor leaves the page
LOOKED = 0  # the visitor looked without a guess


def guesses() -> dict[str, int]:
    """The visitor's guesses by set; LOOKED for a set revealed without one."""
    kept: dict[str, int] = st.session_state.setdefault(KEPT, {})
    return kept


def asked_first() -> bool:
    """The one click that turns predictions off, for lecturers; the link remembers it."""
    return st.toggle(
        "Predict first",
        value=True,
        key="predict",
        bind="query-params",
        help="Hides each curve until you have guessed where it levels off. Off: all is shown.",
    )


def ask(name: str, sizes: Sequence[int]) -> None:
    """Ask for one set's plateau; an answer, or wanting to see, reveals it with the next run."""
    st.pills(
        "Your guess: from which h on does it stop falling?",
        sizes,
        key=f"guess-{name}",
        wrap=True,
        on_change=_keep,
        args=(name,),
    )
    st.button("Just show it", key=f"look-{name}", type="tertiary", on_click=_look, args=(name,))


def compare(name: str, found: Plateau) -> None:
    """Say how the guess compares with what was found."""
    guess = guesses().get(name, LOOKED)
    if guess == LOOKED:
        return
    if found.low <= guess <= found.high:
        st.success(f"You guessed {guess}: right.", icon=":material/check:")
    else:
        st.info(f"You guessed {guess}.", icon=":material/arrow_forward:")


def revealed(names: Mapping[str, object], asking: bool) -> tuple[str, ...]:
    """Which sets may be seen."""
    return tuple(name for name in names if not asking or name in guesses())


def _keep(name: str) -> None:
    answer = st.session_state[f"guess-{name}"]
    if answer is not None:
        guesses()[name] = int(answer)


def _look(name: str) -> None:
    guesses()[name] = LOOKED
