"""Room: a class meets by a code of four letters, follows its teacher, and guesses together."""

from trisym.ui.room import page

page.show()
