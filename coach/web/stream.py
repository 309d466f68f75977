"""What is shown live, sent to every page that is open.

Each viewer gets the newest state, and skips those in between that it was too slow for: nothing piles up for a viewer
that is stalled, and nobody waits for it.

    ear's thread ── post(event) ──► inbox ──► five times a second: Viewer ──► state ──► viewers
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response


class Stream:
    """The newest state, for any number of viewers. Everything runs on the server's event loop."""

    def __init__(self) -> None:
        self._text = "{}"
        self._waiting: set[asyncio.Event] = set()
        self._closed = False

    @property
    def viewers(self) -> int:
        """How many viewers there are now, those that are stalled among them."""
        return len(self._waiting)

    def publish(self, state: dict[str, Any]) -> None:
        """Sends `state` to all viewers, unless it is what they have already."""
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        if text != self._text:
            self._text = text
            for each in self._waiting:
                each.set()

    def close(self) -> None:
        """Ends what all viewers are sent."""
        self._closed = True
        for each in self._waiting:
            each.set()

    async def states(self) -> AsyncIterator[str]:
        """The state now, and then each newer one, as JSON, until `close`."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            while not self._closed:
                yield self._text
                await changed.wait()
                changed.clear()
        finally:
            self._waiting.discard(changed)


def streaming(stream: Stream) -> Callable[[Request], Awaitable[Response]]:
    """Server-sent events with each state of `stream`; a viewer that takes nothing for five seconds is let go."""

    async def states() -> AsyncIterator[ServerSentEvent]:
        async for text in stream.states():
            yield ServerSentEvent(text)

    async def shown(request: Request) -> Response:
        return EventSourceResponse(states(), ping=15, send_timeout=5)

    return shown
