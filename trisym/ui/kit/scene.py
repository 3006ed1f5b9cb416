"""The scene of the stage as one value in a link: "v1." + base64url of pose, cameras, tool, models.

Layout: 9 float32 of the pose, 6 of the two cameras (yaw, pitch, zoom), 1 byte for the tool, the
models' ids joined by commas in UTF-8, and 2 bytes of CRC-32 over all of it: a damaged link is
told from a good one.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trisym.errors import ConfigError, DataError
from trisym.names import check_name

Triple = tuple[float, float, float]
TOOLS = ("rotate", "move", "reshape", "camera")

HOME_CAMERA = (0.62, 0.36, 1.0)
HOME_LATENT_CAMERA = (0.75, 0.42, 1.0)
# No two sides alike (0.55, 0.80, 0.70), turned to the viewer, its centroid in the cube's middle
# and no vertex farther than 0.47 from it: it can turn any way and stay inside.
HOME_POSE = ((0.795, 0.455, 0.374), (0.354, 0.752, 0.236), (0.351, 0.293, 0.890))

MAX_MODELS = 3
_FARTHEST = 5.0  # coordinate of a vertex; the hand stops well before
_CLOSEST = 0.005  # distance of two vertices; the hand stops at twice that
_ZOOM = (0.3, 6.5)  # a little beyond what the wheel allows
_FIXED = struct.Struct("<15fB")
_MAX_TEXT = 1200  # three names of 60 letters, of four bytes each


@dataclass(frozen=True)
class Scene:
    """What a link opens again: the same triangle, the same models, the same cameras.

    pose: three vertices, edge of the training cube = 1; cameras: yaw and pitch in radians, zoom;
    models: ids, none for the page's own choice. Raises DataError for what no hand can make.
    """

    pose: tuple[Triple, Triple, Triple] = HOME_POSE
    camera: Triple = HOME_CAMERA
    latent_camera: Triple = HOME_LATENT_CAMERA
    tool: str = "rotate"
    models: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_pose(np.asarray(self.pose, dtype=float))
        for camera in (self.camera, self.latent_camera):
            _check_camera(camera)
        if self.tool not in TOOLS:
            raise DataError(f"The tool must be one of {', '.join(TOOLS)}.")
        if len(self.models) > MAX_MODELS:
            raise DataError(f"A scene names at most {MAX_MODELS} models.")
        try:
            for name in self.models:
                check_name(name)
        except ConfigError as error:
            raise DataError(str(error)) from error

    def to_text(self) -> str:
        """This scene as one value for a link, about 120 characters."""
        numbers = (*np.ravel(self.pose), *self.camera, *self.latent_camera)
        body = _FIXED.pack(*numbers, TOOLS.index(self.tool)) + ",".join(self.models).encode()
        body += struct.pack("<H", zlib.crc32(body) & 0xFFFF)
        return "v1." + base64.urlsafe_b64encode(body).decode().rstrip("=")

    @classmethod
    def from_text(cls, text: str) -> Scene:
        """The scene of a link; raises DataError, a sentence for the visitor, for other text."""
        numbers, tool, names = _unpack(text)
        if tool >= len(TOOLS):
            raise DataError(_DAMAGED)
        models = tuple(names.split(",")) if names else ()
        return cls.from_numbers(numbers[:9], numbers[9:12], numbers[12:15], TOOLS[tool], models)

    @classmethod
    def from_numbers(
        cls,
        pose: Sequence[float],
        camera: Sequence[float],
        latent_camera: Sequence[float],
        tool: str,
        models: tuple[str, ...] = (),
    ) -> Scene:
        """From nine coordinates and cameras of three numbers; raises DataError for other counts.

        All are rounded to float32, as the link keeps them: it opens exactly what is shown here.
        """
        if (len(pose), len(camera), len(latent_camera)) != (9, 3, 3):
            raise DataError("A scene is nine coordinates and two cameras of three numbers.")
        vertices = (_triple(pose[:3]), _triple(pose[3:6]), _triple(pose[6:]))
        return cls(vertices, _triple(camera), _triple(latent_camera), tool, models)


_DAMAGED = "This link's scene is damaged or cut off; copy the whole link again."


def _triple(numbers: Sequence[float]) -> Triple:
    with np.errstate(over="ignore"):  # infinity is refused with a sentence
        a, b, c = np.asarray(numbers, dtype=float).astype(np.float32).tolist()
    return a, b, c


def _unpack(text: str) -> tuple[tuple[float, ...], int, str]:
    version, _, encoded = text.partition(".")
    if version != "v1":
        raise DataError("This link's scene is not one of ours: it must begin with v1.")
    if len(text) > _MAX_TEXT or not re.fullmatch(r"[A-Za-z0-9_-]+", encoded):
        raise DataError(_DAMAGED)
    try:
        body = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except binascii.Error as error:
        raise DataError(_DAMAGED) from error
    if len(body) < _FIXED.size + 2:
        raise DataError(_DAMAGED)
    body, (crc,) = body[:-2], struct.unpack("<H", body[-2:])
    if crc != zlib.crc32(body) & 0xFFFF:
        raise DataError(_DAMAGED)
    *numbers, tool = _FIXED.unpack(body[: _FIXED.size])
    return tuple(numbers), tool, body[_FIXED.size :].decode("utf-8", errors="replace")


def _check_pose(pose: np.ndarray) -> None:
    if pose.shape != (3, 3) or not np.isfinite(pose).all():
        raise DataError("A pose is three vertices of three finite coordinates.")
    if np.abs(pose).max() > _FARTHEST:
        raise DataError(f"A vertex may lie at most {_FARTHEST:g} cube edges from the corner.")
    sides = np.linalg.norm(pose - np.roll(pose, -1, axis=0), axis=1)
    if sides.min() < _CLOSEST:
        raise DataError(f"Two vertices coincide: they must lie at least {_CLOSEST:g} apart.")


def _check_camera(camera: Triple) -> None:
    if not np.isfinite(camera).all():
        raise DataError("A camera is three finite numbers: yaw, pitch and zoom.")
    yaw, pitch, zoom = camera
    if abs(yaw) > 7 or abs(pitch) > 1.6 or not _ZOOM[0] <= zoom <= _ZOOM[1]:
        raise DataError(f"A camera's zoom must be from {_ZOOM[0]} to {_ZOOM[1]}.")
