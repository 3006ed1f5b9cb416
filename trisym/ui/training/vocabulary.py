"""What a lesson may name of the training page."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON

VOCABULARY = PageVocabulary(
    view={
        "orbits": "the latent cloud",
        "numbers": "errors and epoch",
        "curves": "the curves of errors",
        "answers": "the answers to motions",
        "scrub": "the scrubber",
    },
    page={**COMMON, "runs": "the table of runs and models"},
    events={
        "scrubbed": "where the film is, from 0 at its start to 1 at its end",
        "error": "the side error at the shown frame",
        "trained": "the side error of a run that goes on, at its newest frame",
    },
)
