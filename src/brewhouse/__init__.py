"""Brewhouse: a complete analytics platform that starts on a laptop in a minute."""

__version__ = "0.1.0"
