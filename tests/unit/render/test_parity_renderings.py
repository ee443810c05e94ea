"""Each rendering of a verdict says the same, in a form that its reader takes, whatever the names are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from brewhouse.parity import Level, Verdict, Waiver
from brewhouse.parity.findings import RULES
from brewhouse.render.parity import FORMATS, Options
from tests.support.parity import duckdb_bench, quoted
from tests.support.sarif_shape import LOG

WILD = 'a "b" <script>alert(1)</script>.c|d*`e\x07\n🍺'
NOW = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
OPTIONS = Options(warehouse="shop.duckdb", version="1.2.3")


@pytest.fixture(scope="module")
def verdict() -> Iterator[Verdict]:
    """A missing model, an orphan of a wild name, a waived one, a drifted column and one for information."""
    with duckdb_bench() as bench:
        manifest = bench.manifest()
        manifest.model("orders", {"id": "integer"}, contract=True)
        manifest.model("users", ["id"])
        manifest.model("gone")
        bench.run(
            "create table main.orders (id varchar)",
            "create table main.users (id integer, mail varchar)",
            f"create table {quoted('main', WILD)} (id integer)",
            "create table main.old (id integer)",
        )
        waiver = Waiver("P102", "main.old", "", "ada", "until the move", dt.date(2026, 7, 31))
        yield bench.verdict(manifest, now=NOW, waivers=[waiver])


def test_sarif_is_of_its_shape(verdict: Verdict) -> None:
    content = json.loads(FORMATS["sarif"](verdict, OPTIONS))
    jsonschema.Draft202012Validator(LOG, format_checker=jsonschema.FormatChecker()).validate(content)
    [run] = content["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    fingerprints = [result["partialFingerprints"]["finding/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == len(fingerprints) == 4


def test_the_shape_refuses_what_sarif_does_not_have(verdict: Verdict) -> None:
    content = json.loads(FORMATS["sarif"](verdict, OPTIONS))
    spoils: list[Callable[[Any], object]] = [
        lambda run: run["results"][0].update(level="fatal"),
        lambda run: run["results"][0].pop("message"),
        lambda run: run["results"][0].update(code="P101"),
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"].update(
            uri="a b"
        ),
    ]
    for spoil in spoils:
        wrong = json.loads(json.dumps(content))
        spoil(wrong["runs"][0])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(LOG).validate(wrong)


def test_sarif_suppresses_what_is_waived_and_leaves_out_what_is_not_shown(verdict: Verdict) -> None:
    [run] = json.loads(FORMATS["sarif"](verdict, OPTIONS))["runs"]
    levels = [(result["ruleId"], result["level"], "suppressions" in result) for result in run["results"]]
    assert levels == [
        ("P101", "error", False), ("P301", "error", False), ("P102", "warning", False), ("P102", "warning", True),
    ]  # fmt: skip
    [every] = json.loads(FORMATS["sarif"](verdict, Options(show=Level.INFO, version="1.2.3")))["runs"]
    assert "note" in {result["level"] for result in every["results"]}


def test_junit_has_a_case_for_each_relation(verdict: Verdict) -> None:
    root = ET.fromstring(FORMATS["junit"](verdict, OPTIONS))  # noqa: S314  # our own
    assert root.tag == "testsuites"
    cases = {case.get("name") or "": case for case in root.iter("testcase")}
    assert len(cases) == len(list(root.iter("testcase"))) == 6
    outcome = {name: [child.tag for child in case] for name, case in cases.items() if len(name) < 20}
    assert outcome == {
        "gone": ["failure"], "orders": ["failure"], "users": [], "old": ["skipped"], "can be trusted": [],
    }  # fmt: skip
    for element in (root, *root.iter("testsuite")):
        inside = list(element.iter("testcase"))
        assert int(element.get("tests", "-1")) == len(inside)
        assert int(element.get("failures", "-1")) == sum(case.find("failure") is not None for case in inside)
        assert int(element.get("skipped", "-1")) == sum(case.find("skipped") is not None for case in inside)
        assert element.get("errors") == "0"


def test_a_wild_name_breaks_no_form(verdict: Verdict) -> None:
    for form, render in FORMATS.items():
        text = render(verdict, Options(show=Level.INFO, statements=True, version="1"))
        assert "\x07" not in text, form
    text = FORMATS["text"](verdict, Options(statements=True))
    assert sum("<script>" in line for line in text.splitlines()) == 2, (
        "the finding and its statement, a line each"
    )
    markdown = FORMATS["markdown"](verdict, OPTIONS)
    tables = [line for line in markdown.splitlines() if line.startswith("| ") and "script" in line]
    assert tables
    assert all("<script>" not in line and "c\\|d\\*\\`e" in line for line in tables)
    page = FORMATS["html"](verdict, OPTIONS)
    assert page.count("<script>") == page.count("</script>") == 1


def test_json_has_every_fact(verdict: Verdict) -> None:
    content = json.loads(FORMATS["json"](verdict, OPTIONS))
    assert [(one["code"], one["level"], one["status"]) for one in content["findings"]] == [
        ("P101", "error", "open"), ("P301", "error", "open"), ("P102", "warning", "open"),
        ("P102", "warning", "waived"), ("P202", "info", "open"),
    ]  # fmt: skip
    [wild] = [one for one in content["findings"] if "script" in one["relation"]]
    assert wild["relation"] == f"memory.main.{WILD}"
    assert (content["exit_code"], content["coverage"], content["doubts"]) == (1, 1.0, [])


def test_text_says_what_it_does_not_list(verdict: Verdict) -> None:
    assert "Not listed (P202 undeclared column: 1)" in FORMATS["text"](verdict, OPTIONS)
    assert "Not listed" not in FORMATS["text"](verdict, Options(show=Level.INFO))


def test_doubts_are_said_in_every_form() -> None:
    with duckdb_bench() as bench:
        manifest = bench.manifest()
        manifest.model("orders")
        blind = bench.verdict(manifest)
    for form, render in FORMATS.items():
        assert "nothing is visible" in render(blind, OPTIONS), form
    root = ET.fromstring(FORMATS["junit"](blind, OPTIONS))  # noqa: S314  # our own
    assert root.get("errors") == "1"
    [run] = json.loads(FORMATS["sarif"](blind, OPTIONS))["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
