"""What the engine needs to know of a company: its size in blocks, how one block is made, and whether it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]

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


@dataclass(frozen=True)
class Mark:
    """Where a warehouse tells how far a stream has come: a table of truth with a row for each thing of the stream."""

    table: str
    """Without ``truth/``."""
    key: str
    """Column that holds ``base`` and the thing's number."""
    moment: str
    """Column of the thing's moment, UTC without zone."""
    base: int
    """Above all keys of the company's blocks, whatever its size."""


@runtime_checkable
class Streaming(Company, Protocol):
    """A company that goes on after its window: thing after thing, numbered 0, 1, 2 …, for as long as somebody asks."""

    @property
    def mark(self) -> Mark:
        """Where its stream can be found again."""
        ...

    @property
    def end_ms(self) -> int:
        """The first moment after the window, in milliseconds since 1970: there the clock of the stream begins."""
        ...

    def streamed(self, first: int, moments: Ints) -> Mapping[str, pa.Table]:
        """The tables of things ``first``, ``first`` + 1 …, one for each of ``moments`` (milliseconds since 1970).

        Raw tables by their name, with dirt, and truth under ``truth/``. What a thing is like depends on its number
        alone, so that it does not matter how a stream is cut. Raises ``SimulationSettingsError`` if nothing can
        happen in this company.
        """
        ...
