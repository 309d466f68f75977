"""A synthetic conversation of a hundred seconds with one of everything on a page, and texts that look like code.

Ana   0–8 shares        20–28 shares            40–48 shares                   61–69 shares
Ben          8.3–11             27.5–31   44–44.4 “mm-hm”     51.5–54                       71–74
             too soon           over                          after the breath              just at it
"""

from __future__ import annotations

from datetime import UTC, datetime

from coach.core.events import AudioGap, Cue, Ended, Event, Hushed, Marked, Speech, Words
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.review.page import Page, session_page
from coach.sessions import StoredSession

ANA = "Ana"
BEN = "Ben <b>&amp;</b>"
CODE = '</script><script>document.title = "taken over"</script><img src=x onerror="document.title=1">'
ENDS = 100.0  # seconds


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.2), who=who, span=Span.seconds(start, end), confidence=1.0)


def words(who: str, start: float, end: float, text: str | None, level: str, *kinds: str, response: str = "") -> Words:
    return Words(
        at=as_samples(end + 0.5), who=who, span=Span.seconds(start, end), count=12, text=text, sentences=1,
        level=level, p_experience=0.5, kinds=kinds, response=response or None,
    )  # fmt: skip


def cue(at: float, kind: str, held_back: str | None = None, text: str = "") -> Cue:
    return Cue(
        at=as_samples(at), kind=kind, form="spoken" if text else "tone", text=text, to=BEN, given=held_back is None,
        held_back=held_back, because={"fto_s": 0.3},
    )  # fmt: skip


def bowl(at: float, since: float) -> Cue:
    return Cue(
        at=as_samples(at), kind="turn_over", form="tone", text="", to=None, given=True, held_back=None,
        because={"since_beginning_s": since},
    )  # fmt: skip


EVENTS: tuple[Event, ...] = (
    speech(ANA, 0, 8), words(ANA, 0, 8, f"I feel sad. {CODE}", "3", "feelings", "mourning"),
    cue(9.5, "too_soon", "quiet-first"),
    speech(BEN, 8.3, 11), words(BEN, 8.3, 11, "That sounds heavy.", "1", response="reflection"),
    Marked(at=as_samples(15), note=CODE),
    speech(ANA, 20, 28), words(ANA, 20, 28, "Then the train was late.", "1"),
    speech(BEN, 27.5, 31), words(BEN, 27.5, 31, "You should ring them.", "N", response="advice"),
    cue(29, "over"),
    speech(ANA, 40, 48), words(ANA, 40, 48, "I long for the sea.", "2", "needs"),
    speech(BEN, 44, 44.4),
    speech(BEN, 51.5, 54),
    Hushed(at=as_samples(55), on=True), Hushed(at=as_samples(58), on=False),
    speech(ANA, 61, 69),
    cue(70, "inward", text="…and how is that in you?"),
    speech(BEN, 71, 74),
    AudioGap(at=as_samples(82), span=Span.seconds(80, 82), reason=CODE),
    Ended(at=as_samples(ENDS), reason="stopped"),
)  # fmt: skip


def told() -> list[Event]:
    return list(EVENTS)


def session(
    *, keep: str = "words", people: tuple[str, ...] = (ANA, BEN), last: float = ENDS, **options: float
) -> StoredSession:
    return StoredSession(
        id=7, people=people, keep=keep, started=datetime(2024, 5, 3, 14, 20, tzinfo=UTC), ended="stopped",
        last=as_samples(last), settings=Settings(**options).as_dict(),
    )  # fmt: skip


def talk_page(*, keep: str = "words") -> Page:
    return session_page(session(keep=keep), told())
