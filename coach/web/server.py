"""Serves the pages on this machine alone, opens the browser, and the live view to a phone if somebody asked for that.

coach open ─► a free port on 127.0.0.1 ─► the browser with a one-time key ─► cookie
--lan      ─► another port on this machine's address in the network: `glance`, read-only, while a session runs
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from coach.audio import silence_native_stderr
from coach.core.errors import CoachError, reason_of
from coach.sessions import Store
from coach.web.access import Door, Guard
from coach.web.app import application
from coach.web.connections import protocol
from coach.web.glance import Glance
from coach.web.house import House
from coach.web.recordings import Shelf
from coach.web.stream import Stream
from coach.web.table import Table, TableConfig

HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How to serve. `port` 0 takes a free one."""

    port: int = 0
    browser: bool = True
    lan: bool = False


def serve(store: Store, wish: Wish, say: Callable[[str], None]) -> None:
    """Serves until Ctrl-C. `say` gets each line for the person. Raises CoachError if the port is taken."""
    with silence_native_stderr():  # of sound libraries, while a session listens and plays
        asyncio.run(_serve(store, wish, say))


async def _serve(store: Store, wish: Wish, say: Callable[[str], None]) -> None:
    stream, glances = Stream(), Stream()
    table = Table(store, stream, glances)
    with contextlib.closing(bound(HERE, wish.port)) as here:
        port = here.getsockname()[1]
        door = Door(f"coach-{port}")
        async with contextlib.AsyncExitStack() as running:
            await running.enter_async_context(looking(table))
            glance = None
            if wish.lan:
                there = running.enter_context(contextlib.closing(bound(address(), 0)))
                host, lan_port = there.getsockname()[:2]
                glance = Glance(glances, host, lan_port, lambda: table.running)
                await running.enter_async_context(beside(server(glance.app), there))
            shelf = Shelf(store, lambda: table.stage in ("starting", "live"))
            running.push_async_callback(asyncio.to_thread, shelf.close)
            house = House(table, store, stream, shelf, lambda: glance.link() if glance is not None else None)

            def new_link() -> str:
                link = f"http://{HERE}:{port}/enter?{door.new_key()}"
                say(f"open this page in a browser on this machine: {link}")
                return link

            app = Guard(
                application(house),
                door=door,
                hosts=[f"{HERE}:{port}", f"localhost:{port}"],
                large=["/recordings"],
                renew=new_link,
            )
            link = new_link()
            say("Ctrl-C ends the coach")
            if wish.browser:
                await asyncio.to_thread(webbrowser.open, link)
            main = server(app)
            with until_asked(main, stream, glances):
                await main.serve(sockets=[here])


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens on `host`. Raises CoachError if it cannot be had."""
    here = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        here.bind((host, port))
        here.listen()  # whoever follows the link at once waits until it is answered
    except OSError as error:
        here.close()
        raise CoachError(
            f"port {port} cannot be used ({reason_of(error)}); leave --port out, and a free one is taken"
        ) from error
    return here


def address() -> str:
    """This machine's address in its network. Raises CoachError if it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation: only the route is looked up
            found: str = probe.getsockname()[0]
        except OSError as error:
            raise CoachError("this machine is in no network, so no phone can reach it; leave --lan out") from error
    return found


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: they end the process before a running session is kept."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none; `until_asked` does."""
        yield


def server(app: ASGIApp) -> Server:
    """A server of `app` for a socket that is bound already."""
    logging.getLogger("uvicorn.error").addFilter(_is_fault)
    config = uvicorn.Config(
        app,
        http=protocol(),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=16 * 1024,
    )
    return Server(config)


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether a line of uvicorn's is worth telling: not that a request was cut off because the coach is ending."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "graceful shutdown" not in record.msg


@contextlib.contextmanager
def until_asked(running: Server, *streams: Stream) -> Iterator[None]:
    """Ctrl-C, and whatever else asks a program to end, ends `running` and the `streams` that its pages look at."""
    loop = asyncio.get_running_loop()

    def enough(*_: object) -> None:
        running.should_exit = True
        for stream in streams:
            loop.call_soon_threadsafe(stream.close)

    wanted = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    before = {number: signal.signal(number, enough) for number in wanted}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


@contextlib.asynccontextmanager
async def looking(table: Table) -> AsyncIterator[None]:
    """The table looks at its session five times a second; at the end, a session that runs is ended and kept."""

    async def look() -> None:
        while True:
            table.look()
            await asyncio.sleep(TableConfig().look)

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await table.close()


@contextlib.asynccontextmanager
async def beside(second: Server, there: socket.socket) -> AsyncIterator[None]:
    """A second server in the same loop."""
    task = asyncio.create_task(second.serve(sockets=[there]))
    try:
        yield
    finally:
        second.should_exit = True
        await task
