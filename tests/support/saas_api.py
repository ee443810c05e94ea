"""Stripe's and HubSpot's APIs on loopback, in the shapes of their documentation, over the rows of raw tables.

``python -m tests.support.saas_api DATA`` serves the simulated company's files by hand.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq

from tests.support import hubspot_api, stripe_api

SECRET = "sk_test_of_the_loopback_server"  # opens nothing but this server
Row = dict[str, Any]
Tables = dict[str, list[Row]]
Answer = tuple[int, Any]


@dataclass
class Trouble:
    """What goes wrong: the next answers, in turn."""

    statuses: list[int] = field(default_factory=list)
    """Error answers to give; 0 is a connection cut in the middle of the body."""
    retry_after: str = "1"
    hang_at: int = 0
    """From this request on, every answer hangs (the client is then killed)."""
    down_at: int = 0
    """From this request on, every answer is an error 503."""


@dataclass
class Api:
    """The two systems' records, and what was asked."""

    tables: Tables
    page: int = 0
    """Most records of a page; 0: as many as are asked for."""
    trouble: Trouble = field(default_factory=Trouble)
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    base_url: str = ""

    def paths(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(path.split("?", maxsplit=1)[0] for path in self.asked)

    def next_status(self, path: str) -> int | None:
        """Note a request; the trouble that it meets, or None."""
        with self.lock:
            self.asked.append(path)
            count = len(self.asked)
            status = self.trouble.statuses.pop(0) if self.trouble.statuses else None
        if self.trouble.hang_at and count >= self.trouble.hang_at:
            time.sleep(60)
        return 503 if self.trouble.down_at and count >= self.trouble.down_at else status


def read_tables(data: Path, sources: tuple[str, ...] = ("stripe", "hubspot")) -> Tables:
    """The rows of the simulated company's Parquet files, per raw table."""
    folders = [path for path in data.iterdir() if path.is_dir() and path.name.startswith(sources)]
    return {
        folder.name: [
            row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()
        ]
        for folder in folders
    }


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """The server on a free port of 127.0.0.1, while inside."""
    handler = type("Handler", (_Handler,), {"api": api})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    api.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()


def _answer(api: Api, method: str, target: str, body: Any) -> Answer:
    parts = urlsplit(target)
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    serve: Callable[..., Answer] = stripe_api.answer if parts.path.startswith("/v1/") else hubspot_api.answer
    return serve(api.tables, method, parts.path, query, body, most=api.page)


class _Handler(BaseHTTPRequestHandler):
    """Looks who asks and whether trouble is due, then answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer takes 40 ms
    api: Api

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._serve(json.loads(self.rfile.read(length)))

    def _serve(self, body: Any) -> None:
        status = self.api.next_status(self.path)
        if self.headers.get("Authorization") != f"Bearer {SECRET}":
            problem = {"message": "Invalid API Key provided", "type": "invalid_request_error"}
            self._send(401, {"error": problem})
        elif status:
            self._send(status, {"message": "not now"}, {"Retry-After": self.api.trouble.retry_after})
        else:
            found, content = _answer(self.api, self.command, self.path, body)
            self._send(found, content, cut=status == 0)

    def _send(
        self, status: int, content: Any, headers: Mapping[str, str] | None = None, *, cut: bool = False
    ) -> None:
        text = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text[: len(text) // 2] if cut else text)
        if cut:
            self.close_connection = True
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    with serving(Api(read_tables(Path(sys.argv[1])))) as served:
        sys.stdout.write(f"{served.base_url}  key {SECRET}\n")
        threading.Event().wait()
