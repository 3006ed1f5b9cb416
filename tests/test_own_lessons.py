"""A teacher's own lessons: in a link, in a file, and as the form that writes them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trisym.errors import DataError, TrisymError
from trisym.lessons import own, shelf
from trisym.lessons.lesson import Point
from trisym.lessons.reading import data_of
from trisym.ui.lessons import drafts
from trisym.ui.lessons.vocabulary import PAGES
from trisym.ui.symmetry.scene import Scene

SCENE = "energy?scene=v1.AAAAPwAAgD8"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


POSED = f"symmetry?scene={Scene(tool='move').to_text()}"
SWAPPED = ((0.9, 0.4, 0.5), (0.15, 0.25, 0.35), (0.25, 0.45, 0.65))
MOVED = f"symmetry?scene={Scene(pose=SWAPPED).to_text()}"


def step(**fields: object) -> drafts.Draft:
    return {**drafts.empty_step(), "link": "symmetry", "text": "Turn it.", **fields}


def draft(*steps: drafts.Draft, **fields: object) -> drafts.Draft:
    return {**drafts.empty(), "title": "Mine", "steps": list(steps), **fields}


@given(JSON)
def test_what_is_packed_comes_back(data: object) -> None:
    assert own.unpack(own.pack({"": data})) == {"": data}


@given(st.text())
def test_any_other_text_is_one_sentence(text: str) -> None:
    with pytest.raises(DataError, match="damaged"):
        own.unpack(own.PREFIX + text)


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_link_that_lost_its_end_is_damaged(cut: int) -> None:
    with pytest.raises(DataError, match="its end was cut off"):
        own.unpack(own.pack(drafts.data_from(draft(step())))[:-cut])


def test_a_small_text_can_not_become_a_large_one() -> None:
    with pytest.raises(DataError, match="damaged"):
        own.unpack(own.pack({"a": "a" * 1_000_000}))


def test_a_lesson_is_the_same_in_a_link_and_in_a_file() -> None:
    data = drafts.data_from(draft(step(kind=drafts.CHOICE, question="Who?", options=["a", "b"])))
    lesson = own.named(data, PAGES)
    assert lesson == own.lesson_of(own.pack(data), PAGES)
    assert lesson == own.named(own.from_toml(own.to_toml(data).encode()), PAGES)
    assert lesson.id.startswith("own-")
    assert lesson != own.named({**data, "minutes": 6}, PAGES)


def test_three_short_steps_can_be_scanned() -> None:
    question = {"kind": drafts.CHOICE, "question": "Which energy changes?", "options": ["A", "B"]}
    text = "Turn the molecule by hand. Its three distances stay; look at the curves below it."
    lesson = draft(*(step(link=SCENE, text=text, reveal=text[:30], **question) for _ in range(3)))
    link = f"https://trisym.example/energy?lesson={own.pack(drafts.data_from(lesson))}"
    assert len(link) <= own.SCANNABLE


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (step(link=""), "Step 1: link must begin with a page"),
        (step(link="nowhere"), "There is no page"),
        (step(text=""), "text is missing"),
        (step(text="word " * 61), "text has 61 words; at most 60 are read"),
        (step(kind=drafts.CHOICE, question="?", options=["one"]), "options must be 2 to 6"),
        (step(kind=drafts.CHOICE, options=["a", "b"]), "question is missing"),
        (step(event="turned"), "do is missing"),
        (step(link="symmetry?scene=bad"), "scene is not one of ours"),
        (step(kind=drafts.POINT), "Step 1: its scene must be an address of the Symmetry page"),
        (step(kind=drafts.POINT, link=POSED, after="energy"), "the scene afterwards must be an"),
        (step(kind=drafts.POINT, link=POSED, after=POSED, tolerance=0.0), "tolerance must"),
    ],
)
def test_what_is_no_lesson_yet_is_a_sentence(bad: drafts.Draft, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence.replace("?", r"\?")):
        own.named(drafts.data_from(draft(bad)), PAGES)


def test_a_dot_is_put_where_two_addresses_say() -> None:
    """The triangle before and after is that of two links, which fit into a link themselves."""
    asked = {"kind": drafts.POINT, "question": "Where?", "after": f"https://lab.example/{MOVED}"}
    data = drafts.data_from(draft(step(link=POSED, **asked)))
    (made,) = own.lesson_of(own.pack(data), PAGES).steps
    assert isinstance(made.question, Point)
    for pose, link in ((made.question.before, POSED), (made.question.after, MOVED)):
        scene = Scene.from_text(link.partition("scene=")[2])
        assert pose == pytest.approx(scene.vertices.ravel().tolist(), abs=1e-4)
    again, _ = drafts.draft_from(data, PAGES)
    assert drafts.data_from(again) == data
    assert len(own.pack(data)) < own.SCANNABLE - 100


@pytest.mark.parametrize("name", shelf.ORDER)
def test_a_lesson_comes_back_from_the_form(name: str) -> None:
    """All that the form has no field for is kept."""
    data = data_of(shelf.shelf(PAGES).lessons[name])
    made, left_out = drafts.draft_from(data, PAGES)
    assert left_out == "Only the texts in en were taken, not those in de, fr."
    assert drafts.check(json.loads(json.dumps(made))) == made
    again = own.named(drafts.data_from(made), PAGES)
    first = own.named(data, PAGES)
    for one, other in zip(first.steps, again.steps, strict=True):
        assert (one.link, one.highlight, one.show) == (other.link, other.highlight, other.show)
        assert set(other.hide) >= set(one.hide) - set(drafts.AWAY)
        assert (one.question is None) == (other.question is None)
        assert one.goal == other.goal
        text, words = first.text("en").steps[one.id], again.text("en").steps[other.id]
        assert (text.text, text.question, text.reveal) == (words.text, words.question, words.reveal)


def test_an_address_becomes_a_scene() -> None:
    address = (
        "https://lab.example/sub/symmetry?scene=v2.AA-b_&lesson=drift&step=2&lang=de&room=BCDF"
    )
    assert drafts.scene_of(address) == "symmetry?scene=v2.AA-b_"
    assert drafts.scene_of("https://lab.example/sub/energy/") == "energy"


@pytest.mark.parametrize(
    "damage",
    [
        {"steps": []},
        {"steps": [{}]},
        {"title": 7},
        {"minutes": 0},
        {"steps": [step(options=[1])]},
        {"steps": [step(answer=float("nan"))]},
        {"steps": [step(right=9)]},
        {"steps": [step(kind="riddle")]},
    ],
)
def test_a_damaged_draft_is_a_sentence(damage: drafts.Draft) -> None:
    with pytest.raises(TrisymError):
        drafts.check({**draft(step()), **damage})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff", "UTF-8"), (b"= 1", "This is no TOML"), (b"#" * 200_000, "at most 100,000 bytes")],
)
def test_a_bad_file_is_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        own.from_toml(content)
