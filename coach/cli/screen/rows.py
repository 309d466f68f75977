"""Each row of the screen as text: pure functions of a view and a width in cells.

Colour never carries meaning alone: a dot marks who is speaking, and words name the floor and a full breath, so the
screen works under NO_COLOR. Colours come from the terminal's sixteen, which its user has chosen to suit the
background. Numbers change in coarse steps to save redrawing.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from coach.cli import plain
from coach.core.span import RATE, as_seconds
from coach.runtime import Person, View

FULL, HALF, REST = "━", "╸", "─"
LABEL_WIDTH = 8  # cells; "silence" and a space
LONGEST_NAME = 16  # cells; longer names end in an ellipsis
STATUS_WIDTH = 20  # cells to the right of a bar
NARROW = 46  # cells; below this the bar gets the status column's space
DIM, BOLD = "dim", "bold"
HEARD, GROWING, LANDED, LOST = "ansi_cyan", "ansi_cyan", "ansi_green", "ansi_red"

ASKS = "a rising tone: may the coach say a few words? Say “yes”, or press y"
PHASES = {
    "starting": "waiting for sound…",
    "check-in": "beginning",
    "listening": "listening",
    "hushed": "hushed: the coach stays quiet",
    "lost": "microphone lost",
    "ended": "ended",
}


def headline(view: View, width: int, *, ending: bool = False) -> Content:
    """The phase on the left; on the right the lag of hearing and words, if notable, and the time."""
    says = "ending… (q again leaves at once)" if ending else PHASES[view.phase]
    style = f"{BOLD} {LOST}" if view.phase == "lost" else BOLD
    behind = f"{as_seconds(view.behind):.0f} s behind · " if view.behind else ""
    if view.hearing_behind:
        behind = f"hearing {as_seconds(view.hearing_behind):.1f} s behind · {behind}"
    return _apart((says, style), (f"{behind}{plain.clock(view.at)}", DIM), width)


def saying(view: View) -> Content:
    """The prompt of the check-in, or a microphone problem; usually empty."""
    if view.phase == "check-in":
        more = " (one or two sentences are enough; s skips this)" if view.unanswered else ""
        return Content.assemble((view.saying, BOLD), more)
    return Content.assemble(view.saying)


def room(view: View, width: int) -> Content:
    """The level of the room, which shows that the coach hears people before it can tell who they are."""
    label = _label(view)
    bar = _bar(view.room, _bar_width(label, width), HEARD if view.voice else DIM)
    return Content.assemble("  ", (set_cell_size("room", label), DIM), bar)


def person(view: View, who: Person, width: int) -> Content:
    """A dot if the person is speaking, the name (reversed if they have the floor), the level, and a status."""
    label = _label(view)
    name = _cut(who.name, label - 3)
    padding = " " * (label - cell_len(name) - 2)
    floor = who.floor and len(view.people) > 1  # in a rehearsal there is nobody to take the floor from
    chip = (f" {name} ", "bold reverse") if floor else (f" {name} ", BOLD if who.heard else "")
    status = "has the floor" if floor else "voice learnt" if view.phase == "check-in" and who.learnt else ""
    return Content.assemble(
        ("●" if who.heard else " ", HEARD),
        chip,
        f"{padding} ",
        _bar(who.level, _bar_width(label, width), HEARD if who.heard else DIM),
        _status(status, width),
    )


def silence(view: View, width: int) -> Content:
    """A bar that fills as the silence approaches the target breath, and turns green when it gets there.

    Empty in the check-in.
    """
    if view.phase == "check-in":
        return Content("")
    label = _label(view)
    lasted = view.silence or 0
    landed = lasted >= view.breath
    bar = _bar(lasted / view.breath, _bar_width(label, width), LANDED if landed else GROWING)
    return Content.assemble("  ", (set_cell_size("silence", label), DIM), bar, _status(_lasted(view), width))


def cue(view: View) -> Content:
    """The cue that sounded a moment ago: a soft mark, and its words if it had any; a question, until it is over."""
    if view.asking:
        return Content.assemble(("♪  ", HEARD), ASKS)
    if view.cue is None:
        return Content("")
    return Content.assemble(("♪  ", HEARD), f"“{view.cue.text}”" if view.cue.text else ("a soft tone", DIM))


def notices(view: View, width: int, height: int) -> Content:
    """The latest notices that fit, wrapped between words, oldest first."""
    if not width or not height:
        return Content("")
    told = (f"{plain.clock(notice.at)}  {notice.text}" for notice in view.notices)
    lines = [line for text in told for line in Content.styled(text, DIM).wrap(width)]
    return Content("\n").join(lines[-height:])


def badge(text: str) -> Content:
    """What is kept of this session, and whether it is the sample: shown as long as it lasts."""
    return Content.styled(text, DIM)


def keys(view: View) -> Content:
    """The keys that work in this phase."""
    offered = [("y", "yes, say it")] if view.asking else []
    offered += [("h", "go on" if view.phase == "hushed" else "hush"), ("m", "mark this moment")]
    if view.phase == "check-in":
        offered.append(("s", "skip"))
    offered.append(("q", "end"))
    return Content("   ").join([Content.assemble((key, BOLD), (f" {does}", DIM)) for key, does in offered])


def _lasted(view: View) -> str:
    """The length of the silence: in tenths up to the target breath, then in whole seconds."""
    if view.silence is None:
        return ""
    if view.silence >= view.breath:
        return f"{view.silence // RATE} s, a full breath" if view.silence >= RATE else "a full breath"
    return f"{as_seconds(view.silence):.1f} of {as_seconds(view.breath):.1f} s"


def _label(view: View) -> int:
    """Width of the first column in cells, the same on every row."""
    longest = max((cell_len(p.name) for p in view.people), default=0)
    return max(LABEL_WIDTH, min(longest, LONGEST_NAME) + 3)


def _bar_width(label: int, width: int) -> int:
    return max(4, width - 2 - label - (STATUS_WIDTH if width >= NARROW else 0))


def _bar(filled: float, cells: int, style: str) -> Content:
    """A bar of `cells` cells, the fraction `filled` (0 to 1) of it heavy, in steps of half a cell."""
    halves = round(min(1.0, max(0.0, filled)) * cells * 2)
    strong = FULL * (halves // 2) + HALF * (halves % 2)
    return Content.assemble((strong, style), (REST * (cells - len(strong)), DIM))


def _status(text: str, width: int) -> Content:
    return Content.styled(f"  {text}", DIM) if text and width >= NARROW else Content("")


def _cut(text: str, cells: int) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1).rstrip() + "…"


def _apart(left: tuple[str, str], right: tuple[str, str], width: int) -> Content:
    gap = max(2, width - cell_len(left[0]) - cell_len(right[0]))
    return Content.assemble(left, " " * gap, right)
