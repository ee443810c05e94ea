"""Answers of an API that were received, kept until the load that they belong to is published.

A load that is killed or loses its connection is begun again with the same requests; what was answered before comes from
the journal, and only the rest is asked for. A journal belongs to one state of the source (its cursors), so it is never
used twice, and it is dropped after a day.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import time
import zlib
from pathlib import Path
from typing import Any, Final

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

MAX_AGE_SECONDS: Final = 24 * 3600
_KEY: Final = "key"
_OK: Final = 200


class Journal:
    """The answers on record below ``folder``."""

    def __init__(self, folder: Path, key: str) -> None:
        """Open the journal of ``key``; one of another key, or an old one, is thrown away."""
        self._folder = folder
        self.replayed = 0
        path = folder / _KEY
        fresh = path.exists() and time.time() - path.stat().st_mtime < MAX_AGE_SECONDS
        if not fresh or path.read_text() != key:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            path.write_text(key)

    def get(self, request: PreparedRequest) -> bytes | None:
        """The answer to this request, if there is one."""
        try:
            body = zlib.decompress(self._path(request).read_bytes())
        except (FileNotFoundError, zlib.error):
            return None
        self.replayed += 1
        return body

    def put(self, request: PreparedRequest, body: bytes) -> None:
        """Keep an answer, whole or not at all."""
        path = self._path(request)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(zlib.compress(body, 1))
        beside.replace(path)

    def _path(self, request: PreparedRequest) -> Path:
        body = request.body or b""
        content = body if isinstance(body, bytes) else str(body).encode()
        asked = f"{request.method} {request.url}\n".encode() + content
        return self._folder / hashlib.blake2b(asked, digest_size=16).hexdigest()


class JournalAdapter(HTTPAdapter):
    """Sends what is not on record, and puts each good answer on record once it has arrived as a whole."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """As of ``HTTPAdapter``."""
        kept = self._journal.get(request)
        if kept is not None:
            return self._response(request, kept)
        response = super().send(request, *args, **options)
        if response.status_code == _OK:
            self._journal.put(request, response.content)
        return response

    def _response(self, request: PreparedRequest, body: bytes) -> Response:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        raw = HTTPResponse(io.BytesIO(body), headers=headers, status=_OK, preload_content=False)
        return self.build_response(request, raw)  # type: ignore[no-any-return, no-untyped-call, unused-ignore]
