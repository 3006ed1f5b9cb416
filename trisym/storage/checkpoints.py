"""A model in one .safetensors file: its weights, and its card in the header; never a pickle.

Models come from strangers, so reading trusts nothing: the header's size, the card, and each
tensor's name, shape and dtype are checked against each other before a network is built.
The format: https://github.com/safetensors/safetensors#format
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import safetensors.torch
from safetensors import SafetensorError

from trisym.config import DTYPES, FitConfig
from trisym.errors import CheckpointError, ConfigError, TrisymError
from trisym.networks import Autoencoder, Predictor, build
from trisym.outside_text import QUOTED, quoted, shortened
from trisym.paths import PRETRAINED as PRETRAINED
from trisym.storage.cards import Card as Card
from trisym.storage.files import write_atomically
from trisym.storage.strict_json import parse

SUFFIX = ".safetensors"
MAX_BYTES = 20_000_000  # table 3 takes 30 kB
DIGESTS_KEPT = 1_000  # of files, to be looked up without reading
MAX_HEADER = 2**16  # table 3 takes 2 kB
FOREIGN = "format"  # the framework, by which other programs know whose tensors these are
OTHERS = {  # what people take for a model, by its first bytes
    b"version https://git-lfs": "it is a Git LFS pointer to one; `git lfs pull` fetches the model",
    b"PK\3\4": "it is a zip archive, as torch.save writes",
    b"\x80": "it is a pickle, which is never opened here",
    b"<": "it is a web page, as a failed download leaves",
    b"{": "it is JSON; a card alone holds no weights",
}
CODES = {"float32": "F32", "float64": "F64"}  # what the format calls the precisions

Model = Autoencoder | Predictor


class Checkpoint(NamedTuple):
    """A model in eval mode with its weights frozen, and its card."""

    model: Model
    card: Card


def names() -> list[str]:
    """Return the names of the models that come with trisym."""
    try:
        return list(_names(PRETRAINED, PRETRAINED.stat().st_mtime_ns))
    except (FileNotFoundError, NotADirectoryError):
        return []


def stamps() -> frozenset[tuple[str, int, int, int]]:
    """Return what changes when any of those models is added, replaced, rewritten or removed."""
    try:
        with os.scandir(PRETRAINED) as files:
            return frozenset(
                (file.path, *_stamp(file.stat())) for file in files if file.name.endswith(SUFFIX)
            )
    except OSError:
        return frozenset()


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=8)
def _names(folder: Path, changed: int) -> tuple[str, ...]:
    """Return the models in a folder as it was changed last: a page asks some fifty times."""
    return tuple(sorted(path.stem for path in folder.glob(f"*{SUFFIX}")))


def load(name_or_path: str | Path) -> Model:
    """Return a model, on the CPU, in eval mode, frozen, in the precision it was trained in.

    Takes the name of a model that comes with trisym, or the path of a file. Raises CheckpointError
    when there is none or it can't be trusted.
    """
    return read(name_or_path).model


def load_autoencoder(name_or_path: str | Path) -> Autoencoder:
    """Return an autoencoder, like `load`; CheckpointError also for an energy predictor."""
    model, card = read(name_or_path)
    if not isinstance(model, Autoencoder):
        raise CheckpointError(f"{card.name} is an energy predictor; an autoencoder is needed here.")
    return model


def load_card(name_or_path: str | Path) -> Card:
    """Return a model's card; of the weights only names and shapes are checked. Raises as `load`."""
    path = _located(name_or_path)
    content = _content(path)
    with _about(path.name):
        return _checked_header(content)


def read(name_or_path: str | Path) -> Checkpoint:
    """Return a model with its card; raises CheckpointError as `load` does."""
    path = _located(name_or_path)
    return from_bytes(_content(path), path.name)


def from_bytes(content: bytes, name: str = "The file") -> Checkpoint:
    """Return what a model file holds, such as one that was uploaded under a name.

    Raises CheckpointError, with the name and the reason, for anything that `save` would not write.
    """
    with _about(name):
        card = _checked_header(content)
        return Checkpoint(_network(content, card), card)


def save(model: Model, card: Card, path: str | Path) -> None:
    """Write a model and its card to a .safetensors file, whole or not at all.

    Raises CheckpointError for what `load` would refuse: a card of another network, weights that
    are not finite, a file over 20 MB; TrisymError when the file can't be written.
    """
    path = Path(path)
    check_path(path)
    write_atomically(path, to_bytes(model, card, path.name))


def to_bytes(model: Model, card: Card, name: str = "The file") -> bytes:
    """Return the content of a model file; raises CheckpointError for what `load` would refuse."""
    tensors = {name: t.detach().cpu().contiguous() for name, t in model.state_dict().items()}
    content = safetensors.torch.save(tensors, metadata={"card": card.as_json()})
    from_bytes(content, name)
    return content


def sha256(name_or_path: str | Path) -> str:
    """Return the SHA-256 of a model file in hexadecimal; CheckpointError when there is none."""
    path = _located(name_or_path)
    try:
        found = path.stat()
    except OSError:
        return hashlib.sha256(_content(path)).hexdigest()  # which raises, with the reason
    return _sha256(path, *_stamp(found))


@lru_cache(maxsize=DIGESTS_KEPT)
def _sha256(path: Path, *_stamp: int) -> str:
    """Read a file that was not written since only once: a page asks for dozens at each visit."""
    return hashlib.sha256(_content(path)).hexdigest()


def check_path(path: Path) -> None:
    """Raise ConfigError unless `save` takes this path: `load` knows a file by its suffix."""
    if path.suffix != SUFFIX:
        raise ConfigError(
            f"A model file must be called something{SUFFIX}, not {quoted(path.name)}."
        )


def check_size(config: FitConfig) -> None:
    """Raise ConfigError when what this configuration trains would be too large to `save`."""
    size = _weight_bytes(config) + MAX_HEADER
    if size > MAX_BYTES:
        raise ConfigError(
            f"The network would make a file of {size / 1e6:.0f} MB, and {MAX_BYTES / 1e6:.0f} MB "
            "is the most: take smaller hidden widths."
        )


def _weight_bytes(config: FitConfig) -> int:
    shapes = config.network.tensor_shapes().values()
    return DTYPES[config.dtype].itemsize * sum(math.prod(shape) for shape in shapes)


def _located(name_or_path: str | Path) -> Path:
    """Return the path; a lone word without the suffix is the name of a shipped model."""
    path = Path(name_or_path)
    if isinstance(name_or_path, Path) or len(path.parts) != 1 or path.suffix == SUFFIX:
        return path
    if name_or_path not in names():
        there = ", ".join(names()) or "none yet; `python -m trisym reproduce --all` makes them"
        raise CheckpointError(
            f"There is no model {_listed([name_or_path])}. The models that come with trisym: "
            f"{there}. The path of a file ends in {SUFFIX}."
        )
    return PRETRAINED / f"{name_or_path}{SUFFIX}"


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise CheckpointError(f"There is no file {path}.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CheckpointError(f"{path} can't be read: {error.strerror}.") from error


@contextmanager
def _about(name: str) -> Iterator[None]:
    """Make every refusal a CheckpointError that says which file."""
    try:
        yield
    except TrisymError as error:
        raise CheckpointError(f"{shortened(name, QUOTED)}: {error}") from error


def _checked_header(content: bytes) -> Card:
    """Return the card, once all that the file says about its tensors agrees with it."""
    header, start = _header(content)
    card = Card.from_json(_card_text(header.pop("__metadata__", None)))
    _check_tensors(header, card.config)
    missing = start + _weight_bytes(card.config) - len(content)
    if missing:
        word = "short" if missing > 0 else "long"
        raise CheckpointError(f"The file is {abs(missing):,} bytes too {word} for its network.")
    return card


def _card_text(metadata: object) -> str:
    """Return the card out of the header; other programs that save a model anew add FOREIGN."""
    if not isinstance(metadata, dict) or "card" not in metadata:
        raise CheckpointError("This model has no card: it was not saved by trisym.")
    if strange := metadata.keys() - {"card", FOREIGN}:
        raise CheckpointError(f"The header holds more than the card: {_listed(strange)}.")
    if not all(isinstance(text, str) for text in metadata.values()):
        raise CheckpointError("The card must be a text.")
    return str(metadata["card"])


def _header(content: bytes) -> tuple[dict[str, Any], int]:
    """Return the header and where the weights start: 8 bytes of length, JSON, then weights."""
    if len(content) > MAX_BYTES:
        raise CheckpointError(f"A model file has at most {MAX_BYTES / 1e6:.0f} MB.")
    start = 8 + int.from_bytes(content[:8], "little")
    if len(content) < 8 or start > 8 + MAX_HEADER or content[8:9] != b"{":
        found = (f": {text}" for begin, text in OTHERS.items() if content.startswith(begin))
        raise CheckpointError(
            f"This is not a .safetensors file that trisym saved{next(found, '')}."
        )
    if start > len(content):
        raise CheckpointError("The file is cut short: its header is not complete.")
    try:
        text = content[8:start].decode()
    except UnicodeDecodeError as error:
        raise CheckpointError("The header is not text.") from error
    header = parse(text, "The header")
    if not isinstance(header, dict):
        raise CheckpointError("The header must be an object.")
    return header, start


def _check_tensors(header: dict[str, Any], config: FitConfig) -> None:
    """Compare names, shapes and precision with the network's; places are left to safetensors."""
    shapes, code = config.network.tensor_shapes(), CODES[config.dtype]
    if missing := shapes.keys() - header.keys():
        raise CheckpointError(f"The weights {_listed(missing)} of the network are missing.")
    if extra := header.keys() - shapes.keys():
        raise CheckpointError(f"There are weights that the network has not: {_listed(extra)}.")
    for name, shape in shapes.items():
        entry = header[name]
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise CheckpointError(f"{name} must have a dtype, a shape and data offsets.")
        if entry["dtype"] != code:
            raise CheckpointError(f"{name} must be {config.dtype}, as the card says.")
        if entry["shape"] != list(shape):
            raise CheckpointError(f"{name} must have the shape {shape}, as the card says.")


def _listed(found: Iterable[str]) -> str:
    """Name a few things out of a stranger's list, none at length."""
    first = sorted(found)
    more = f" and {len(first) - 3} more" if len(first) > 3 else ""
    return ", ".join(map(quoted, first[:3])) + more


def _network(content: bytes, card: Card) -> Model:
    try:
        tensors = safetensors.torch.load(content)
    except SafetensorError as error:
        raise CheckpointError("The weights overlap, leave gaps or run past the end.") from error
    for name, tensor in tensors.items():
        if not tensor.isfinite().all():
            raise CheckpointError(f"{name} holds values that are not finite numbers.")
    network = build(card.config.network).to(DTYPES[card.config.dtype])
    network.load_state_dict(tensors)
    return network.eval().requires_grad_(False)
