"""The film of a training run: latent cloud, curves and numbers under one scrubber."""

from __future__ import annotations

from trisym.ui.training.film import Mark, film

__all__ = ["Mark", "film"]
