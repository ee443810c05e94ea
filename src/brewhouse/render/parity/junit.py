"""JUnit: each relation is a test case, in the suite of its schema."""

from __future__ import annotations

from collections import defaultdict
from xml.etree import ElementTree as ET

from brewhouse.parity.findings import Finding, Level
from brewhouse.parity.judge import Verdict
from brewhouse.render.parity.facts import Options

_GENERAL = "parity"
Element = ET.Element


def junit(verdict: Verdict, options: Options) -> str:
    """Findings that fail the command are failures, waived ones skipped, lesser ones output; doubts are an error."""
    suites = _suites(verdict)
    root = Element("testsuites", name=_text(options.project or "parity"))
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for name in sorted(suites):
        suite = ET.SubElement(root, "testsuite", name=_text(name))
        counts = dict.fromkeys(totals, 0)
        for relation, found in sorted(suites[name].items()):
            case = ET.SubElement(suite, "testcase", classname=_text(name), name=_text(relation))
            counts["tests"] += 1
            _fill(case, found, options, counts)
        if name == _GENERAL:
            _add_trust(suite, verdict, counts)
        for what, count in counts.items():
            suite.set(what, str(count))
            totals[what] += count
    for what, count in totals.items():
        root.set(what, str(count))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suites(verdict: Verdict) -> dict[str, dict[str, list[Finding]]]:
    """By schema and relation, those without a finding too."""
    suites: dict[str, dict[str, list[Finding]]] = defaultdict(dict)
    suites[_GENERAL] = {}
    shown: dict[str, tuple[str, str]] = {}
    case = verdict.case
    for pair in case.pairs:
        shown[str(pair.observed)] = pair.observed.schema, pair.observed.name
    for expected in (*case.missing, *case.unseen, *(pair.expected for pair in case.misplaced)):
        shown[str(expected.place)] = expected.place.schema.text, expected.place.name.text
    for observed in (*case.orphans, *case.unclaimed, *(found for _, found in case.leftovers)):
        shown[str(observed)] = observed.schema, observed.name
    for schema, name in shown.values():
        suites[schema].setdefault(name, [])
    for one in verdict.findings:
        schema, name = shown.get(one.relation, (_GENERAL, one.relation or one.code))
        suites[schema].setdefault(name, []).append(one)
    return suites


def _fill(case: Element, found: list[Finding], options: Options, counts: dict[str, int]) -> None:
    failing = [
        one
        for one in found
        if one.waiver is None and options.fail_on is not None and one.level >= options.fail_on
    ]
    waived = [one for one in found if one.waiver]
    for one in failing:
        failure = ET.SubElement(case, "failure", type=one.code, message=_text(one.message))
        failure.text = _text(
            f"{one.where}\nexpected: {one.expected}\nfound: {one.found}\n{one.statement}".rstrip()
        )
    counts["failures"] += bool(failing)
    if waived and not failing:
        said = "; ".join(f"{one.code} waived by {one.waiver.owner}" for one in waived if one.waiver)
        ET.SubElement(case, "skipped", message=_text(said))
        counts["skipped"] += 1
    rest = [one for one in found if one not in failing and one not in waived and one.level > Level.INFO]
    if rest:
        lines = (f"{one.level.word} {one.code} {one.where}: {one.message}" for one in rest)
        ET.SubElement(case, "system-out").text = _text("\n".join(lines))


def _add_trust(suite: Element, verdict: Verdict, counts: dict[str, int]) -> None:
    case = ET.SubElement(suite, "testcase", classname=_GENERAL, name="can be trusted")
    counts["tests"] += 1
    if verdict.doubts:
        counts["errors"] += 1
        ET.SubElement(case, "error", type="trust", message=_text("; ".join(verdict.doubts)))


def _text(value: str) -> str:
    """Without signs that XML can't hold."""
    return "".join(
        sign if sign in "\t\n" or 0x20 <= ord(sign) < 0xD800 or 0xE000 <= ord(sign) < 0xFFFE or ord(sign) > 0xFFFF
        else "�"
        for sign in value
    )  # fmt: skip
