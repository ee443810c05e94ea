"""How does the warehouse differ from the project? The promise (a dbt manifest) beside the fact (a catalogue)."""

from brewhouse.parity.compare import compare
from brewhouse.parity.findings import Finding, Level, Waiver
from brewhouse.parity.judge import Verdict

__all__ = ["Finding", "Level", "Verdict", "Waiver", "compare"]
