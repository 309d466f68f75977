"""A bound on open connections, so that a thousand idle ones leave room for the page.

uvicorn answers 503 to everybody once there are too many connections, and lets an idle one that never asks stay open.
Here the oldest connection without a request gives way to a new one, so that whoever really asks is answered.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 64  # connections; a browser keeps six to a host, and the stream of each tab is one of them


def protocol(most: int = MOST) -> type[H11Protocol]:
    """The protocol of one server, which shares a bound of `most` connections."""
    opened: dict[Any, None] = {}  # in the order in which they were opened

    class Bounded(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if len(opened) >= most:
                idle = next((each for each in opened if each.cycle is None or each.cycle.response_complete), self)
                idle.transport.abort()
                opened.pop(idle, None)
                if idle is self:
                    return
            opened[self] = None

        def connection_lost(self, exc: Exception | None) -> None:
            opened.pop(self, None)
            super().connection_lost(exc)

    return Bounded
