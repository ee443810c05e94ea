"""What the engine needs to know of a company: its size in blocks, and how one block is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

TRUTH: str = "truth/"
"""Tables whose name begins so hold what no real company can know; they load into the schema truth."""


class Company(Protocol):
    """A simulated business. Must be picklable and a pure function of its configuration."""

    @property
    def name(self) -> str:
        """The blueprint it stands behind."""
        ...

    @property
    def version(self) -> int:
        """Raised when the same configuration gives other bytes than before."""
        ...

    def blocks(self) -> int:
        """How many blocks there are; a block is the unit of work and of files."""
        ...

    def chunk(self, block: int) -> Mapping[str, pa.Table]:
        """All tables of one block, raw ones by their name and truth under ``truth/``."""
        ...

    def parameters(self) -> Mapping[str, str]:
        """Everything the data depends on, as text: the identity of the data set."""
        ...
