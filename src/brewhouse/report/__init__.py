"""report.html: one self-contained page of what a run built, tested and set aside."""

from brewhouse.report.page import write_report

__all__ = ["write_report"]
