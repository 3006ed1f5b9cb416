"""Linked views of the constrained sets: a hand that obeys one, its sides and its latent planes.

A page calls `planes(sets, key=...)`. NumPy only: torch is not imported here.
"""

from __future__ import annotations

from trisym.ui.hidden_symmetries.component import ConstrainedSet, planes

__all__ = ["ConstrainedSet", "planes"]
