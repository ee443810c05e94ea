"""One function a rule. Its docstring is its documentation: docs/reference/parity is made of it."""

from brewhouse.parity.rules import columns, freshness, relations, types, visibility, volume

__all__ = ["columns", "freshness", "relations", "types", "visibility", "volume"]
