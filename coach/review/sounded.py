"""What the coach sounded in a talk: what, for whom and why, in the same words on every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from coach.coaching import ASK
from coach.core.texts import Texts
from coach.review.analysis import Analysis
from coach.review.wording import called, early, quoted, seconds, short

BOWL = "turn_over"  # the cue that ends each half of a turn-taking exercise
AFTER_ANSWERS = ("too_soon", "over", "let_it_land")  # cues after an answer that came sooner than the breath
_LOST = {"inner": "sounded.inner", "mid-thought": "sounded.mid_thought", "long": "sounded.long"}


def sounded(cues: Sequence[dict[str, Any]], says: Texts) -> Iterator[tuple[float, str]]:
    """When (in seconds) and what, of each of the `cues` of an analysis that was given and could be played."""
    given = [cue for cue in cues if cue["given"] and not cue["failed"]]
    bowls = [cue for cue in given if cue["kind"] == BOWL]
    for cue in given:
        if cue["kind"] == BOWL:
            yield cue["at_s"], says["sounded.half" if cue is bowls[0] else "sounded.over"]
        else:
            yield cue["at_s"], _told(cue, says)


def no_tone(analysis: Analysis, says: Texts, *, of_recording: bool) -> str:
    """Why no tone followed an answer that came sooner than the breath: the most frequent reason, if there are words."""
    soon = analysis["statistics"]["too_soon"]
    cues = [cue for cue in analysis["cues"] if cue["kind"] in AFTER_ANSWERS]
    if not soon["value"] or soon.get("unsure") or not cues or any(cue["given"] for cue in cues):
        return ""
    ((reason, _),) = Counter(cue["held_back"] for cue in cues).most_common(1)
    settings = analysis["settings"]
    if settings["cues"] == "none":
        reason = "not-asked-for"
    if reason == "quiet-first" and analysis["recording"]["counted_from_s"]:
        reason = "quiet-after-introduction"
    if reason == "budget" and not any(cue["given"] for cue in analysis["cues"]):  # kept for stronger reasons
        reason = "tones-are-few"
    why = says.get(f"back.why.{reason.replace('-', '_')}", "").format(s=short(settings["quiet_first"], says))
    return says["back.no_tone_recording" if of_recording else "back.no_tone"].format(why=why) if why else ""


def _told(cue: dict[str, Any], says: Texts) -> str:
    what = quoted(cue["text"], says) if cue["text"] else says["sounded.tone"]
    who = called(cue["to"], says) if cue["to"] else ""
    if cue["kind"] == ASK:
        return says["sounded.asked_for" if who else "sounded.asked"].format(who=who)
    if not who:
        return what
    return _because(cue["because"], says["sounded.for"].format(what=what, who=who), says)


def _because(because: dict[str, Any], what: str, says: Texts) -> str:
    """`what`, with the reason that the figures of a cue give."""
    after = called(because["after"], says) if because.get("after") else says["sounded.other"]
    fto, told = because.get("fto_s"), because.get("told_s")
    if fto is not None:
        form = "sounded.began_before" if fto < 0 else "sounded.began_after"
        what = says[form].format(what=what, after=after, s=early(abs(fto), says))
        lost = _LOST.get(because.get("lost", ""))
        return says[lost].format(what=what, after=after) if lost else what
    return says["sounded.told"].format(what=what, s=seconds(told, says)) if told is not None else what
