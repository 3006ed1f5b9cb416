"""What a lesson may name of the claims: the page's heading."""

from trisym.lessons.vocabulary import PageVocabulary
from trisym.ui.kit.places import COMMON, INTRO

VOCABULARY = PageVocabulary(page={INTRO: COMMON[INTRO]})
