"""Scenarios that a person can read: who says what and when, which cues follow and when, or why there are none.

    text the lock: We drove up on Friday and the lock was broken.

    == A listener who starts a third of a second after a share hears a tone
    with pause 3, cues tones
    Ana   0.0-12.0         [the lock]
    Ben  12.3-16.0  (70%)  Well, mine was broken too.
    * 20.0 hush
    => tone too_soon for Ben within 1400 ms of 12.3
    => held over for Ben: budget

A file contains several scenarios, each after its `==`; lines before the first `==` apply to all of them.

who from-to   One voice without silences, except for 0.3 s at each `/`. Then the ear's confidence in the name (97% by
              default), and the words; brackets refer to a named text.
with          The coach's settings by name; `words 1.5`: seconds until words are recognised; `words none`.
*             Other events: `hush`, `go on`, `yes` (the key), `20.0-24.0 lost`, `the end`.
=>            A decision. The list is complete and in order; `=> nothing` if there is none. "within … of …" also means
              not before that second; "because …" names what may be lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from coach.core.errors import CoachError
from coach.core.events import AudioGap, Cue, Event, Hushed, TakenUp
from coach.core.settings import Settings
from coach.core.span import MILLISECOND, Span, as_samples, as_seconds
from scripts.simulate.perfect_hearing import SURE, Said, play

READ_S = 0.4  # seconds from the end of a stretch to its words
BREATH = 300 * MILLISECOND  # samples of silence at a `/`
PEOPLE = ("Ana", "Ben")

_TEXT = re.compile(r"text ([\w ]+): (.*)")
_SPEECH = re.compile(r"(\S+) +([\d.]+)-([\d.]+)(?: +\((\d+)%\))? *(.*)")
_BESIDES = re.compile(r"\* ([\d.]+)(?:-([\d.]+))? (hush|go on|yes|lost|the end)")
_WANTED = re.compile(
    r"=> (tone|words|held) (\w+) for (\w+)(?:: ([a-z-]+))?(?: within (\d+) ms of ([\d.]+))?"
    r"(?: because ([a-z-]+))?(?: saying (.+))?"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One expected decision; `within` is the range of its time, None for any time."""

    how: str
    kind: str
    to: str
    within: Span | None = None
    reason: str | None = None
    lost: str | None = None
    text: str | None = None

    def meets(self, cue: Cue, slack: int = 0) -> bool:
        how = "held" if not cue.given else "tone" if cue.form == "tone" else "words"
        return (
            (how, cue.kind, cue.to) == (self.how, self.kind, self.to)
            and (self.how == "held") == (self.reason is not None)
            and cue.held_back == self.reason
            and self.lost in (None, cue.because.get("lost"))
            and self.text in (None, cue.text)
            and (self.within is None or self.within.start - slack <= cue.at <= self.within.end + slack)
        )


@dataclass(slots=True)
class Scenario:
    """The events of a scenario, and its expected decisions."""

    title: str
    settings: Settings = field(default_factory=Settings)
    words_s: float | None = READ_S  # None without a recogniser
    said: list[Said] = field(default_factory=list)
    besides: list[Event] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    nothing: bool = False  # the scenario says that there is no decision
    end: int | None = None

    def decisions(self) -> list[Cue]:
        """Every decision about a cue, in order, when the scenario is played through the pipeline."""
        events = play(self.said, self.settings, words_s=self.words_s, besides=self.besides, end=self.end)
        return [event for event in events if isinstance(event, Cue)]

    def meets(self, cues: list[Cue], slack: int = 0) -> bool:
        """Whether these are the expected decisions; times may be off by `slack` samples."""
        if len(cues) != len(self.wanted):
            return False
        return all(wanted.meets(cue, slack) for wanted, cue in zip(self.wanted, cues, strict=True))


def told(cue: Cue) -> str:
    """One decision in the notation of a scenario, with its second and its figures."""
    how = "held" if not cue.given else "tone" if cue.form == "tone" else "words"
    why = f": {cue.held_back}" if cue.held_back else ""
    return f"{as_seconds(cue.at):8.2f}  => {how} {cue.kind} for {cue.to}{why}  {cue.because}"


def scenarios(file: Path) -> list[Scenario]:
    """The scenarios of `file`. Raises ValueError, naming the line, if a line is not valid."""
    texts: dict[str, str] = {}
    common: list[str] = []
    found: list[Scenario] = []
    for number, line in enumerate(map(str.strip, file.read_text(encoding="utf-8").splitlines()), 1):
        try:
            if line.startswith("== "):
                found.append(Scenario(line.removeprefix("== "), Settings(people=PEOPLE)))
                for setting in common:
                    _set(found[-1], setting)
            elif named := _TEXT.fullmatch(line):
                texts[named[1]] = named[2]
            elif line and not line.startswith("#"):
                _take(found[-1], line, texts) if found else common.append(line)
        except (ValueError, KeyError, CoachError) as error:
            raise ValueError(f"{file.name}, line {number}: {line!r} is not understood ({error})") from error
    for each in found:
        if each.nothing == bool(each.wanted):
            raise ValueError(f"{file.name}: {each.title!r} wants no decision, or some; write which, or `=> nothing`")
    return found


def _take(scenario: Scenario, line: str, texts: dict[str, str]) -> None:
    if line.startswith("with "):
        _set(scenario, line)
    elif line == "=> nothing":
        scenario.nothing = True
    elif line.startswith("=>"):
        scenario.wanted.append(_wanted(line))
    elif line.startswith("*"):
        _happens(scenario, line)
    else:
        who, start, end, percent, text = _matched(_SPEECH, line).groups()
        text = re.sub(r"\[([\w ]+)\]", lambda name: texts[name[1]], text)
        sure = int(percent) / 100 if percent else SURE
        scenario.said += _with_breaths(Said(who, Span.seconds(float(start), float(end)), text, sure))


def _with_breaths(line: Said) -> list[Said]:
    """The line cut at each `/`; the length of a part is proportional to its number of words."""
    parts = [part.split() for part in line.text.split("/")]
    sample = (line.span.duration - BREATH * (len(parts) - 1)) / max(1, sum(map(len, parts)))  # samples per word
    out, start = [], line.span.start
    for part in parts:
        end = start + round(len(part) * sample) if len(parts) > 1 else line.span.end
        out.append(replace(line, span=Span(start, end), text=" ".join(part)))
        start = end + BREATH
    return out


def _set(scenario: Scenario, line: str) -> None:
    """`with pause 3, cues tones, words none`."""
    for each in line.removeprefix("with ").split(","):
        key, *values = each.split()
        if key == "words":
            scenario.words_s = None if values == ["none"] else float(values[0])
        else:
            scenario.settings = scenario.settings.with_options(**{key: _value(key, values)})


def _value(key: str, values: list[str]) -> object:
    default: Any = {spec.name: spec.default for spec in fields(Settings)}[key]
    if isinstance(default, tuple):
        return values
    return values[0] if isinstance(default, str) else type(default)(values[0])


def _happens(scenario: Scenario, line: str) -> None:
    start, end, what = _matched(_BESIDES, line).groups()
    at = as_samples(float(start))
    if what == "the end":
        scenario.end = at
    elif what == "lost":
        span = Span(at, as_samples(float(end)))
        scenario.besides.append(AudioGap(at=span.end, span=span, reason="the microphone was away"))
    elif what == "yes":
        scenario.besides.append(TakenUp(at=at))
    else:
        scenario.besides.append(Hushed(at=at, on=what == "hush"))


def _wanted(line: str) -> Wanted:
    how, kind, to, reason, milliseconds, since, lost, text = _matched(_WANTED, line).groups()
    within = None
    if milliseconds:
        start = as_samples(float(since))
        within = Span(start, start + int(milliseconds) * MILLISECOND)
    return Wanted(how, kind, to, within, reason, lost, text)


def _matched(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    found = pattern.fullmatch(line)
    if found is None:
        raise ValueError("no such line")
    return found
