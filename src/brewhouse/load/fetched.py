"""Sources that a connector fetches: from the state of the last fetch to rows in raw."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from brewhouse.load.connectors.registry import KIND, connector
from brewhouse.load.pipeline import SourcePipeline, forget
from brewhouse.load.results import TableLoad
from brewhouse.load.sources import Source
from brewhouse.project import utc_now


def fetch_source(
    pipeline: SourcePipeline, source: Source, state_folder: Path, *, replace: bool = False
) -> list[TableLoad]:
    """Fetch what is new or changed; another address or start day fetches all anew.

    Answers received are kept in ``state_folder`` until ``clear_journals``. Raises ``SecretMissingError``,
    ``SecretRefusedError``, ``ServerUnreachableError`` or ``ApiError``.
    """
    from brewhouse.load.connectors.fetch import Fetch, journal_folder, journal_key
    from brewhouse.load.connectors.journal import Journal

    kind = connector(source)
    secret = kind.secret(source.name)
    base_url = (source.settings.base_url or kind.base_url).rstrip("/")
    identity = _digest(base_url, str(source.settings.start))
    state = pipeline.state()
    anew = replace or state.get("kind") != KIND or state.get("identity") != identity
    if anew:
        forget(pipeline.target, source.name, [table.name for table in source.tables])
        state = {}
    moment = utc_now().replace(tzinfo=None)
    key = journal_key(source, state, base_url)
    fetch = Fetch(
        source=source,
        pipeline=pipeline,
        state=state,
        base_url=base_url,
        secret=secret,
        variable=kind.variable,
        moment=moment,
        journal=Journal(journal_folder(state_folder, source.name), key),
        facts={"kind": KIND, "identity": identity, "fetched_at": moment.isoformat()},
        since_last=moment - dt.datetime.fromisoformat(state["fetched_at"]) if state else None,
    )
    kind.fetch(fetch)
    rows = fetch.rows
    how = "replace" if anew else "merge"
    return [
        TableLoad(
            table.name,
            rows.get(table.name, 0),
            0,
            how,
            source.name,
            changed=anew or rows.get(table.name, 0) > 0,
        )
        for table in source.tables
    ]


def clear_journals(state_folder: Path, sources: Iterable[str]) -> None:
    """What these sources answered is published: it need not be kept any longer."""
    for name in sources:
        shutil.rmtree(state_folder / "fetch" / name, ignore_errors=True)


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
