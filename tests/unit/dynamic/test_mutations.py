"""The proof can fail: without any one term of a refresh, a table differs from its query, or the refresh says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from brewhouse.dynamic import steps, sums
from brewhouse.dynamic.capture import Logs
from brewhouse.dynamic.store import Delta, Found, Store, nothing_of
from brewhouse.dynamic.sums import Sums
from brewhouse.warehouse.duckdb import trusted
from brewhouse.warehouse.duckdb_engine import DuckDB
from tests.support.shop import Shop, item, order


@pytest.fixture
def shop() -> Iterator[Shop]:
    engine = DuckDB(lambda: trusted(duckdb.connect(config={"threads": 1})))
    made = Shop(engine)
    made.insert("customers", (1, "Premium", "WA"), (2, "Basic", "CO"))
    made.insert("orders", *(order(n) for n in range(20)))
    made.insert("order_items", *(item(n) for n in range(50)))
    made.refresher.refresh()
    yield made
    engine.close()


def story(shop: Shop) -> tuple[dict[str, list[Any]], dict[Any, str]]:
    """Each kind of change; returns differences and failures."""
    failed: dict[Any, str] = {}
    for table, change in (
        ("orders", {"inserts": [order(40), order(40)]}),
        ("order_items", {"inserts": [item(120, order_id="o3", unit_price=Decimal(99))]}),
        ("orders", {"updates": [order(4, total_amount=Decimal(1), customer_id=2, order_date=None)]}),
        ("orders", {"deletes": ["o5", "o40"]}),
        ("order_items", {"deletes": ["i120", "i9", "i10"]}),
        ("customers", {"updates": [(2, "Standard", "WA")]}),
        ("customers", {"deletes": [1]}),
    ):
        shop.change(table, **change)
        failed |= shop.another().refresh().failed
    return shop.differences(), failed


def test_as_it_is_nothing_differs(shop: Shop) -> None:
    assert story(shop) == ({}, {})


def _without(side: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Rows that came, or rows that went, are lost on the way into a shape's terms."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        whole = Logs.change

        def part(self: Logs, source: Any, why: str) -> Any:
            found = whole(self, source, why)
            if not found or not found.delta:
                return found
            kept = found.delta
            empty = self.store.temporary(f"select * from {getattr(kept, side)} where false")
            came = Delta(empty, kept.minus, 0, kept.minus_rows)
            went = Delta(kept.plus, empty, kept.plus_rows, 0)
            return replace(found, delta=came if side == "plus" else went)

        patch.setattr(Logs, "change", part)

    return mutate


def _keys_of_one_image(number: int) -> Callable[[pytest.MonkeyPatch], None]:
    """The keys of the rows before, or of those after, a change are forgotten."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        whole = steps._touched
        patch.setattr(steps, "_touched", lambda *given: whole(*given)[number::2] or whole(*given)[:1])

    return mutate


def _no_lookups(patch: pytest.MonkeyPatch) -> None:
    whole = steps._touched

    def part(query: Any, shape: Any, deltas: Any) -> list[str]:
        found = whole(query, replace(shape, lookups=()), deltas)
        return found or [f"select {shape.key[0]} from {query.table.name.sql} where false"]

    patch.setattr(steps, "_touched", part)


def _branch(number: int) -> Callable[[pytest.MonkeyPatch], None]:
    """Of what is added to the sums: the old state, what came or what went is left out."""

    def mutate(patch: pytest.MonkeyPatch) -> None:
        whole = Sums._branches

        def part(self: Sums, *given: str) -> Iterator[str]:
            for n, text in enumerate(whole(self, *given)):
                yield f"{text} where false" if n == number else text

        patch.setattr(Sums, "_branches", part)

    return mutate


def _no_extremes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Sums, "_extremes_anew", lambda *_: [])


def _distinct_never_changes(patch: pytest.MonkeyPatch) -> None:
    whole = Sums._distinct_change
    patch.setattr(Sums, "_distinct_change", lambda *given: f"{whole(*given)} where false")


def _always_new(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(steps, "_all_new", lambda *_: True)


def _nothing_is_deleted(patch: pytest.MonkeyPatch) -> None:
    whole = Store.delete

    def part(self: Store, found: Found) -> None:
        if not found.relation.startswith('"dynamic"'):
            whole(self, found)

    patch.setattr(Store, "delete", part)


def _stale_finds(patch: pytest.MonkeyPatch) -> None:
    """What was found in a table is believed after the table has changed."""
    patch.setattr(Store, "_changed", lambda *_: None)
    whole = Store._find

    def once(self: Store, name: Any, columns: Any, keys: Any) -> Found:
        found = whole(self, name, columns, keys)
        return nothing_of(name.sql) if name.table == "enriched_orders" and "order_id" in columns else found

    patch.setattr(Store, "_find", once)


def _no_difference(patch: pytest.MonkeyPatch) -> None:
    """Readers of a table are told what came, and not what went."""
    whole = Store.delta

    def part(self: Store, plus: str, minus: str) -> Delta:
        found = whole(self, plus, minus)
        empty = self.temporary(f"select * from {found.minus} where false")
        return replace(found, minus=empty, minus_rows=0)

    patch.setattr(Store, "delta", part)


MUTANTS = {
    "what came is lost": _without("plus"),
    "what went is lost": _without("minus"),
    "keys of what came alone": _keys_of_one_image(0),
    "keys of what went alone": _keys_of_one_image(1),
    "no lookups": _no_lookups,
    "sums without what was": _branch(0),
    "sums without what came": _branch(1),
    "sums without what went": _branch(2),
    "extremes are never lost": _no_extremes,
    "values never appear": _distinct_never_changes,
    "all keys are new": _always_new,
    "nothing is deleted": _nothing_is_deleted,
    "finds are stale": _stale_finds,
    "what went is not told on": _no_difference,
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS[name](monkeypatch)
    differences, failed = story(shop)
    assert differences or failed, f"{name}: nothing was noticed"


def test_the_module_under_mutation_is_the_one_in_use() -> None:
    assert sums.Sums is Sums
