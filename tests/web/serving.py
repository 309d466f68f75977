"""A server on a thread, requests to it byte by byte, and a clock that a test sets."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from coach.sessions import Store
from coach.web.access import Door, Guard
from coach.web.app import application
from coach.web.house import House
from coach.web.recordings import Shelf
from coach.web.server import HERE, bound, server
from coach.web.stream import Stream
from coach.web.table import Table
from tests.waiting import wait


@dataclass
class Clock:
    """Seconds, as `time.monotonic` would give them."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def served(app: ASGIApp, here: socket.socket | None = None) -> Iterator[int]:
    """Serves `app` on a thread until the block ends; gives the port."""
    here = here or bound(HERE, 0)
    running = server(app)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve(sockets=[here])), name="server")
    thread.start()
    try:
        wait("the server", lambda: running.started)
        yield here.getsockname()[1]
    finally:
        running.should_exit = True
        thread.join()
        here.close()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def asked(port: int, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> Answer:
    """The answer to one request; `host` and the like replace what a browser on the page itself would send."""
    told = {"Host": f"{HERE}:{port}", **{name.replace("_", "-").title(): text for name, text in headers.items()}}
    connection = http.client.HTTPConnection(HERE, port, timeout=20)
    try:
        connection.request(method, path, body or None, {name: text for name, text in told.items() if text})
        got = connection.getresponse()
        return Answer(got.status, {name.lower(): text for name, text in got.getheaders()}, got.read())
    finally:
        connection.close()


@dataclass
class AtHome:
    """The real pages on a store, with the cookie of a browser that came by the link. `link` opens them once more."""

    port: int
    store: Store
    door: Door
    table: Table
    cookie: str = ""

    @property
    def origin(self) -> str:
        return f"http://{HERE}:{self.port}"

    @property
    def link(self) -> str:
        return f"{self.origin}/enter?{self.door.new_key()}"

    def got(self, path: str) -> Answer:
        return asked(self.port, path=path, cookie=self.cookie)

    def sent(self, path: str, **form: object) -> Answer:
        """The answer to a form of our own page."""
        return asked(self.port, "POST", path, json.dumps(form).encode(), cookie=self.cookie, origin=self.origin)


@contextmanager
def at_home(store: Store) -> Iterator[AtHome]:
    """Serves the pages of `coach open` on `store` until the block ends; no session runs."""
    stream = Stream()
    table = Table(store, stream, Stream())
    shelf = Shelf(store, lambda: False)
    here = bound(HERE, 0)
    port = here.getsockname()[1]
    door = Door(f"coach-{port}")
    app = Guard(application(House(table, store, stream, shelf)), door=door, hosts=[f"{HERE}:{port}"])
    try:
        with served(app, here):
            home = AtHome(port, store, door, table)
            home.cookie = asked(port, path=f"/enter?{door.new_key()}").headers["set-cookie"].partition(";")[0]
            yield home
    finally:
        shelf.close()
