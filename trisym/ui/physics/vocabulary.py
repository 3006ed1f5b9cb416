"""What a lesson may name of the page on physics."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.symmetry.scene import Scene
from trisym.ui.symmetry.vocabulary import VOCABULARY as TURNED

VOCABULARY = PageVocabulary(
    view=TURNED.view, page=TURNED.page, events=TURNED.events, scenes={"molecule": Scene.from_text}
)
