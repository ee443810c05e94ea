"""The raw tables of the saas company, as its blueprint declares them."""

from __future__ import annotations

from functools import partial
from typing import Final

from brewhouse.simulate.engine import schema
from brewhouse.simulate.engine.schema import Columns

__all__ = ["Columns", "conform", "raw_tables"]

raw_tables: Final = partial(schema.raw_tables, "saas")
conform: Final = partial(schema.conform, "saas")
