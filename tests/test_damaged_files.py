"""Model files from strangers: each is a sound model or a sentence, within 200 MB of memory."""

from __future__ import annotations

import copy
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.model_files import (
    CARD,
    CONTENT,
    HEADER,
    HEADER_SIZE,
    a_card,
    a_config,
    network,
    with_card,
    with_card_text,
    with_config,
    with_entries,
    with_header,
    with_network,
    with_tensor,
    with_tensors,
)
from trisym.errors import CheckpointError, TrisymError
from trisym.networks import AutoencoderConfig
from trisym.storage import checkpoints
from trisym.storage.cards import Card

ROOT = Path(__file__).resolve().parents[1]

# What reading refuses

DEEP = "[" * 20_000 + "]" * 20_000
REFUSED = {
    "empty": (b"", "not a .safetensors file"),
    "a zip, as torch.save writes": (b"PK\3\4" + CONTENT, "not a .safetensors file"),
    "header of 2^63 bytes": (b"\xff" * 7 + b"\x7f" + CONTENT[8:], "not a .safetensors file"),
    "header cut": (CONTENT[:300], "header is not complete"),
    "weights cut": (CONTENT[:-1], "1 bytes too short"),
    "weights too long": (CONTENT + b"\0\0", "2 bytes too long"),
    "over 20 MB": (CONTENT + bytes(checkpoints.MAX_BYTES), "at most 20 MB"),
    "header not text": (with_header(b'{"\xff": 1}'), "not text"),
    "header not JSON": (with_header(b"{1}"), "not JSON"),
    "header nested": (with_header(b'{"a":' + DEEP.encode() + b"}"), "nested too deeply"),
    "tensor twice": (with_header(b'{"a": {}, "a": {}}'), "a name appears twice"),
    "no metadata": (with_entries({k: v for k, v in HEADER.items() if k[0] != "_"}), "no card"),
    "metadata a list": (with_entries({**HEADER, "__metadata__": ["card"]}), "no card"),
    "no card": (with_entries({**HEADER, "__metadata__": {"format": "pt"}}), "no card"),
    "card no text": (with_entries({**HEADER, "__metadata__": {"card": {}}}), "must be a text"),
    "card not JSON": (with_card_text("side loss, 3 nodes"), "The card is not JSON"),
    "card a list": (with_card_text("[]"), "must be an object"),
    "card nested": (with_card_text(DEEP), "nested too deeply"),
    "card key twice": (with_card_text('{"format": 1, "format": 1}'), "a name appears twice"),
    "card NaN": (with_card_text('{"epochs": NaN}'), "NaN is not a number"),
    "card infinity": (with_card_text('{"epochs": 1e999}'), "too large"),
    "card number of 5000 digits": (with_card_text(f'{{"steps": {"9" * 5000}}}'), "40 digits"),
    "card of the future": (with_card(format=2), "reads cards of format 1"),
    "unknown entry": (with_card(licence="MIT"), "must have exactly the entries name, config"),
    "name with a path": (with_card(name="../../etc/passwd"), "A model's name has at most"),
    "name with lines": (with_card(name="a\nb"), "printable"),
    "half a surrogate": (with_card(device="\ud800"), "printable"),
    "long device": (with_card(device="x" * 501), "at most 500 printable"),
    "date": (with_card(created="yesterday"), "like 2026-01-31"),
    "metric no number": (with_card(metrics={"mse": "small"}), "must be a number"),
    "metric huge": (with_card(metrics={"mse": 1e31}), "must be a number from"),
    "notes nested": (with_card(notes={"a": {"b": "c"}}), "must be a text"),
    "many notes": (with_card(notes={str(i): "" for i in range(21)}), "at most 20 notes"),
    "negative steps": (with_card(steps=-1), "whole number"),
    "steps with a point": (with_card(steps=1.0), "whole number"),
    "unknown kind": (with_network(kind="transformer"), "one of autoencoder, predictor"),
    "kind nested": (with_network(kind=[[]]), "one of autoencoder, predictor"),
    "width of a billion": (with_network(hidden=[10**9]), "from 1 to 4,096"),
    "thousand layers": (with_network(hidden=[1] * 1000), "at most 4 whole numbers"),
    "latent of a billion": (with_network(latent=10**9), "from 1 to 64"),
    "bad activation": (with_network(activation="relu6"), "one of leaky-relu"),
    "bad loss": (with_config(loss="cosine"), "loss must be one of"),
    "bad betas": (with_config(betas=[0.9]), "a list of length 2"),
    "a set without end": (with_config(data={**CARD.as_dict()["config"]["data"], "n": 10**12}), "n"),
    "impossible set": (
        with_config(data={**CARD.as_dict()["config"]["data"], "min_side": 2.0}),
        "all sides above 2",
    ),
    "missing tensor": (with_tensors(lambda t: t.pop("encoder.0.bias")), "are missing"),
    "extra tensor": (with_tensors(lambda t: t.update(x=torch.ones(1))), "has not: 'x'"),
    "wrong shape": (
        with_tensors(lambda t: t.update({"encoder.0.weight": torch.ones(9, 4)})),
        r"encoder.0.weight must have the shape \(4, 9\)",
    ),
    "wrong dtype": (
        with_tensors(lambda t: t.update({"decoder.1.bias": torch.ones(9).double()})),
        "decoder.1.bias must be float32",
    ),
    "integers": (
        with_tensors(lambda t: t.update({"decoder.1.bias": torch.ones(9, dtype=torch.int32)})),
        "must be float32",
    ),
    "NaN": (with_tensors(lambda t: t["decoder.1.bias"].fill_(math.nan)), "not finite"),
    "infinity": (with_tensors(lambda t: t["decoder.1.bias"][-1:].fill_(-math.inf)), "not finite"),
    "places overlap": (
        with_tensor("encoder.0.bias", data_offsets=[0, 16]),
        "overlap, leave gaps or run past the end",
    ),
    "places beyond": (
        with_tensor("encoder.0.bias", data_offsets=[2**40, 2**40 + 16]),
        "overlap, leave gaps or run past the end",
    ),
    "places no numbers": (with_tensor("encoder.0.bias", data_offsets="all"), "overlap"),
    "tensor with more": (with_tensor("encoder.0.bias", more=1), "a dtype, a shape and data"),
    "tensor a number": (with_entries({**HEADER, "encoder.0.bias": 1}), "a dtype, a shape"),
}


def test_the_original_is_fine() -> None:
    """The control of every refusal below: rebuilt and unchanged, the same file is taken."""
    assert checkpoints.from_bytes(CONTENT).card == CARD
    assert checkpoints.from_bytes(with_entries(HEADER)).card == CARD
    assert checkpoints.from_bytes(with_card()).card == CARD
    assert checkpoints.from_bytes(with_network()).card == CARD


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence) as raised:
        checkpoints.from_bytes(content, "upload")
    assert_readable(str(raised.value))


def assert_readable(message: str) -> None:
    assert message.startswith("upload: ")
    assert message.endswith(".")
    assert message.isprintable()
    assert len(message) < 800


# Hundreds of damaged files: each is a model or a TrisymError, nothing else


def is_taken(content: bytes) -> bool:
    """Whether it was read; if not, with a readable sentence, and if so, as a sound model."""
    try:
        model, card = checkpoints.from_bytes(content, "upload")
    except TrisymError as error:
        assert_readable(str(error))
        return False
    assert Card.from_json(card.as_json()) == card
    assert all(tensor.isfinite().all() for tensor in model.parameters())
    assert {n: tuple(t.shape) for n, t in model.state_dict().items()} == (
        card.config.network.tensor_shapes()
    )
    return True


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, from the outside in."""
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from places(each, (*path, key))


def edited(value: Any, path: tuple[Any, ...], edit: Callable[[Any, Any], None]) -> Any:
    """A copy in which `edit(container, key)` has changed the entry at a path."""
    changed = copy.deepcopy(value)
    container = changed
    for key in path[:-1]:
        container = container[key]
    edit(container, path[-1])
    return changed


def put(new: Any) -> Callable[[Any, Any], None]:
    return lambda container, key: container.__setitem__(key, new)


def rename(container: Any, key: Any) -> None:
    container["x"] = container.pop(key)


CARD_PLACES = [path for path in places(CARD.as_dict()) if path]
HEADER_PLACES = [path for path in places(HEADER) if path and path[0] != "__metadata__"]
FREE = ("metrics", "notes", "versions")  # any names are fine in these
WRONG = (None, True, {}, [], [[[]]], {"a": 1}, "", "x" * 600, -1, 10**30, -1e300, "\n")


# Older cards lack them.
LATER = (
    "input_activation",
    "revive",
    "variational",
    "kl_weight",
    "sees",
    "energy_weight",
    "points",
)


def test_every_entry_counts() -> None:
    """Take away or rename any one entry of a card or a tensor, or give it another type: refused."""
    damaged = []
    for path in CARD_PLACES:
        changes = [put([[0]]), put({"a": {}}), put("x" * 600)]
        later = path[-1] in LATER
        if not later and (path[0] not in FREE or len(path) == 1):
            changes.append(lambda container, key: container.pop(key))
        if isinstance(path[-1], str) and (path[0] not in FREE or len(path) == 1):
            changes.append(rename)
        damaged += [with_card_text(json.dumps(edited(CARD.as_dict(), path, c))) for c in changes]
    for path in HEADER_PLACES:
        changes = [put(-1), put("x"), put(None), put([]), lambda container, key: container.pop(key)]
        damaged += [with_entries(edited(HEADER, path, change)) for change in changes]
    assert len(damaged) >= 300
    assert not any(is_taken(content) for content in damaged)


@given(st.sampled_from(CARD_PLACES), st.sampled_from(WRONG))
def test_edited_cards(path: tuple[Any, ...], new: Any) -> None:
    is_taken(with_card_text(json.dumps(edited(CARD.as_dict(), path, put(new)))))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([*HEADER_PLACES, ("__metadata__",), ("__metadata__", "card")]), JSON_VALUES)
def test_edited_headers(path: tuple[Any, ...], new: Any) -> None:
    is_taken(with_entries(edited(HEADER, path, put(new))))


@given(st.lists(st.integers(0, 8 * len(CONTENT) - 1), min_size=1, max_size=8))
def test_flipped_bits(positions: list[int]) -> None:
    content = bytearray(CONTENT)
    for position in positions:
        content[position // 8] ^= 1 << position % 8
    is_taken(bytes(content))


@given(st.integers(0, 8 * (8 + HEADER_SIZE) - 1))
def test_flipped_header_bits(position: int) -> None:
    content = bytearray(CONTENT)
    content[position // 8] ^= 1 << position % 8
    is_taken(bytes(content))


@given(st.integers(0, len(CONTENT) - 1))
def test_truncated(length: int) -> None:
    assert not is_taken(CONTENT[:length])


@given(st.binary(max_size=64), st.integers(0, 2**64 - 1))
def test_noise(noise: bytes, length: int) -> None:
    assert not is_taken(length.to_bytes(8, "little") + noise)
    assert not is_taken(noise)


# Memory

CLAIMING = (
    "header of 2^63 bytes",
    "over 20 MB",
    "width of a billion",
    "places beyond",
    "card nested",
)
MEASURE = r"""
import re, sys
from pathlib import Path
from trisym.storage import checkpoints
from trisym.errors import TrisymError

def peak():  # MB of this program; ru_maxrss would begin with the parent's
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1000

before = peak()
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        checkpoints.load(path)
    except TrisymError:
        pass
taken = peak() - before
control = b"x" * 300_000_000
print(taken, peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_stays_under_200_mb(tmp_path: Path) -> None:
    """Reading about the largest model there may be, and files that claim far more; 300 MB show."""
    for name in CLAIMING:
        (tmp_path / f"{name}.safetensors").write_bytes(REFUSED[name][0])
    shape = AutoencoderConfig(hidden=(1500, 1500), latent=64)
    checkpoints.save(network(shape), a_card(a_config(shape)), tmp_path / "large.safetensors")
    assert (tmp_path / "large.safetensors").stat().st_size > 0.9 * checkpoints.MAX_BYTES
    command = [sys.executable, "-c", MEASURE, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    taken, control = map(float, done.stdout.split())
    assert taken < 200
    assert control > 290
