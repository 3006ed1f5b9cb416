"""Make a lesson: scenes, texts and questions strung together, handed on as a link or a file."""

from trisym.ui.lessons import maker

maker.show()
