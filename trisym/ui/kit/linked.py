"""Choices that the page's link holds: by ids, which stay when a title, a count or a text changes.

Streamlit's own `bind="query-params"` writes what is read, such as `misprint · 11`, and drops
what it doesn't know without a word. Here a link holds ids; older links, which hold what was read,
still open; and back and forward in the browser restore what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from trisym.outside_text import LONGEST, quoted, sentence, shortened
from trisym.ui.kit.set_widgets import again, put

T = TypeVar("T", bound=Hashable)
REMEMBERED = 64
FOLLOWED = "linked:followed"


@dataclass(frozen=True)
class _Kept:
    """A choice as the session knows it: it outlives the widget when the visitor leaves."""

    value: Any
    fault: str = ""
    texts: tuple[tuple[str, ...], ...] = ()  # what the link held and was given, newest last


def navigated() -> bool:
    """Say whether the link decides: the visitor went back or forward, or a lesson led here."""
    context = get_script_run_ctx()
    back_or_forward = context is not None and context.is_history_navigation
    return back_or_forward or bool(st.session_state.get(FOLLOWED))


def follow(followed: bool) -> None:
    """Let the link decide in this run of the page, as a lesson's step asks for; or no more."""
    st.session_state[FOLLOWED] = followed


def one(
    widget: Callable[..., Any],
    label: str,
    titles: Mapping[T, str],
    *,
    key: str,
    start: T,
    **looks: Any,
) -> T:
    """Ask for one of some options by a selectbox, a radio or a slider; return its id.

    titles: what a visitor reads of each option, by its id. The link has it as `key`.
    """
    if start not in titles:
        start = next(iter(titles))

    def read(texts: Sequence[str]) -> tuple[T, list[str]]:
        found = [_identified(text, titles) for text in texts]
        unknown = [text for text, each in zip(texts, found, strict=True) if each is None]
        return next((each for each in found if each is not None), start), unknown

    _begin(key, read, lambda value: value in titles)
    chosen: T = widget(label, list(titles), format_func=titles.__getitem__, key=key, **looks)
    _end(key, chosen, [str(chosen)] if chosen != start else [])
    return chosen


def some(
    widget: Callable[..., Any], label: str, titles: Mapping[T, str], *, key: str, **looks: Any
) -> list[T]:
    """Ask for any number of some options, by pills or a multiselect; return their ids."""

    def read(texts: Sequence[str]) -> tuple[list[T], list[str]]:
        found = {text: _identified(text, titles) for text in texts}
        known = dict.fromkeys(each for each in found.values() if each is not None)
        return list(known), [text for text, each in found.items() if each is None]

    _begin(key, read, lambda values: titles.keys() >= set(values))
    chosen: list[T] = widget(label, list(titles), format_func=titles.__getitem__, key=key, **looks)
    _end(key, chosen, [str(each) for each in chosen])
    return chosen


def words(label: str, *, key: str, **looks: Any) -> str:
    """Ask for a few words; return them, on one line."""
    _begin(key, lambda texts: (shortened(" ".join(texts)), []), lambda _: True)
    typed: str = st.text_input(label, key=key, max_chars=LONGEST, **looks)
    _end(key, typed, [typed] if typed else [])
    return typed


def switch(label: str, *, key: str, start: bool, **looks: Any) -> bool:
    """Ask for yes or no; the link has `true` or `false`."""
    _begin(key, _yes_or_no(start), lambda _: True)
    on: bool = st.toggle(label, key=key, **looks)
    _end(key, on, [str(on).lower()] if on != start else [])
    return on


@contextmanager
def folded(label: str, *, key: str) -> Iterator[bool]:
    """Put what follows into an expander, and say whether it is open; then the link has `true`."""
    _begin(key, _yes_or_no(start=False), lambda _: True)
    box = st.expander(label, key=key, on_change="rerun")
    with box:
        yield bool(box.open)
    _end(key, bool(box.open), ["true"] if box.open else [])


def _yes_or_no(start: bool) -> Callable[[Sequence[str]], tuple[bool, list[str]]]:
    titles = {"true": "true", "false": "false"}

    def read(texts: Sequence[str]) -> tuple[bool, list[str]]:
        found = [_identified(text, titles) for text in texts]
        unknown = [text for text, each in zip(texts, found, strict=True) if each is None]
        return next((each == "true" for each in found if each), start), unknown

    return read


def _identified(text: str, titles: Mapping[T, str]) -> T | None:
    """Return the option that a link means: by its id, or as older links have it by its title."""
    by_id = {str(option): option for option in titles}
    by_title = {_old(title): option for option, title in titles.items()}
    return by_id.get(text, by_title.get(_old(text)))


def _old(title: str) -> str:
    """Return a title without the count that it once had behind it."""
    return title.partition(" · ")[0].casefold()


def _kept_under(key: str) -> str:
    return f"linked:{key}"


def _begin(
    key: str,
    read: Callable[[Sequence[str]], tuple[Any, list[str]]],
    possible: Callable[[Any], bool],
) -> None:
    """Set the widget where the link decides, or where the visitor comes back to the page."""
    texts = tuple(st.query_params.get_all(key))
    kept: _Kept | None = st.session_state.get(_kept_under(key))
    new = key not in st.session_state
    unseen = bool(texts) and (kept is None or texts not in kept.texts)
    if kept is None or navigated() or unseen or (new and texts):
        value, unknown = read(texts)
        named = ", ".join(map(quoted, unknown[:3]))
        fault = f"This link asks for {named} under “{key}”, which there is not." if unknown else ""
        before = kept.texts if kept else ()
        st.session_state[_kept_under(key)] = _Kept(value, fault, (*before, texts)[-REMEMBERED:])
        put(key, value)
    elif new:
        put(key, kept.value)
    else:
        again(key)
    if not possible(st.session_state[key]):  # what was chosen is not offered any more
        put(key, read([])[0])


def _end(key: str, value: Any, ids: Sequence[str]) -> None:
    """Put what is chosen into the link, and say what the link asked for and there is not."""
    kept: _Kept = st.session_state[_kept_under(key)]
    if value != kept.value:
        kept = replace(kept, value=value, fault="")
    if tuple(st.query_params.get_all(key)) != tuple(ids):
        if ids:
            st.query_params[key] = list(ids)
        else:
            del st.query_params[key]
        kept = replace(kept, texts=(*kept.texts, tuple(ids))[-REMEMBERED:])
    st.session_state[_kept_under(key)] = kept
    if kept.fault:
        st.warning(sentence(kept.fault))
