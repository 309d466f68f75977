"""What all pages and buttons need: the session, the store, the live stream, and recordings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coach.sessions import Store
from coach.web.recordings import Shelf
from coach.web.stream import Stream
from coach.web.table import Table


@dataclass(frozen=True, slots=True)
class House:
    """What the pages and buttons need; `lan` gives the link for phones, if there is one."""

    table: Table
    store: Store
    stream: Stream
    shelf: Shelf
    lan: Callable[[], Any] = lambda: None
