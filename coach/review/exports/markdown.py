"""Export as a Markdown page to read, print or annotate: a paragraph whenever somebody else speaks, with its time.

    **Ana (00:00:01.000):** So I left.

`coach read` reads it back.
"""

from __future__ import annotations

import re
from itertools import groupby

from coach.core.names import one_line
from coach.review.exports.captions import spoken_lines, stamp
from coach.review.exports.exported import Exported

_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~]")  # what Markdown would take for its own


def as_markdown(session: Exported) -> bytes:
    """A .md file in UTF-8."""
    paragraphs = [f"# {_plain(session.analysis['recording']['name'])}"]
    for who, lines in groupby(spoken_lines(session), key=lambda each: each.who):
        said = list(lines)
        words = " ".join(each.text for each in said if each.text)
        seconds = sum(each.end_s - each.start_s for each in said)
        told = _plain(words) if words else f"*{seconds:.1f} s*"
        paragraphs.append(f"**{_plain(who)} ({stamp(said[0].start_s)}):** {told}")
    return ("\n\n".join(paragraphs) + "\n").encode()


def _plain(text: str) -> str:
    return _MARKS.sub(lambda found: f"\\{found[0]}", one_line(text))
