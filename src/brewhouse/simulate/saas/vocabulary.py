"""The enumerated values of the saas company, read from its dbt_project.yml."""

from __future__ import annotations

from typing import Final

from brewhouse.simulate.engine.vocabulary import Vocabulary

_WORDS: Final = Vocabulary("saas")

values: Final = _WORDS.values
code: Final = _WORDS.code
entry: Final = _WORDS.entry
number: Final = _WORDS.number
weights: Final = _WORDS.weights
