"""``refresh --watch --serve``: lags and history as one page on loopback, which asks for news each second."""

from __future__ import annotations

import datetime as dt
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Final

from brewhouse.dynamic.watch import Watching
from brewhouse.render.lags import status
from brewhouse.render.machine import to_json

_HOST: Final = "127.0.0.1"
_POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:"
_FILES: Final = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
_STATUS: Final = "/status.json"


def serve(watching: Watching, port: int = 0) -> str:
    """Serve the page from a thread that ends with the process; returns its address."""
    server = ThreadingHTTPServer((_HOST, port), _handler(watching))
    threading.Thread(target=server.serve_forever, daemon=True, name="page").start()
    return f"http://{_HOST}:{server.server_port}/"


def _handler(watching: Watching) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers from what the watch knows: the warehouse is not opened for a page."""

        def do_GET(self) -> None:
            """Send a file of the page, or the status."""
            host = self.headers.get("Host", "").rsplit(":", 1)[0]
            if host not in (_HOST, "localhost"):  # another site's name that leads here
                self.send_error(HTTPStatus.FORBIDDEN)
            elif self.path == _STATUS:
                self._send(to_json(_news(watching)).encode(), "application/json")
            elif self.path in _FILES:
                name, kind = _FILES[self.path]
                self._send((files("brewhouse.dynamic") / "assets" / name).read_bytes(), kind)
            else:
                self.send_error(HTTPStatus.NOT_FOUND)

        def _send(self, content: bytes, kind: str) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: the terminal is the watch's."""

    return Handler


def _news(watching: Watching) -> dict[str, Any]:
    known = watching.look
    if known is None:
        return {"project": watching.project.root.name, "tables": [], "history": []}
    known.pending = watching.oldest
    now = dt.datetime.now(dt.UTC)
    return {"project": watching.project.root.name, "now": now.replace(tzinfo=None), **status(known)}
