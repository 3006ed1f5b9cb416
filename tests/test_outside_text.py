"""Text from outside is shown as it is: one line, not long, and never markup or a formula."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trisym.outside_text import (
    JOINER,
    LONGEST,
    LONGEST_SENTENCE,
    QUOTED,
    in_cell,
    in_markdown,
    quoted,
    sentence,
    shortened,
)
from trisym.ui.kit.tables import harmless

# What must not stand in Markdown without a backslash before it.
BARE = re.compile(r"(?<!\\)(?:\\\\)*[`*_\[\]<&$~|]")
LOOKED_FOR = re.compile(r"https?://|:[a-z/+-]+[\[:]|www\.|\w@\w|--|->|<-|>=|<=|~=", re.IGNORECASE)
signs = st.text(st.characters() | st.sampled_from("[]()!*_`<>$:@&~|#-+=.w/1 \n\u202e\u2060\\"))
HOSTILE = (
    "![x](https://evil.example/1)",
    "[x](//evil.example)",
    "https://evil.example",
    "www.evil.example",
    "me@evil.example",
    "<img src=x onerror=alert(1)>",
    ":red[x] :material/home: :smile:",
    "$x^2$ $$y$$",
    "# heading",
    "1. list",
    "- list",
    "> quote",
    "&lt;b&gt;",
    "`code",
    "a -> b",
)


@given(signs)
def test_a_text_is_one_short_line_that_can_be_seen(text: str) -> None:
    short = shortened(text)
    assert len(short) <= LONGEST
    assert short.isprintable()
    assert short == shortened(short) == short.strip()


def test_words_of_two_lines_stay_two_words() -> None:
    assert shortened("one\ntwo\u2028three\t four") == "one two three four"
    assert shortened("a\u202egnp.exe") == "agnp.exe"
    assert shortened("a" + "\u0335" * 30) == "a" + "\u0335" * 3
    assert shortened("x" * 300) == "x" * 199 + "…"


@given(signs | st.sampled_from(HOSTILE))
def test_nothing_in_markdown_is_markup(text: str) -> None:
    shown = in_markdown(text)
    assert not BARE.search(shown.replace("\\\\", ""))
    assert not LOOKED_FOR.search(shown.replace("\\", ""))
    assert not re.match(r"[-+*>#=]|\d+[.)]", shown)


@given(signs | st.sampled_from(HOSTILE))
def test_markdown_shows_the_text_itself(text: str) -> None:
    """Without the backslashes of the escapes and the joiners it is the text."""
    shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", in_markdown(text)).replace(JOINER, "")
    assert shown == shortened(text)


@given(signs | st.sampled_from(HOSTILE))
def test_a_sentence_keeps_code_and_nothing_else(text: str) -> None:
    shown = sentence(f"Not {text}: `python -m trisym reproduce` makes it.")
    assert len(shortened(shown)) <= LONGEST_SENTENCE
    outside = re.sub(r"`[^`]+`", "", shown.replace("\\`", ""))
    assert not BARE.search(outside.replace("\\\\", ""))


def test_our_command_stays_code_in_a_sentence() -> None:
    assert sentence("`make a_b` makes a_b.") == r"`make a_b` makes a\_b."


@given(st.text(max_size=500) | st.integers() | st.lists(st.text()))
def test_a_refusal_repeats_little(value: object) -> None:
    assert len(quoted(value)) <= QUOTED + 2
    assert quoted(value).isprintable()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert in_cell(text) == f"'{text}"
    table = pd.DataFrame({text: ["a", text], "number": [-1.5, 2.0]})
    written = harmless(table).to_csv(index=False, lineterminator="\n")
    assert not re.search(r"(?:^|,)\"?[=+@\t\r]", written, re.MULTILINE)
    assert "a,-1.5\n" in written  # a number is a number


def test_an_ordinary_cell_is_left_alone() -> None:
    table = pd.DataFrame({"name": ["sides-h3", "−l1 + l2", None], "n": [1, 2, 3], "on": True})
    pd.testing.assert_frame_equal(harmless(table), table)
