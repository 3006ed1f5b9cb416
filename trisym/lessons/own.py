"""Lessons of a teacher's own: the whole lesson in a link, or in one TOML file.

A link holds plain data as JSON, deflated against WORDS, in the letters of base64url.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import tomllib
import zlib
from collections.abc import Mapping
from typing import Any

import tomlkit

from trisym.errors import DataError
from trisym.lessons.lesson import Lesson
from trisym.lessons.reading import LONGEST_FILE, lesson_from
from trisym.lessons.vocabulary import Vocabulary

PREFIX = "own1."  # of what stands in a link where a shipped lesson has its id
SCANNABLE = 600  # characters of a link whose QR code a phone still reads from a screen
LONGEST_LINK = 8_000  # characters that browsers and servers carry in an address
# What lessons say again and again, the commonest last; links made with other words can't be read.
WORDS = (
    b"the network trained on coordinates trained on sides does the latent point stay? turn move "
    b"triangle What happens to Why Which How many the distance of energy side angle dot yes no "
    b"training?energy?latent_space?inside?symmetries?hidden_symmetries?symmetry?scene=v1.AAAAAAAA"
    b'","hide":["evidence","researchers"],"goal":{"event":"turned","at_least":90.0,"total":true},'
    b'"question":{"kind":"number","answer":0.0,"within":0.0},"do":"","unit":"","minutes":5,'
    b'"texts":{"en":{"title":"","about":"","question":"","options":{"a":"","b":"","c":""},'
    b'"reveal":""},"step":[{"id":"1","link":"symmetry?scene=v2.","question":{"kind":"choice",'
    b'"options":["a","b"],"answer":"a"},"text":"'
)


def pack(data: Mapping[str, Any]) -> str:
    """Return plain data as the text that stands in a link."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    press = zlib.compressobj(9, wbits=-15, zdict=WORDS)
    packed = press.compress(plain) + press.flush()
    return PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def is_packed(text: str) -> bool:
    """Say whether a text claims to be what `pack` returns."""
    return text.startswith(PREFIX)


def unpack(text: str) -> Any:
    """Return what was packed. Raises DataError, one sentence."""
    damaged = "This link holds a lesson that is damaged: perhaps its end was cut off."
    letters = text.removeprefix(PREFIX)
    if len(text) > LONGEST_LINK or not is_packed(text):
        raise DataError(damaged)
    press = zlib.decompressobj(wbits=-15, zdict=WORDS)
    try:
        packed = base64.b64decode(letters + "=" * (-len(letters) % 4), b"-_", validate=True)
        plain = press.decompress(packed, LONGEST_FILE)
        if not press.eof or press.unused_data:
            raise DataError(damaged)
        return json.loads(plain)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise DataError(damaged) from error


def lesson_of(text: str, vocabulary: Vocabulary | None = None) -> Lesson:
    """Return the lesson that a link holds. Raises DataError, one sentence."""
    return named(unpack(text), vocabulary)


def named(data: Any, vocabulary: Vocabulary | None = None) -> Lesson:
    """Return the lesson of data without an id, which is made from them. Raises DataError."""
    if not isinstance(data, Mapping):
        raise DataError("A lesson is a table with minutes, steps (step) and texts.")
    rest = {name: value for name, value in data.items() if name != "id"}
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
    return lesson_from({"id": f"own-{digest[:8]}", **rest}, vocabulary)


def to_toml(data: Mapping[str, Any]) -> str:
    """Return a lesson's plain data as one TOML file, its texts at the end."""
    return tomlkit.dumps({name: value for name, value in data.items() if name != "id"})


def from_toml(content: bytes) -> dict[str, Any]:
    """Return the plain data of such a file. Raises DataError, one sentence."""
    if len(content) > LONGEST_FILE:
        raise DataError(f"A lesson's file has at most {LONGEST_FILE:,} bytes.")
    try:
        return tomllib.loads(content.decode())
    except UnicodeError as error:
        raise DataError("A lesson's file is text in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"This is no TOML: {error}.") from error
