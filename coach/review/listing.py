"""The table of stored sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rich.console import RenderableType
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from coach.core.invocation import as_called
from coach.core.span import as_seconds
from coach.review.wording import clock, listed
from coach.sessions import StoredSession

_HEADINGS = ("session", "began", "who", "lasted", "kept", "ended")


def sessions_table(
    sessions: Sequence[StoredSession],
    running: Collection[int] = (),
    kept: Mapping[int, str] | None = None,
    sound: Mapping[int, int] | None = None,
) -> RenderableType:
    """The sessions in the given order, one line each.

    `running` holds the numbers of running sessions, `kept` by number what they hold of words and sound (what they were
    to keep, if it is not known), and `sound` the bytes of kept sound.
    """
    if not sessions:
        return Text(as_called("No session is stored yet. `coach listen` starts one."))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right" if heading in ("session", "lasted") else "left", overflow="fold")
    for each in sessions:
        began = each.started.strftime("%Y-%m-%d %H:%M")
        held = (kept or {}).get(each.id, each.keep)
        held += f", {decimal(sound[each.id])}" if sound and each.id in sound else ""
        ended = each.ended or ("running" if each.id in running else "cut off")
        row = (str(each.id), began, listed(each.people) or "–", clock(round(as_seconds(each.last))), held, ended)
        table.add_row(*map(Text, row))
    return table
