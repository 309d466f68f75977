"""The live view for a phone or tablet in the same network: it can only be looked at, and it ends with the session.

The link holds a key of this session. It opens a page and a stream of `table.glance`, without words, and nothing else;
both stop when the session does. Everybody in the network who has the link sees the same; the table says what that is.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import segno
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from coach.web.access import with_headers
from coach.web.rendering import render
from coach.web.stream import Stream, streaming


@dataclass(frozen=True, slots=True)
class Link:
    """The address of the live view, and its QR code as the address of a picture."""

    address: str
    code: str


class Glance:
    """The pages for one address, and the key of the session that runs."""

    def __init__(self, stream: Stream, host: str, port: int, running: Callable[[], int]) -> None:
        """`running` gives the number of the session that runs, 0 for none; the numbers never repeat."""
        self._running = running
        self._host = f"{host}:{port}"
        self._run, self._key = 0, secrets.token_urlsafe(16)
        self._pages = Starlette(
            routes=[
                Route("/{key}", _page),
                Route("/{key}/stream", streaming(stream)),
                Mount("/{key}/static", StaticFiles(packages=[("coach.web", "static")])),
            ]
        )

    def link(self) -> Link:
        """The link to the session that runs; each has its own, and that of an earlier one opens nothing."""
        if self._running() != self._run:
            self._run, self._key = self._running(), secrets.token_urlsafe(16)
        address = f"http://{self._host}/{self._key}"
        return Link(address, segno.make(address).svg_data_uri(scale=4, border=2))

    @property
    def app(self) -> ASGIApp:
        """Answers GET with the exact host and key, and refuses everything else."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return
            request, app = Request(scope), self._pages
            key = request.url.path.removeprefix("/").partition("/")[0]
            fits = request.headers.getlist("host") == [self._host] and request.method in ("GET", "HEAD")
            runs = self._run and self._run == self._running()
            if not (fits and runs and hmac.compare_digest(key.encode(), self._key.encode())):
                refused = PlainTextResponse("this link has ended", 403, {"connection": "close"})
                await refused(scope, receive, with_headers(send))
                return
            await app(scope, receive, with_headers(send))

        return guarded


async def _page(request: Request) -> Response:
    return render(request, "glance.html.jinja", key=request.path_params["key"])
