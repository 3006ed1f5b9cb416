"""A scene as one value in a link: "v1." + base64url of numbers, choices and words, and a checksum.

A scene that has a field which came with version 2 begins with "v2."; numbers are float32, a choice
is one byte, words (last) are UTF-8 joined by commas; two bytes of CRC-32 over all of it tell a
damaged link from a good one. web/link_codec.js does the same.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from trisym.errors import ConfigError, DataError
from trisym.names import check_name

DAMAGED = "This link's scene is damaged or cut off; copy the whole link again."
VERSIONS = {"v1": 1, "v2": 2}
_MAX_TEXT = 1300  # three names of 60 letters, of four bytes each


@dataclass(frozen=True)
class Numbers:
    """Finite numbers, float32; nine are three points of three.

    since: the version of links that they came with; links of version 1 have no others.
    """

    name: str
    count: int
    since: int = 1

    def payload(self) -> dict[str, Any]:
        kind = {"kind": "numbers", "count": self.count, "since": self.since}
        return {"name": _camel(self.name), **kind}


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    name: str
    options: Sequence[str]

    def payload(self) -> dict[str, Any]:
        return {"name": _camel(self.name), "kind": "choice", "options": list(self.options)}


@dataclass(frozen=True)
class Words:
    """Names, `most` at most; the last field of a scene."""

    name: str
    most: int

    def payload(self) -> dict[str, Any]:
        return {"name": _camel(self.name), "kind": "words"}


Field = Numbers | Choice | Words


S = TypeVar("S", bound="LinkedScene")


class LinkedScene:
    """Base of the scenes of live views: frozen dataclasses whose fields LAYOUT packs into a link.

    A field that starts with `unused` holds the place of one that older links have.
    """

    LAYOUT: ClassVar[tuple[Field, ...]]

    def to_text(self) -> str:
        """Return this scene as one value for a link."""
        values = {field.name: getattr(self, field.name, None) for field in self.LAYOUT}
        version = max(_since(field) for field in self.LAYOUT if values[field.name] is not None)
        fields = [field for field in self.LAYOUT if _since(field) <= version]
        body = b"".join(_packed(field, values[field.name]) for field in fields)
        body += struct.pack("<H", zlib.crc32(body) & 0xFFFF)
        return f"v{version}." + base64.urlsafe_b64encode(body).decode().rstrip("=")

    def values(self) -> dict[str, Any]:
        """Return what this scene says by the names of the layout, as the browser has it."""
        named = {_camel(field.name): getattr(self, field.name, None) for field in self.LAYOUT}
        return {name: _plain(value) for name, value in named.items() if value is not None}

    @classmethod
    def from_text(cls: type[S], text: str) -> S:
        """Return the scene of a link; raises DataError, a sentence, for other text."""
        version, body = _body(text)
        values: dict[str, Any] = {}
        for field in (field for field in cls.LAYOUT if _since(field) <= version):
            value, body = _taken(field, body)
            if not field.name.startswith("unused"):
                values[field.name] = value
        if body:
            raise DataError(DAMAGED)
        return cls(**values)

    @classmethod
    def from_payload(cls: type[S], payload: Mapping[str, Any]) -> S:
        """Return the scene that a view sent; raises DataError for what no hand could have made."""
        text = payload.get("text")
        if not isinstance(text, str):
            raise DataError("A live view sent a scene that can't be read.")
        return cls.from_text(text)


def check_words(words: Sequence[str], most: int) -> None:
    """Raise DataError for too many words, or for words that are no names."""
    if len(words) > most:
        raise DataError(f"A scene names at most {most} models.")
    try:
        for word in words:
            check_name(word)
    except ConfigError as error:
        raise DataError(str(error)) from error


def rounded(numbers: Any) -> Any:
    """Return numbers (n,) or points (3, 3) as tuples, rounded to float32 as a link keeps them."""
    with np.errstate(over="ignore"):  # infinity is refused with a sentence
        values = np.asarray(numbers, dtype=float).astype(np.float32).tolist()
    return tuple(tuple(each) if isinstance(each, list) else each for each in values)


def _since(field: Field) -> int:
    return field.since if isinstance(field, Numbers) else 1


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return np.ravel(value).tolist() if len(value) else []


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _packed(field: Field, value: Any) -> bytes:
    match field:
        case Numbers(count=count):
            numbers = np.zeros(count) if value is None else np.ravel(value)
            return numbers.astype("<f4").tobytes()
        case Choice(options=options):
            return bytes([options.index(value) if value is not None else 0])
        case Words():
            return ",".join(value).encode()


def _taken(field: Field, body: bytes) -> tuple[Any, bytes]:
    """Return a field's value, and what of the bytes is left."""
    match field:
        case Numbers(count=count):
            if len(body) < 4 * count:
                raise DataError(DAMAGED)
            values = np.frombuffer(body[: 4 * count], dtype="<f4")
            return rounded(values.reshape(3, 3) if count == 9 else values), body[4 * count :]
        case Choice(options=options):
            if not body or body[0] >= len(options):
                raise DataError(DAMAGED)
            return options[body[0]], body[1:]
        case Words():
            text = body.decode("utf-8", errors="replace")
            return tuple(text.split(",")) if text else (), b""


def _body(text: str) -> tuple[int, bytes]:
    """Return the version of a scene, and what it holds."""
    version, _, encoded = text.partition(".")
    if version not in VERSIONS:
        raise DataError("This link's scene is not one of ours: it must begin with v1 or v2.")
    if len(text) > _MAX_TEXT or not re.fullmatch(r"[A-Za-z0-9_-]+", encoded):
        raise DataError(DAMAGED)
    try:
        body = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except binascii.Error as error:
        raise DataError(DAMAGED) from error
    if len(body) < 2:
        raise DataError(DAMAGED)
    body, (crc,) = body[:-2], struct.unpack("<H", body[-2:])
    if crc != zlib.crc32(body) & 0xFFFF:
        raise DataError(DAMAGED)
    return VERSIONS[version], body
