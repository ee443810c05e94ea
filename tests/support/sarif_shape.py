"""What SARIF 2.1.0 asks of the parts that we write, from its specification, as a JSON schema of our own.

Objects are closed, so that a property that SARIF does not have is a fault here as well.
"""

from __future__ import annotations

from typing import Any


def closed(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


TEXT = {"type": "string"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed(("text",), text=TEXT, markdown=TEXT)
# RFC 3986 without a scheme, of letters that need no escape, and escapes.
URI = {"type": "string", "pattern": r"^(?:[A-Za-z0-9\-._~/!$&'()*+,;=:@]|%[0-9A-F]{2})+$"}
ARTIFACT = closed((), uri=URI, uriBaseId=TEXT)
REGION = closed((), startLine={"type": "integer", "minimum": 1})
LOCATION = closed(
    (),
    physicalLocation=closed(("artifactLocation",), artifactLocation=ARTIFACT, region=REGION),
    logicalLocations={
        "type": "array",
        "uniqueItems": True,
        "items": closed((), fullyQualifiedName=TEXT, kind=TEXT),
    },
)
RULE = closed(
    ("id",),
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed((), level=LEVEL),
)
SUPPRESSION = closed(
    ("kind",),
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification=TEXT,
)
RESULT = closed(
    ("message",),
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level=LEVEL,
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    suppressions={"type": "array", "uniqueItems": True, "items": SUPPRESSION},
)
NOTIFICATION = closed(("message",), level=LEVEL, message=MESSAGE)
INVOCATION = closed(
    ("executionSuccessful",),
    executionSuccessful={"type": "boolean"},
    exitCode={"type": "integer"},
    toolExecutionNotifications={"type": "array", "items": NOTIFICATION},
)
DRIVER = closed(
    ("name",),
    name=TEXT,
    semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+(?:[-+].*)?$"},
    rules={"type": "array", "uniqueItems": True, "items": RULE},
)
RUN = closed(
    ("tool",),
    tool=closed(("driver",), driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations={"type": "array", "items": INVOCATION},
    results={"type": "array", "items": RESULT},
    properties={"type": "object"},
)
LOG = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **closed(
        ("version", "runs"),
        **{"$schema": {"type": "string", "format": "uri"}},
        version={"const": "2.1.0"},
        runs={"type": "array", "items": RUN},
    ),
}
