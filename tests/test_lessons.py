"""Lessons as data: goals and tolerances, bad files with their line, numbers that all resolve."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trisym.errors import ConfigError, DataError, TrisymError
from trisym.lessons import lines, placeholders, reading, shelf
from trisym.lessons.lesson import MOST_WORDS, Choice, Goal, Lesson, Number, Point, Step
from trisym.lessons.position import Position, from_query
from trisym.lessons.reading import LessonError
from trisym.lessons.shelf import ORDER
from trisym.lessons.vocabulary import PageVocabulary
from trisym.storage import results
from trisym.thesis import claims
from trisym.ui.lessons import panel, planes, vocabulary

SHIPPED = shelf.shelf(vocabulary.PAGES)
LESSONS = list(SHIPPED.lessons.values())
WEB = Path(vocabulary.__file__).parents[1]


def named(lesson: Lesson) -> str:
    return lesson.id


# Shipped


def test_seven_lessons_are_shipped_and_none_is_refused() -> None:
    assert SHIPPED.refused == ()
    assert tuple(SHIPPED.lessons) == ORDER
    assert len(ORDER) == 7


@pytest.mark.parametrize("lesson", LESSONS, ids=named)
def test_a_lesson_speaks_three_languages_with_the_same_keys(lesson: Lesson) -> None:
    assert lesson.languages == ("en", "de", "fr") == tuple(shelf.LANGUAGES)
    assert 5 <= lesson.minutes <= 8
    keys = {
        language: {
            (step, name)
            for step, text in texts.steps.items()
            for name, value in vars(text).items()
            if value
        }
        for language, texts in lesson.texts.items()
    }
    assert keys["de"] == keys["en"] == keys["fr"]


@pytest.mark.parametrize("lesson", LESSONS, ids=named)
def test_every_number_resolves_and_every_text_is_short(lesson: Lesson) -> None:
    for language, texts in lesson.texts.items():
        for text in texts.steps.values():
            for each in (text.text, text.question, text.do, text.reveal, *text.options.values()):
                filled = placeholders.fill(each, language)
                assert "{" not in filled
                assert len(filled.split()) <= MOST_WORDS
            assert set(placeholders.placeholders(text.reveal)) == set(
                placeholders.placeholders(
                    lesson.text("en").steps[_step_of(texts.steps, text)].reveal
                )
            )


def _step_of(steps: Mapping[str, Any], text: object) -> str:
    return next(name for name, each in steps.items() if each is text)


@pytest.mark.parametrize("lesson", LESSONS, ids=named)
def test_a_lesson_is_the_same_after_a_journey_as_plain_data(lesson: Lesson) -> None:
    assert reading.lesson_from(reading.data_of(lesson), vocabulary.PAGES) == lesson


@pytest.mark.parametrize("lesson", LESSONS, ids=named)
def test_the_browser_gets_every_step_in_every_language(lesson: Lesson) -> None:
    for language in lesson.languages:
        for number, step in enumerate(lesson.steps, start=1):
            sent = panel.payload(lesson, Position(lesson.id, number, language))
            assert sent["steps"][sent["step"] - 1] == step.id
            assert (sent["question"] is None) == (step.question is None)
            assert set(sent["words"]) == set(panel.words()["en"])


def test_a_dot_lands_elsewhere_where_the_lesson_says_that_it_jumps() -> None:
    asked = [s.question for each in LESSONS for s in each.steps if isinstance(s.question, Point)]
    assert len(asked) == 2
    for question in asked:
        found = planes.plane(question)
        away = sum((found.after - found.before) ** 2) ** 0.5 / found.spread
        assert away > 2 * question.tolerance  # who expects it to stay is wrong
        stays = replace(question, after=question.before)
        before = found.before.tolist()
        assert stays.judge(before, before, found.spread)


STAGED = {"physics": "symmetry"}  # by page, the page whose view it has


def test_what_pages_declare_is_there() -> None:
    """Places are marked in the view's page, and events told by its script or the kit's."""
    for page, known in vocabulary.PAGES.items():
        web = WEB / STAGED.get(page, page) / "web"
        marked = "".join(f.read_text() for f in web.glob("*.html"))
        told = "".join(f.read_text() for f in [*web.glob("*.js"), *(WEB / "kit/web").glob("*.js")])
        for place in known.view:
            assert f'data-place="{place}"' in marked, (page, place)
        for event in known.events:
            assert re.search(rf"\b{event}\b", told), (page, event)


# Answers and goals


def test_a_choice_is_right_wrong_or_an_opinion() -> None:
    asked = Choice(("a", "b"), "a")
    assert asked.judge("a") is True
    assert asked.judge("b") is False
    assert Choice(("a", "b")).judge("b") is None
    with pytest.raises(ConfigError, match="one of a, b"):
        asked.judge("c")


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        (Number(3.0, within=0.5), (2.5, 3, 3.5), (2.4, 3.6)),
        (Number(180.0, factor=3.0), (60, 180, 540), (59, 541)),
        (Number(0.0, within=0.001), (0, -0.001), (0.0011,)),
    ],
)
def test_a_number_is_right_within_its_tolerance(
    asked: Number, right: tuple[float, ...], wrong: tuple[float, ...]
) -> None:
    assert [asked.judge(number) for number in right] == [True] * len(right)
    assert [asked.judge(number) for number in wrong] == [False] * len(wrong)
    accepted = asked.accepted()
    assert all(accepted["from"] <= number <= accepted["to"] for number in right)


@pytest.mark.parametrize("given", [float("nan"), float("inf"), True, "3", None, [1]])
def test_what_is_no_number_is_refused(given: object) -> None:
    with pytest.raises(ConfigError, match="must be a number"):
        Number(3.0, within=0.5, low=0.0, high=9.0).judge(given)


def test_a_dot_is_right_near_the_truth_in_spreads() -> None:
    asked = Point("sides-h3", (0.0,) * 9, (1.0,) * 9, tolerance=0.25)
    assert asked.judge([1.2, 0.0], [1.0, 0.0], 1.0) is True
    assert asked.judge([1.2, 0.0], [1.0, 0.0], 0.5) is False
    with pytest.raises(ConfigError, match="two latent coordinates"):
        asked.judge([1.0])


@pytest.mark.parametrize(
    ("goal", "reaching", "missing"),
    [
        (Goal("turned", at_least=90.0), [10, 95], [60, 60]),
        (Goal("turned", at_least=90.0, total=True), [60, 60], [60, 20]),
        (Goal("error", at_most=0.01), [0.3, 0.009], [0.3, 0.011]),
        (Goal("chosen", at_least=2.0, at_most=2.0), [1, 2], [1, 3]),
        (Goal("renumbered"), [1], []),
    ],
)
def test_a_goal_is_reached_by_what_a_view_tells(
    goal: Goal, reaching: list[float], missing: list[float]
) -> None:
    assert goal.reached([*map(float, reaching)])
    assert not goal.reached([*map(float, missing)])


# Links


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"lesson": "moon"}, "lesson 'moon', which there is not"),
        ({"lesson": ""}, "which there is not"),
        ({"lesson": "drift", "step": "99"}, "steps 1 to 5"),
        ({"lesson": "drift", "step": "0"}, "steps 1 to 5"),
        ({"lesson": "drift", "step": "-1"}, "steps 1 to 5"),
        ({"lesson": "drift", "step": "²"}, "steps 1 to 5"),
        ({"lesson": "drift", "step": "9" * 5000}, "steps 1 to 5"),
    ],
)
def test_a_damaged_link_is_one_sentence(query: dict[str, str], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as raised:
        from_query(query, SHIPPED.lessons)
    assert len(str(raised.value)) < 200


def test_a_link_says_where_somebody_is() -> None:
    assert from_query({"step": "3"}, SHIPPED.lessons) is None
    at = from_query({"lesson": "drift", "step": "3", "lang": "de"}, SHIPPED.lessons)
    assert at == Position("drift", 3, "de")
    assert from_query(at.query(), SHIPPED.lessons) == at
    assert from_query({"lesson": "drift", "lang": "tlh"}, SHIPPED.lessons) == Position("drift")


# Bad files


def _scene(text: str) -> None:
    if text != "good":
        raise DataError("This link's scene is damaged.")


PAGES = {
    "here": PageVocabulary(
        view={"world": "the world"},
        page={"more": "more"},
        events={"turned": "degrees"},
        scenes={"scene": _scene},
    )
}
GOOD = """minutes = 5
hide = ["more"]

[[step]]
id = "one"
link = "here?scene=good"
question = { kind = "choice", options = ["a", "b"], answer = "a" }

[[step]]
id = "two"
link = "here"
highlight = ["world"]
goal = { event = "turned", at_least = 90 }
"""
TEXTS = """title = "A title"
about = "About it."

[one]
text = "Look."
question = "Which?"
options = { a = "this", b = "that" }

[two]
text = "Turn."
do = "Turn it."
reveal = "Done: {claim.floor}."
"""


def written(folder: Path, structure: str = GOOD, texts: str = TEXTS) -> Path:
    (folder / "own.toml").write_text(structure, encoding="utf-8")
    (folder / "own.en.toml").write_text(texts, encoding="utf-8")
    return folder / "own.toml"


def test_a_good_file_is_read(tmp_path: Path) -> None:
    lesson = reading.lesson_from_file(written(tmp_path), PAGES)
    assert [step.id for step in lesson.steps] == ["one", "two"]
    assert lesson.steps[0].hide == ("more",)
    assert lesson.steps[1].goal == Goal("turned", at_least=90.0)


@pytest.mark.parametrize(
    ("good", "bad", "place", "sentence"),
    [
        ('"here?scene=good"', '"moon"', "own.toml, line 6", "no page 'moon'; there are here"),
        ('"here?scene=good"', '"here?scene=x"', "own.toml, line 6", "scene is damaged"),
        ('highlight = ["world"]', 'highlight = ["sky"]', "own.toml, line 12", "'sky' to highlight"),
        ('highlight = ["world"]', 'highlight = ["more"]', "own.toml, line 12", "it has world"),
        ('"turned"', '"sang"', "own.toml, line 13", "tells of no 'sang'; it tells of turned"),
        ("at_least = 90", 'at_least = "x"', "own.toml, line 13", "at_least must be a number"),
        ('answer = "a"', 'answer = "c"', "own.toml, line 7", "answer must be one of a, b"),
        ('kind = "choice"', 'kind = "essay"', "own.toml, line 7", "choice, number, point"),
        ('id = "two"', 'id = "one"', "own.toml, line 9", "Two steps are called one"),
        ('id = "two"', 'id = "Two!"', "own.toml, line 9", "small letters"),
        ("minutes = 5", "minutes = 500", "own.toml, line 1", "minutes must be a number"),
        ("minutes = 5", "minutes = ", "own.toml, line 1", "no TOML"),
        ('hide = ["more"]', 'hide = ["sky"]', "own.toml, line 2", "No page has a place 'sky'"),
        ("minutes = 5", "minutes = 5\nwho = 1", "own.toml, line 2", "no entry 'who'"),
        ('id = "two"', 'id = "two"\nwho = 1', "own.toml, line 9", "entries"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(
    tmp_path: Path, good: str, bad: str, place: str, sentence: str
) -> None:
    assert good in GOOD
    file = written(tmp_path, GOOD.replace(good, bad, 1))
    with pytest.raises(LessonError) as raised:
        reading.lesson_from_file(file, PAGES)
    assert str(raised.value).startswith(f"{place}: ")
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("good", "bad", "place", "sentence"),
    [
        ('text = "Turn."\n', "", "own.en.toml, line 9", "text"),
        ('do = "Turn it."', "", "own.en.toml, line 9", "do is missing"),
        ('a = "this", ', "", "own.en.toml, line 7", "options must be a, b"),
        ('"Look."', f'"{"word " * 61}"', "own.en.toml, line 4", "61 words; at most 60"),
        ('"Look."', '"Lo\u202eok."', "own.en.toml, line 5", "can't be seen"),
        ("[two]", "[three]", "own.en.toml, line 1", "lack two"),
        ('title = "A title"\n', "", "own.en.toml, line 1", "lack title"),
        ('"Turn."', "3", "own.en.toml, line 9", "text must be a text"),
    ],
)
def test_bad_texts_are_refused_with_their_line(
    tmp_path: Path, good: str, bad: str, place: str, sentence: str
) -> None:
    assert good in TEXTS
    with pytest.raises(LessonError) as raised:
        reading.lesson_from_file(written(tmp_path, texts=TEXTS.replace(good, bad, 1)), PAGES)
    assert str(raised.value).startswith(f"{place}: ")
    assert sentence in str(raised.value)


def test_one_bad_lesson_takes_no_other_away(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "worse.toml").write_text("minutes = [", encoding="utf-8")
    found = shelf.shelf(PAGES, tmp_path)
    assert list(found.lessons) == ["own"]
    assert [text.partition(":")[0] for text in found.refused] == ["worse.toml, line 1"]


@pytest.mark.parametrize(
    "data", [None, [], "x", {}, {"id": 1, "minutes": 1, "step": [], "texts": {}}]
)
def test_what_is_no_lesson_is_refused(data: object) -> None:
    with pytest.raises(LessonError):
        reading.lesson_from(data, PAGES)


def test_lines_know_lists_of_tables_and_long_texts() -> None:
    text = (
        'a = 1\n[[step]]\nid = "x"\n[step.question]\nkind = """\nid = 3\n"""\n[[step]]\nid = "y"\n'
    )
    found = lines.places(text)
    assert found["step.0.id"] == 3
    assert found["step.0.question.kind"] == 5
    assert found["step.1.id"] == 9
    assert 6 not in found.values()


# Numbers in texts


def test_a_placeholder_is_the_number_of_its_table() -> None:
    table = results.load("invariance").set_index("model")
    exact = table.loc["mse-h3", "side_error"]
    assert placeholders.value("invariance.mse-h3.side_error") == pytest.approx(exact)
    assert placeholders.fill("{invariance.mse-h3.side_error}") == "0.15"
    assert placeholders.fill("{invariance.mse-h3.side_error:3}", "de") == "0,153"
    assert placeholders.fill("{invariance.mse-h3.side_error:%}") == "15 %"
    assert placeholders.value("thesis.sides-gain") == claims.aim("sides-gain") == 82
    assert placeholders.value("claim.spectrum-six") == 6
    sweep = results.load("hidden-h").query("set == 'random' and h == 7")["side_error"].mean()
    assert placeholders.value("hidden-h.set=random,h=7.side_error") == pytest.approx(sweep)


@pytest.mark.parametrize(
    "bad",
    [
        "moon.a.b",
        "invariance.moon.side_error",
        "invariance.mse-h3.moon",
        "invariance",
        "claim.moon",
        "thesis.eq9",
        "../secret.a.b",
        "invariance.mse-h3.side_error:x",
        "invariance.color=red.side_error",
    ],
)
def test_a_placeholder_of_nothing_is_one_sentence(bad: str) -> None:
    with pytest.raises(TrisymError) as raised:
        placeholders.fill(f"{{{bad}}}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("number", "text"),
    [(6.0, "6.0"), (181.7, "180"), (0.00479, "0.0048"), (0.0, "0"), (1e-5, "0.000010")],
)
def test_digits(number: float, text: str) -> None:
    assert placeholders.digits(number, 2) == text


def test_a_step_shows_only_what_it_hides() -> None:
    with pytest.raises(ConfigError, match="show may only name what hide names"):
        Step("one", "here", show=("world",))
