"""Live views as files: a page's address, with its scene or without, becomes one file.

What a link asks for is checked as in the app; whatever can't be is a sentence (TrisymError).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import streamlit as st
from streamlit.logger import set_log_level

from trisym.errors import ConfigError, DataError
from trisym.outside_text import quoted
from trisym.ui.kit import models
from trisym.ui.kit.about import of_models
from trisym.ui.kit.link_codec import LinkedScene
from trisym.ui.kit.model_choice import MAX_MODELS
from trisym.ui.kit.saved_page import Shown

S = TypeVar("S", bound=LinkedScene)


@dataclass(frozen=True)
class Asked:
    """What is asked of a page: its link's parameters, and models by id, none for its own choice."""

    parameters: Mapping[str, str]
    models: tuple[str, ...] = ()

    def scene(self, parameter: str, kind: type[S]) -> S | None:
        """Return the link's scene; None where the link has none."""
        text = self.parameters.get(parameter)
        return None if text is None else kind.from_text(text)

    def chosen(self, linked: Sequence[str], usual: Sequence[str]) -> tuple[str, ...]:
        """Return the ids of one to three models: those asked for, the link's, or the usual ones."""
        ids = {name: models.identified(name) for name in self.models or linked or usual}
        if unknown := [name for name, found in ids.items() if found is None]:
            raise DataError(f"There is no model {', '.join(map(quoted, unknown))} here.")
        if len(ids) > MAX_MODELS:
            raise ConfigError(f"A view shows one to {MAX_MODELS} models, not {len(ids)}.")
        return tuple(dict.fromkeys(found for found in ids.values() if found))

    def no_models(self, page: str) -> None:
        """Raise ConfigError where models were asked for that the page can't show."""
        if self.models:
            raise ConfigError(f"The page {page} has models of its own: it can't show others.")


def export(page: str, out: str | Path | None = None, models: Sequence[str | Path] = ()) -> Path:
    """Write a live view as one HTML file that works offline, or as a notebook; return the file.

    page: one of PAGES, or a link to it with its scene, such as "symmetry?scene=v1…" or a whole
    address. out: PAGE.html unless given; X.ipynb becomes a Jupyter notebook. models: names,
    ids of runs, or files, where the page lets one choose. Raises TrisymError for what can't be
    shown or written.
    """
    if not st.runtime.exists():
        set_log_level("ERROR")  # Streamlit warns of each spinner that has no page to turn on
    name, parameters = parsed(page)
    asked = Asked(parameters, tuple(map(_known, models)))
    file = Path(out if out is not None else f"{name}.html")
    shown = PAGES[name](asked)
    text = shown.ipynb() if file.suffix == ".ipynb" else shown.html()
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}.") from error
    return file


def parsed(link: str) -> tuple[str, dict[str, str]]:
    """Return the page and the parameters of a link, or of a page's name alone."""
    try:
        parts = urlsplit(link)
    except ValueError as error:
        raise ConfigError(f"This is no link: {quoted(link)}.") from error
    name = parts.path.rstrip("/").rpartition("/")[2]
    if name not in PAGES:
        raise ConfigError(
            f"The page must be one of {', '.join(PAGES)}, or a link to one; got {quoted(link)}."
        )
    return name, {key: values[-1] for key, values in parse_qs(parts.query).items()}


def _known(model: str | Path) -> str:
    """Return the id of a model; a file is lent to this process."""
    if isinstance(model, Path) or Path(model).suffix == ".safetensors":
        return models.lend(Path(model))
    return model


def _symmetry(asked: Asked) -> Shown:
    from trisym.ui.symmetry.scene import Scene
    from trisym.ui.symmetry.stage import TAKEN, exported

    scene = asked.scene("scene", Scene) or Scene()
    names = asked.chosen(scene.models, models.FIRST)
    shown = [models.in_browser(name) for name in names]
    return exported(shown, models.reference(TAKEN), scene, of_models(names))


def _energy(asked: Asked) -> Shown:
    from trisym.ui.energy import models as energy_models
    from trisym.ui.energy.molecule import exported
    from trisym.ui.energy.scene import Scene

    asked.no_models("energy")
    scene = asked.scene("molecule", Scene) or Scene()
    return exported(energy_models.predictors(), scene, of_models(energy_models.NAMES))


def _hidden(asked: Asked) -> Shown:
    from trisym.ui.hidden_symmetries.linked_sets import exported
    from trisym.ui.hidden_symmetries.scene import Scene
    from trisym.ui.hidden_symmetries.sets import SETS, constrained

    asked.no_models("hidden_symmetries")
    scene = asked.scene("hand", Scene) or Scene()
    return exported(constrained(), scene, of_models([f"{name}-h2" for name in SETS]))


def _latent(asked: Asked) -> Shown:
    from trisym.ui.latent_space.decoder import exported, shipped_cloud
    from trisym.ui.latent_space.scene import Scene

    asked.no_models("latent_space")
    cloud, name = shipped_cloud(), "sides-h3"
    scene = asked.scene("latent", Scene) or cloud.middle()
    return exported(models.in_browser(name), cloud, scene, of_models([name]))


def _symmetries(asked: Asked) -> Shown:
    from trisym.ui.symmetries import spectra
    from trisym.ui.symmetries.scene import Scene
    from trisym.ui.symmetries.spectrum_view import exported

    scene = asked.scene("scene", Scene) or Scene()
    names = asked.chosen(scene.models, spectra.FIRST)
    found = {name: spectra.spectrum(name) for name in names}
    return exported(found, scene, of_models(names))


def _inside(asked: Asked) -> Shown:
    from trisym.ui.inside import encoders
    from trisym.ui.inside.scene import Scene
    from trisym.ui.inside.spheres import exported, moments_of

    scene = asked.scene("spheres", Scene)
    film = encoders.recorded()
    shown = [name for name in scene.network if name != encoders.RECORDED] if scene else []
    others = asked.chosen(shown, ()) if asked.models or shown else ()
    offered = dict.fromkeys([*encoders.SHORT, *others])
    networks = [encoders.looked(name) for name in offered]
    if others and (scene is None or asked.models):
        scene = Scene(network=others[:1])
    moments = moments_of(film) if film else None
    return exported(networks, moments, scene, of_models([each.id for each in networks]))


def _more_points(asked: Asked) -> Shown:
    from trisym.ui.more_points.points_stage import exported
    from trisym.ui.more_points.scene import Scene

    asked.no_models("more_points")
    return exported(asked.scene("points", Scene) or Scene())


def _physics(asked: Asked) -> Shown:
    from trisym.ui.physics import networks, run
    from trisym.ui.symmetry.scene import Scene
    from trisym.ui.symmetry.stage import TAKEN, exported

    asked.no_models("physics")
    if asked.parameters.get("film") == run.NAME:
        return run.exported()
    scene = asked.scene("molecule", Scene) or networks.START
    names = tuple(name for name in scene.models if name in networks.TITLES) or networks.FIRST
    shown = [networks.in_box(name) for name in names]
    cards = of_models(names)
    return exported(shown, networks.reference(TAKEN), scene, cards, networks.setting())


def _training(asked: Asked) -> Shown:
    from trisym.ui.training import watch

    asked.no_models("training")
    return watch.exported(asked.parameters.get("run"))


def _vae(asked: Asked) -> Shown:
    from trisym.ui.vae.between import PAIR, exported
    from trisym.ui.vae.scene import Scene

    asked.no_models("vae")
    return exported(asked.scene("between", Scene) or Scene(), of_models(PAIR))


PAGES: Mapping[str, Callable[[Asked], Shown]] = MappingProxyType(
    {
        "symmetry": _symmetry,
        "symmetries": _symmetries,
        "inside": _inside,
        "latent_space": _latent,
        "training": _training,
        "energy": _energy,
        "hidden_symmetries": _hidden,
        "more_points": _more_points,
        "physics": _physics,
        "vae": _vae,
    }
)
