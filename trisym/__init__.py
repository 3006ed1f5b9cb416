"""trisym: what small neural networks understand about the symmetries of triangles."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from trisym.version import __version__ as __version__

if TYPE_CHECKING:  # what a type checker sees; a test holds it to the two tables below
    from trisym import datasets as datasets
    from trisym import devices as devices
    from trisym import errors as errors
    from trisym import evaluation as evaluation
    from trisym import geometry as geometry
    from trisym import jacobians as jacobians
    from trisym import losses as losses
    from trisym import metrics as metrics
    from trisym import mixtures as mixtures
    from trisym import networks as networks
    from trisym import points as points
    from trisym import potentials as potentials
    from trisym import symmetries as symmetries
    from trisym.config import PRESETS as PRESETS
    from trisym.config import FitConfig as FitConfig
    from trisym.datasets import DataConfig as DataConfig
    from trisym.errors import TrisymError as TrisymError
    from trisym.evaluation import evaluate as evaluate
    from trisym.networks import Autoencoder as Autoencoder
    from trisym.networks import AutoencoderConfig as AutoencoderConfig
    from trisym.networks import Predictor as Predictor
    from trisym.networks import PredictorConfig as PredictorConfig
    from trisym.storage import checkpoints as checkpoints
    from trisym.storage.cards import Card as Card
    from trisym.storage.checkpoints import load as load
    from trisym.storage.checkpoints import load_card as load_card
    from trisym.storage.checkpoints import save as save
    from trisym.storage.states import resume as resume
    from trisym.storage.states import save_state as save_state
    from trisym.training import optimizers as optimizers
    from trisym.training.fit import fit as fit
    from trisym.ui.exports import export as export

# Nothing of this is imported before it is used: torch takes two seconds, `import trisym` none.
_MODULES = {  # by name, the package that each lies in
    "checkpoints": "trisym.storage",
    "datasets": "trisym",
    "devices": "trisym",
    "errors": "trisym",
    "evaluation": "trisym",
    "geometry": "trisym",
    "jacobians": "trisym",
    "losses": "trisym",
    "metrics": "trisym",
    "mixtures": "trisym",
    "networks": "trisym",
    "optimizers": "trisym.training",
    "points": "trisym",
    "potentials": "trisym",
    "symmetries": "trisym",
}
_HOMES = {  # by name, the module that each lives in
    "Card": "trisym.storage.cards",
    "load": "trisym.storage.checkpoints",
    "load_card": "trisym.storage.checkpoints",
    "save": "trisym.storage.checkpoints",
    "PRESETS": "trisym.config",
    "FitConfig": "trisym.config",
    "DataConfig": "trisym.datasets",
    "TrisymError": "trisym.errors",
    "evaluate": "trisym.evaluation",
    "Autoencoder": "trisym.networks",
    "AutoencoderConfig": "trisym.networks",
    "Predictor": "trisym.networks",
    "PredictorConfig": "trisym.networks",
    "resume": "trisym.storage.states",
    "save_state": "trisym.storage.states",
    "fit": "trisym.training.fit",
    "export": "trisym.ui.exports",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{_MODULES[name]}.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'trisym' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_HOMES})
