"""What a link, a card, a file or a name says is read as it is, wherever a page shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
from streamlit.testing.v1 import AppTest

from tests.model_files import CARD, network
from trisym.config import FitConfig
from trisym.errors import CheckpointError
from trisym.networks import AutoencoderConfig
from trisym.outside_text import in_markdown, sentence
from trisym.storage import own_runs, saved_runs
from trisym.storage.visitors import Visitor
from trisym.ui.kit import visitor
from trisym.ui.kit.navigation import CLAIMS, SYMMETRY, TRAINING, PageEntry
from trisym.ui.training.choice import Choice

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60
HOSTILE = "![x](https://evil.example/1) <b>b</b> :red[y]"
# Markup, unless a backslash or a joiner stands in it.
LIVE = re.compile(r"!\[|(?<!\\)\]\(|https://|(?<!\\)<b>|:red")
READ_AS_MARKDOWN = (
    *("title", "header", "subheader", "markdown", "caption"),
    *("error", "warning", "info", "success"),
)
CONFIG = FitConfig(network=AutoencoderConfig(hidden=(4,)))
# Pages that repeat what their link asks for and can't have, and the parameters.
LINKS = {
    SYMMETRY: ("scene", "motion", "cloud", "triangles", "motions", "reach", "network"),
    CLAIMS: ("verdicts", "section", "words"),
    TRAINING: ("run", *(field.name for field in fields(Choice))),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppTest]:
    """The app with a run whose card and file say what they should not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(saved_runs.HOME, str(tmp_path_factory.mktemp("library")))
        patch.setattr(visitor, "cookies", dict)
        card = replace(CARD, name="brought", config=CONFIG, device=HOSTILE)
        tensors = network(CONFIG.network).state_dict()
        content = safetensors.torch.save(tensors, metadata={"card": card.as_json()})
        run = own_runs.upload(Visitor("ada"), content, f"{HOSTILE}.safetensors", by=HOSTILE)
        saved_runs.write(replace(run, note=HOSTILE))
        yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()


def texts(app: AppTest) -> list[str]:
    """Return every text of a page that Streamlit takes for Markdown and that says `evil`."""
    boxes = [box for kind in READ_AS_MARKDOWN for box in getattr(app, kind)]
    found = [str(box.value) for box in boxes]
    for table in app.table:
        found += map(
            str, [*table.value.columns, *table.value.index, *table.value.to_numpy().ravel()]
        )
    labelled: list[Any] = [*app.button, *app.get("download_button"), *app.expander]
    found += [str(getattr(each, "label", "")) for each in labelled]
    return [text for text in found if "evil" in text]


def check(app: AppTest) -> list[str]:
    assert not app.exception
    said = texts(app)
    assert [text for text in said if LIVE.search(text)] == []
    return said


def test_live_markup_would_be_noticed() -> None:
    assert LIVE.search(HOSTILE)
    assert not LIVE.search(in_markdown(HOSTILE))


@pytest.mark.parametrize("page", LINKS, ids=lambda page: page.url_path)
def test_no_link_brings_markup(app: AppTest, page: PageEntry) -> None:
    app.query_params.clear()
    app.switch_page(page.path)
    app.query_params.update(dict.fromkeys(LINKS[page], HOSTILE), evidence="true")
    app.run()
    assert check(app)


def test_no_card_brings_markup(app: AppTest) -> None:
    (run,) = saved_runs.entries()
    app.query_params.clear()
    app.switch_page(TRAINING.path)
    app.query_params["run"] = run.id
    app.run()
    said = check(app)
    assert any("evil" in text for text in said)
    assert app.multiselect[0].value == [run.id]


def test_no_file_s_name_brings_markup(app: AppTest) -> None:
    """What came of an upload is told as any notice is."""
    for content in (b"no model", b"version https://git-lfs.github.com/spec/v1\n"):
        with pytest.raises(CheckpointError) as refused:
            own_runs.upload(Visitor("ada"), content, f"{HOSTILE}.safetensors")
        assert not LIVE.search(sentence(str(refused.value)))
