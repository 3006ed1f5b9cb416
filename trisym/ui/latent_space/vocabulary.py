"""What a lesson may name of the page on the latent space."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON
from trisym.ui.latent_space.scene import Scene

VOCABULARY = PageVocabulary(page=COMMON, scenes={"latent": Scene.from_text})
