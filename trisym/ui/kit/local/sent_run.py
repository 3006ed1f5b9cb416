"""Takes in a run that a browser sends, as any upload: checked first, then in the library."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.film import MOST_FRAMES, Film
from trisym.jobs.messages import MOST_RECORDS
from trisym.storage import own_runs
from trisym.storage.own_runs import Course
from trisym.storage.run_states import State
from trisym.training.trainer import Record
from trisym.ui.kit import local, visitor
from trisym.validation import build, check_choice, check_whole

ENDS = ("finished", "stopped", "failed")


def take_in(told: object) -> str:
    """Keep a run that the browser sent as one of the visitor's; return a sentence about it.

    Raises TrisymError for what can't be trusted, as of any upload.
    """
    sent = build(_Sent, told, "The run that your browser sent")
    course = Course(_status(sent.status), _history(sent), _film(sent), sent.changes)
    # First: a rerun that waits cuts this one where it asks for the session: not behind the upload.
    known: dict[str, str] = st.session_state.setdefault(local.SENT, {})
    kept = own_runs.upload(visitor.current(), _bytes(sent.model), "Your model", course=course)
    known[sent.id] = kept.id
    return f"{kept.name} is in the library, and on every page."


@dataclass(frozen=True)
class _Sent:
    """A run as a browser sends it; bytes are base64."""

    id: str
    status: str
    changes: tuple[tuple[int, float], ...]
    records: tuple[Record, ...]
    count: int
    frames: str
    model: str


def _status(status: str) -> State:
    check_choice("How the run ended", status, ENDS)
    return cast(State, status)


def _history(sent: _Sent) -> bytes:
    import pandas as pd  # slow to import

    if len(sent.records) > MOST_RECORDS:
        raise DataError(f"A history has at most {MOST_RECORDS:,} records.")
    table = pd.DataFrame([vars(record) for record in sent.records])
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()


def _film(sent: _Sent) -> bytes:
    """Return the film's file, once it reads as one."""
    check_whole("The frames of a film", sent.count, 0, MOST_FRAMES)
    content = _bytes(sent.frames)
    if not sent.count or len(content) % sent.count:
        return b""
    rows = np.frombuffer(content, np.uint8).reshape(sent.count, -1)
    film = Film([row.tobytes() for row in rows]).to_bytes()
    Film.from_bytes(film)
    return film


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise DataError("The run that your browser sent is damaged on its way.") from error
