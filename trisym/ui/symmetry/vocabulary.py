"""What a lesson may name of the symmetry page."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON, TRIANGLE_EVENTS
from trisym.ui.symmetry.scene import Scene

VOCABULARY = PageVocabulary(
    view={
        "world": "the triangle in the cube",
        "tools": "rotate, move, reshape, camera",
        "latents": "the networks' panels",
        "numbers": "drift, verdict and rebuilt sides below each cloud",
        "rebuilt": "the rebuilt sides and their errors",
        "motions": "the buttons of rigid motions",
        "shapes": "the buttons of other shapes",
        "told": "the sentence and the colours below the view",
    },
    page=COMMON,
    events={
        **TRIANGLE_EVENTS,
        "below": "1 where a vertex is below 0, else 0",
        "outside": "1 where it is outside the cube, else 0",
        "mirrored": "1 after Mirror",
        "drift": "the largest drift that the networks show, in spreads",
    },
    scenes={"scene": Scene.from_text},
)
