"""Values at which engines differ: what a macro of brewhouse_utils has to give the same answer to on each of them."""

from __future__ import annotations

from random import Random
from typing import Any, Final

_TEXTS: Final = """\
a|b|Z|z|_|~|é|ä|ÀÉß|İstanbul|ΑΣ|O'Brien|_null_|a-b| A |\ta\n|\u00a0x|\u2003y\u3000|true|\U0001f600|\uffff
1|+1|-1|007| 12 |1.5|2.5|-2.5|1.|.5|-.5|1e3|1E3|1e-1|1.5e2|0|-0|0.0|-0.004|00.50|1\t|\n1|1_000|0x1F|0b1|0o7
9223372036854775807|9223372036854775808|-9223372036854775808|99999999999999999999|12345678901234567
1.005|1.004999|-1.005|0.00005|12.34567|99999999.99995|99999999.99994|9999999999999999.99|9999999999999999.995
NaN|Infinity|inf|-Infinity|1,000|$5|1 2|--1|+-1|1e400|1e|e1|1.2.3|1+|+|-|.|١٢
1783000000000|1783000000123|0000000000000|-178300000000|17830000000001|1783000000|99999999999|1783000000.7
2026-01-01|2026-1-1|2026-01-01 00:00:00|2026-01-01T00:00:00Z|2026-01-01T00:00:00z|2026-01-01 10:11|  2026-01-01  
2026-01-01T10:11:12.123456Z|2026-01-01T10:11:12.1234567Z|2026-01-01T10:11:12.9999999Z|2026-01-01T10:11:12.12345651
2026-01-01T10:11:12,5|2026-01-01T10:11:12+02:00|2026-01-01T10:11:12+0230|2026-01-01T10:11:12-05|2026-01-01T10:11:12.
2026-01-01T10:11:12.5+05:45|2026-01-01T10:11:12+15:59|2026-01-01T10:11:12.123456789+01|2026-01-01T10:11:12+02:00:30
2026-02-29|2024-02-29|1900-02-29|2000-02-29|2026-13-01|2026-00-10|2026-04-31T00:00:00Z|2026-01-01T24:00:00Z
2026-01-01T23:59:60Z|2026-01-01T25:00:00Z|2026-01-01T|2026-01-01T10|2026-01-01T10:11:12 Z|2026-01-01 10:11:12 UTC
2026-01-01  10:11:12|2026-01-01T1:2:3Z|2026-01-01 10:11:12 +00|2026-01-01T10:11:12+|0001-01-01|9999-12-31T23:59:59Z
10000-01-01|epoch|infinity|now|today|20260101|01/02/2026|2026/01/02|2026-01-01BC|2026-01-01 (BC)|2026-W01|2026-001
1969-12-31T23:59:59.999999Z|2026-01-01T10:11:12Zjunk|2026-01-01junk
https://www.google.com/a/b?q=1#x|http://m.example.co.uk|https://Example.COM|https://example.com?x=1|https://|//|/|?x|#
/devices/12/|/devices/12|devices|ftp://x/y/z//|/a//b/|mailto:x@y|https://example.com:8080/p|1a://x/y|a://b?c/d
https://example.com/a#b?c|/r?u=http://x.y/z|http://user:p@host/p
UTC|Europe/Berlin|EST|America/New_York|Mars/X|GMT+1|Etc/GMT+5"""
TEXTS: Final[list[str | None]] = [
    None,
    "",
    " ",
    *(text for line in _TEXTS.split("\n") for text in line.split("|")),
]

DOCUMENTS: Final[list[str | None]] = [
    None,
    *'||null|1|"x"|[]|{}|{|{"a":1}|{"a": "x" }|{"a":null}|{"a":true}|{"a":[1, 2]}|{"a":["7","8"]}'.split("|"),
    '{"a":{"z":1,"b": [1, {"q":2}]}}',
    *'{"a":"[1, 2]"}|{"a":"{ }"}|{"b":{"c":"deep"}}|{"b":{"c":{"d e":"x  y"}}}|{"a":[ ]}|{"a":{ }}'.split(
        "|"
    ),
    *'{"a":[{"id":"i1","v":3},{"id":"i2","v":4}]}|{"a":[{"v":"5"},{"v":"x"},{"v":1.5},{"v":null},{}]}'.split(
        "|"
    ),
    *'{"a":{"v":5}}|{"a":5}|{"a":[1,{"v":2},"x",[3],null]}|{"a":[{"v":"x"}]}|{"a":[{"v":true}]}'.split("|"),
    *'{"a":[{"v":9223372036854775807}]}|{"a":[{"v":99999999999999999999}]}|{"a":[{"v":"1e2"}]}'.split("|"),
    '[{"k":"x","v":1},{"k":"y","v":2},{"k":"x","v":"7"},{"k":"x"}]',
    *'[{"k":"x","v":1.5}]|[{"k":"x","v":2.5},{"k":"x","v":"2.5"}]|[1,2]|[[{"k":"x","v":1}]]|["x"]'.split("|"),
    *'{"k":"x","v":1}|{"n":12345678901234567890}|{"n":0.1}|{"n":-0}|{"n":"12.5"}|{"n":"abc"}|{"n":""}'.split(
        "|"
    ),
    *'{"c":99999999.99995}|{"c":99999999.99994}|{"c":1.00005}|{"c":1e3}|{"c":-1.00005}|{"c":"x"}'.split("|"),
    *'{"c":" 1.5 ","n":1}|{"k":" Mixed Case ","b":""}|{"k":"","b":" "}|{"b":false}|{"a":"\\/"}'.split("|"),
    *'{"k":"\\u0041"}|{"a":"\\u00e9\\n\\"q\\""}|{"a":"\\ud83d\\ude00"}|{"a":["é", "a b", "x\\"y, z"]}'.split(
        "|"
    ),
    *' {"a":1} |{"a":1}x|{"a":1} {"a":2}|{"A":1}|{"":1}|{"a":.5}|{"a":01}|{a:1}|tru|{"a":1/*c*/}'.split("|"),
]

MOMENTS: Final = [
    "2026-01-01 00:00:00",
    "2025-12-31 23:59:59.999999",
    "2024-02-29 12:00:00.5",
    "2024-03-31 01:30:00",
    "2023-02-28 00:00:00.000001",
    "2024-03-10 07:00:00",
    "2024-11-03 06:30:00",
    "2024-10-27 00:59:59.999",
    "1969-12-31 23:59:59.25",
    "2024-01-31 05:00:00",
]

_random = Random(5)
NUMBERS: Final[list[tuple[float | None, int | None]]] = [
    *[(None, 1), (1, None), (0, 0), (0, 5), (10.01, 2), (1, 3), (2, 3), (0.01, 3), (99.99, 7), (-5.25, 3)],
    *[(33.8, 1), (38.35, 4), (0.5, 200), (5, 8), (1, 1000000), (900000.99, 999999), (9.5, 9), (100, 10)],
    *[(-0.005, 1), (-1, 2), (-3, 2), (49.5, 1)],
    *(
        (
            round(_random.random() * 10 ** _random.randint(1, 6), 2),
            _random.randint(0, 10 ** _random.randint(1, 6)),
        )
        for _ in range(200)
    ),
]

_words = ["a", "B", "b", "Z", "_", "é", "z", "ab", "a b", "A", None, "~", "0", "ÿ", "\U0001f600", "\uffff"]
GROUPS: Final[list[tuple[Any, ...]]] = [
    *(
        (
            *("one two Three é".split()[_random.randrange(4)], _random.randint(0, 50)),
            *(_random.choice(_words), _random.choice([None, round(_random.random() * 100, 2), 3.25])),
            *(_random.choice([True, False, None]), _random.randint(0, 9)),
        )
        for _ in range(400)
    ),
    *[("same", k, "x", 5, True, 1) for k in range(3)],
    *[("nothing", k, None, None, None, 1) for k in range(3)],
    *[("half", 1, "q", 1, True, 2), ("half", 2, None, None, None, 2), ("alone", 1, "q", 1, True, 2)],
]

TABLES: Final[dict[str, tuple[str, list[Any]]]] = {
    "texts": ("id integer, t varchar", [(i, text) for i, text in enumerate(TEXTS)]),
    "documents": ("id integer, t varchar", [(i, text) for i, text in enumerate(DOCUMENTS)]),
    "moments": (
        "id integer, m timestamp, d date",
        [(i, moment, moment[:10]) for i, moment in enumerate(MOMENTS)],
    ),
    "numbers": ("id integer, n decimal(12, 2), d bigint", [(i, n, d) for i, (n, d) in enumerate(NUMBERS)]),
    "groups": (
        "id integer, g varchar, k bigint, t varchar, n decimal(10, 2), b boolean, d integer",
        [(i, *row) for i, row in enumerate(GROUPS)],
    ),
}
"""Columns and rows by table of the schema raw."""
