"""Benchmarks: each prints what it measured, the ratio to its limit or peer, and the bound it should keep.

They are no tests: a slow machine prints larger figures and nothing fails.
"""
