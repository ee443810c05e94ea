"""The enumerated values of the web shop, read from its dbt_project.yml."""

from __future__ import annotations

from typing import Final

from brewhouse.simulate.engine.vocabulary import Vocabulary

_WORDS: Final = Vocabulary("commerce")

values: Final = _WORDS.values
code: Final = _WORDS.code
weights: Final = _WORDS.weights
