"""One function a rule. Its docstring is its documentation: docs/reference/parity is made of it."""

from brewhouse.parity.findings import RULES
from brewhouse.parity.rules import columns, freshness, relations, types, visibility, volume

__all__ = ["columns", "freshness", "relations", "types", "visibility", "volume"]

for _code in sorted(RULES):  # in the order of their codes, whatever the order of the files
    RULES[_code] = RULES.pop(_code)
