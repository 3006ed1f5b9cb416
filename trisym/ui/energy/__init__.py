"""The live energy view: a molecule in the hand, its exact energy and three predictions.

A page calls `energy_stage(models, key=...)` with one EnergyModel a kind of input.
"""

from __future__ import annotations

from trisym.ui.energy.component import energy_stage

__all__ = ["energy_stage"]
