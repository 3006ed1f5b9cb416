"""How to cite trisym, and the thesis that it re-runs; a test holds CITATION.cff to this."""

from __future__ import annotations

from trisym.version import __version__

AUTHORS = "The trisym maintainers"
TITLE = "trisym: what small neural networks understand about the symmetries of triangles"
THESIS_AUTHOR = "A. Miller"
THESIS_TITLE = "Learning Symmetries with Machine Learning"
THESIS_SCHOOL, THESIS_YEAR = "Trinity College Dublin", 2021

SOFTWARE = f"{AUTHORS}, “{TITLE}”, version {__version__}."
THESIS = f"{THESIS_AUTHOR}, “{THESIS_TITLE}”, {THESIS_SCHOOL}, {THESIS_YEAR}."
