"""The forces on the molecule in the hand: those of each network beside the exact ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trisym.ui.physics import networks


@dataclass(frozen=True)
class Pulled:
    """Forces on three atoms, (atom, xyz), by one network; its angles to the exact ones in degrees,
    and its sizes over theirs, (atom,) each.
    """

    name: str
    forces: np.ndarray
    angles: np.ndarray
    sizes: np.ndarray


def compared(pose: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, list[Pulled]]:
    """Return the exact forces on a molecule in edges of the box, and those of each network."""
    import torch

    from trisym.forces import angles, exact_forces

    edge, _ = networks.limits()
    vertices = torch.from_numpy(pose)[None] * edge
    exact = exact_forces(vertices)
    found = []
    for name in names:
        learned = networks.energy(name).forces(vertices)
        sizes = learned.norm(dim=-1) / exact.norm(dim=-1)
        parts = (learned[0], angles(learned, exact)[0], sizes[0])
        found.append(Pulled(name, *(part.numpy() for part in parts)))
    return exact[0].numpy(), found


def in_plane(pose: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return atoms and vectors (atom, 2) as seen at right angles to the molecule's plane.

    The first side lies level, the third atom above it.
    """
    first = pose[1] - pose[0]
    along = first / np.linalg.norm(first)
    rest = pose[2] - pose[0]
    up = rest - (rest @ along) * along
    basis = np.stack([along, up / np.linalg.norm(up)], axis=1)
    return (pose - pose.mean(axis=0)) @ basis, vectors @ basis
