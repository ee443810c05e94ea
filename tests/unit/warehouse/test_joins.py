"""DuckDB finds all rows, also where its optimizer for joins loses some: every connection of ours is without it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from brewhouse.warehouse.duckdb import connect


def kept_rows_found(connection: duckdb.DuckDBPyConnection, rounds: int) -> list[tuple[int, ...]]:
    """Counts of the same three rows, one old and two of the transaction, found by their row ids."""
    by_place = "select {} from (select t.* from t where t.rowid in (select place from found)) as rows_found"
    counts: list[tuple[int, ...]] = []
    for _ in range(rounds):
        connection.execute(
            "create or replace table t as select 'i' || i as id, 'o' || (i // 3) as k from range(5) as r(i)"
        )
        connection.execute("begin")
        connection.execute("create temp table keys as select * from (values ('o0'), ('o2'), ('o1')) as v(k)")
        connection.execute(
            "create temp table old as select t.rowid as place from t where id in ('i0', 'i1', 'i3', 'i4')"
        )
        connection.execute("delete from t where rowid in (select place from old)")
        connection.execute("insert into t values ('i0', 'o0'), ('i3', 'o2')")
        connection.execute(
            "create temp table found as select t.rowid as place from t where k in (select k from keys)"
        )
        seen = [connection.execute(by_place.format(what)).fetchall() for what in ("id", "count(*)", "k")]
        counts.append((len(seen[0]), seen[1][0][0], len(seen[2])))
        connection.execute("rollback")
    return counts


def test_rows_that_stay_are_found_beside_rows_of_the_same_transaction(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "w.duckdb", threads=2)) as connection:
        assert set(kept_rows_found(connection, 100)) == {(3, 3, 3)}
