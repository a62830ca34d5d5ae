"""The letters that we send: which elements each consists of, and their texts per language.

An element is bound to facts. A letter that lacks a required element, or the fact behind it, can't
be made. Nothing here looks anything up: `render` gets all that a letter may say.
"""

from privacy.letters.facts import Facts
from privacy.letters.render import MissingElementError, Rendered, render
from privacy.letters.table import LETTERS, Addressee, Letter

__all__ = [
    "LETTERS",
    "Addressee",
    "Facts",
    "Letter",
    "MissingElementError",
    "Rendered",
    "render",
]
