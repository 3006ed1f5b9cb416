"""What lessons may name, page by page: each page's own vocabulary, by its URL path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.claims.vocabulary import VOCABULARY as CLAIMED
from trisym.ui.degrees_of_freedom.vocabulary import VOCABULARY as COUNTED
from trisym.ui.energy.vocabulary import VOCABULARY as PULLED
from trisym.ui.hidden_symmetries.vocabulary import VOCABULARY as CONSTRAINED
from trisym.ui.inside.vocabulary import VOCABULARY as MEASURED
from trisym.ui.kit import navigation
from trisym.ui.latent_space.vocabulary import VOCABULARY as DECODED
from trisym.ui.more_points.vocabulary import VOCABULARY as MORE
from trisym.ui.physics.vocabulary import VOCABULARY as TAUGHT
from trisym.ui.symmetries.vocabulary import VOCABULARY as ASKED
from trisym.ui.symmetry.vocabulary import VOCABULARY as TURNED
from trisym.ui.training.vocabulary import VOCABULARY as TRAINED
from trisym.ui.vae.vocabulary import VOCABULARY as PRICED

PAGES: Mapping[str, PageVocabulary] = MappingProxyType(
    {
        navigation.SYMMETRY.url_path: TURNED,
        navigation.SYMMETRIES.url_path: ASKED,
        navigation.INSIDE.url_path: MEASURED,
        navigation.LATENT.url_path: DECODED,
        navigation.TRAINING.url_path: TRAINED,
        navigation.ENERGY.url_path: PULLED,
        navigation.DEGREES.url_path: COUNTED,
        navigation.HIDDEN.url_path: CONSTRAINED,
        navigation.MORE_POINTS.url_path: MORE,
        navigation.PHYSICS.url_path: TAUGHT,
        navigation.VAE.url_path: PRICED,
        navigation.CLAIMS.url_path: CLAIMED,
    }
)
