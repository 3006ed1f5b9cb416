"""trisym: what small neural networks understand about the symmetries of triangles."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what a type checker sees; a test holds it to the two tables below
    from trisym import checkpoints as checkpoints
    from trisym import datasets as datasets
    from trisym import devices as devices
    from trisym import errors as errors
    from trisym import evaluation as evaluation
    from trisym import geometry as geometry
    from trisym import losses as losses
    from trisym import metrics as metrics
    from trisym import networks as networks
    from trisym import optimizers as optimizers
    from trisym import potentials as potentials
    from trisym.cards import Card as Card
    from trisym.checkpoints import load as load
    from trisym.checkpoints import load_card as load_card
    from trisym.checkpoints import save as save
    from trisym.config import PRESETS as PRESETS
    from trisym.config import FitConfig as FitConfig
    from trisym.datasets import DataConfig as DataConfig
    from trisym.errors import TrisymError as TrisymError
    from trisym.evaluation import evaluate as evaluate
    from trisym.networks import Autoencoder as Autoencoder
    from trisym.networks import AutoencoderConfig as AutoencoderConfig
    from trisym.networks import Predictor as Predictor
    from trisym.networks import PredictorConfig as PredictorConfig
    from trisym.states import resume as resume
    from trisym.states import save_state as save_state
    from trisym.training import fit as fit

__version__ = "0.1.0"

# Nothing of this is imported before it is used: torch takes two seconds, `import trisym` none.
_MODULES = (
    "checkpoints",
    "datasets",
    "devices",
    "errors",
    "evaluation",
    "geometry",
    "losses",
    "metrics",
    "networks",
    "optimizers",
    "potentials",
)
_HOMES = {  # the module in which each name lives
    "Card": "cards",
    "load": "checkpoints",
    "load_card": "checkpoints",
    "save": "checkpoints",
    "PRESETS": "config",
    "FitConfig": "config",
    "DataConfig": "datasets",
    "TrisymError": "errors",
    "evaluate": "evaluation",
    "Autoencoder": "networks",
    "AutoencoderConfig": "networks",
    "Predictor": "networks",
    "PredictorConfig": "networks",
    "resume": "states",
    "save_state": "states",
    "fit": "training",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"trisym.{name}")
    if name in _HOMES:
        return getattr(import_module(f"trisym.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'trisym' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_HOMES})
