"""Whether cues come at the right moment: invitations and tones in whole labelled conversations, from sound to cue.

    scripts/bench/run moments SHARED KEPT               every conversation of spoken_talk: hours, the first time
    scripts/bench/run moments SHARED KEPT --most 20     fewer, in an order that favours none
    scripts/bench/run moments SHARED KEPT --no-new      only those that lie in KEPT already
    scripts/bench/run moments SHARED KEPT --quick       a first look, without sound: see below

SHARED is the folder with data/ and tools/. KEPT keeps what was heard (`heard_talk`) and the models of the folds, so
that a change of rules is measured in minutes. Everything learnt from these conversations, the judge of depth and the
weights of `coach/meaning/runs.py`, is learnt anew for each of five folds, without its conversations. Prints the
weights fitted on all of them last.

With --quick nothing is spoken or recognised: the lines have the same rules of timing, 15% of the words are wrong, and
the judge of depth is the one that ships, which has seen these conversations; only the weights are learnt by fold.

An invitation is right if its sharer told nothing of level 2 or 3 in their own last 45 s of words, and at least half of
the labelled lines there are of level 1. A stretch is there where such 45 s hold four labelled lines or more, all of
level 1; it is found if an invitation for that person comes in it or within 60 s after. A tone "inner" is right if a
line of level 2 or 3 was told in the sharer's last 30 s of words.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coach.coaching import Policy
from coach.core.events import Cue, Event, Words
from coach.core.settings import Settings
from coach.core.span import as_seconds, joined
from coach.meaning import DepthModel, RunConfig, Runs, TellingFigures, probability_all_event
from coach.meaning.depth import depth_model
from coach.runtime.understanding import Understanding
from scripts.bench.heard_talk import TALK, HeardTalk, Line, conversations, hours, imagined, keep, kept, own_words
from scripts.bench.machine import machine
from scripts.bench.results.figures import interval
from scripts.bench.results.tables import machine_lines, table
from scripts.progress import watched
from scripts.training.corpus import FOLDS, fold_of
from scripts.training.folds import fold_models

WINDOW_S, AFTER_S, JUST_S = 45.0, 60.0, 30.0
QUIET_S, STEP_S, APART_S = 60.0, 5.0, 120.0  # where stretches are looked for: from, in steps of, and how far apart
LEAST_LINES = 4
PAUSE = Policy().natural_end
RIDGE = 0.3  # inverse strength
MADE_SURE = "invited"


@dataclass(frozen=True, slots=True)
class Stretch:
    """45 s of own words at event level, that end at `at` seconds."""

    who: str
    at: float

    def holds(self, who: str | None, at: float) -> bool:
        return who == self.who and self.at - WINDOW_S <= at <= self.at + AFTER_S


@dataclass(frozen=True, slots=True)
class Moment:
    """A silence after somebody's words: their run's figures, and whether an invitation would be right there."""

    talk: str
    who: str
    at: float
    figures: TellingFigures | None
    right: bool


def is_right(talk: HeardTalk, who: str, at: float) -> bool:
    """Whether an invitation inward for `who` at `at` seconds is right."""
    levels = [line.level for line in own_words(talk, who, at, WINDOW_S)[0] if line.level]
    return bool(levels) and not {"2", "3"} & set(levels) and 2 * levels.count("1") >= len(levels)


def stretches(talk: HeardTalk) -> list[Stretch]:
    """The stretches after which an invitation is due."""
    found = []
    for who in talk.people:
        at = QUIET_S
        while at < talk.seconds:
            lines, full = own_words(talk, who, at, WINDOW_S)
            levels = [line.level for line in lines if line.level]
            if full and len(levels) >= LEAST_LINES and set(levels) == {"1"} and lines[0].end > at - STEP_S:
                found.append(Stretch(who, at))
                at += APART_S
            else:
                at += STEP_S
    return found


def moments(talk: HeardTalk, words: Sequence[Words], config: RunConfig) -> Iterator[Moment]:
    """Every silence of `PAUSE` after somebody's words, as `Runs` sees them; no invitation ends a run here."""
    runs, waiting = Runs(config), sorted(words, key=lambda each: each.at, reverse=True)
    spans = joined([unit.span for unit in talk.units], PAUSE)
    for span in spans:
        while waiting and waiting[-1].span.start < span.end:
            runs.hear(waiting.pop())
        at = as_seconds(span.end + PAUSE)
        for who in {unit.who for unit in talk.units if unit.span.end == span.end}:
            yield Moment(talk.name, who, at, runs.estimate(who).figures, is_right(talk, who, at))


def fitted(found: Sequence[Moment]) -> tuple[float, ...]:
    """The weights of `TellingFigures.values` for whether an invitation is right."""
    from sklearn.linear_model import LogisticRegression  # takes some seconds, and only this needs it
    from sklearn.preprocessing import StandardScaler

    judged = [moment for moment in found if moment.figures is not None]
    values = np.array([moment.figures.values()[1:] for moment in judged if moment.figures is not None])
    scale = StandardScaler().fit(values)
    model = LogisticRegression(C=RIDGE, max_iter=1000).fit(scale.transform(values), [moment.right for moment in judged])
    weights = model.coef_[0] / scale.scale_
    return (float(model.intercept_[0] - weights @ scale.mean_), *map(float, weights))


@dataclass(frozen=True, slots=True)
class Played:
    """One conversation, its stretches, and all events with the judges of its fold."""

    talk: HeardTalk
    stretches: list[Stretch]
    events: list[Event]

    def cues(self, *kinds: str) -> list[Cue]:
        return [event for event in self.events if isinstance(event, Cue) and event.kind in kinds]


def words_of(talk: HeardTalk, depth: DepthModel) -> list[Words]:
    """The words of `talk`, judged by `depth`, in the order in which they end."""
    understanding = Understanding("en", depth)
    spoken = sorted(talk.said.items(), key=lambda said: (said[0][1].end, said[0][1].start))
    return [understanding.words(span.end, who, span, text) for (who, span), text in spoken]


def way_of(stretch: Stretch, played: Played, found: Sequence[Moment], config: RunConfig) -> str:
    """The first stage at which nothing of the stretch was left; `MADE_SURE` if it was invited."""
    cues = [cue for cue in played.cues("inward") if stretch.holds(cue.to, as_seconds(cue.at))]
    if any(cue.given for cue in cues):
        return MADE_SURE
    near = [moment for moment in found if stretch.holds(moment.who, moment.at)]
    judged = [moment for moment in near if moment.figures is not None]
    if not near:
        return f"no silence of {as_seconds(PAUSE):g} s after their words"
    if not judged:
        return "too few words in one run (inner words, a lapse, the other's telling)"
    sure = [probability_all_event(each.figures, config.weights) for each in judged if each.figures is not None]
    if max(sure) < config.event:
        return f"not sure enough (p below {config.event:g})"
    return f"held back: {cues[-1].held_back}" if cues else "not sure in the silence itself, or invited before"


def was_inner(played: Played, cue: Cue) -> bool:
    """Whether the person from whom the floor was taken had just told something of level 2 or 3."""
    return any(line.level in ("2", "3") for line in _just_told(played, cue))


def _just_told(played: Played, cue: Cue) -> list[Line]:
    return own_words(played.talk, cue.because["after"], cue.because["onset_s"], JUST_S)[0]


def tones(played: Sequence[Played]) -> list[list[str]]:
    """Rows on the tones given: how many an hour, by what may be lost."""
    given = [(each, cue) for each in played for cue in each.cues("too_soon", "over") if cue.given]
    count = Counter(cue.because.get("lost", "any") for _, cue in given)
    long = hours([each.talk for each in played])
    inner = [(each, cue) for each, cue in given if cue.because.get("lost") == "inner"]
    labelled = [(each, cue) for each, cue in inner if any(line.level for line in _just_told(each, cue))]
    rows = [["tones an hour", f"{len(given) / long:.1f}"]]
    rows += [[f"  {lost}", f"{number / long:.1f} ({number})"] for lost, number in sorted(count.items())]
    right = sum(was_inner(each, cue) for each, cue in labelled)
    return [*rows, ['"inner" is right, where there are labels', interval(right, len(labelled))]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", metavar="SHARED", type=Path, help="the folder with data/ and tools/")
    parser.add_argument("kept", metavar="KEPT", type=Path, help="a folder for what was heard")
    parser.add_argument("--most", type=int, default=10_000, help="conversations")
    parser.add_argument("--no-new", action="store_true", help="take only what lies in KEPT")
    parser.add_argument("--quick", action="store_true", help="a first look, without sound")
    options = parser.parse_args()
    names = conversations(options.shared)[: options.most]
    if options.quick:
        talks, depth = imagined(options.shared, names), [depth_model()] * FOLDS
    else:
        if not options.no_new:
            keep(options.shared, options.kept, names)
        talks = [kept(options.kept, name) for name in names if (options.kept / f"{name}.heard.json").exists()]
        depth = fold_models(options.shared / TALK, options.kept)
    found: list[Moment] = []
    for talk in watched(talks, len(talks), "judging words"):
        found += moments(talk, words_of(talk, depth[fold_of(talk.name)]), RunConfig())
    configs = {}
    for held in {fold_of(talk.name) for talk in talks}:
        others = [moment for moment in found if fold_of(moment.talk) != held]
        configs[held] = replace(RunConfig(), weights=fitted(others))
    played = []
    for talk in watched(talks, len(talks), "playing"):
        fold = fold_of(talk.name)
        events = talk.replay(Settings(people=talk.people), Understanding("en", depth[fold]), Runs(configs[fold]))
        played.append(Played(talk, stretches(talk), events))
    print(report(played, found, configs))
    print(f"\nweights fitted on all: {tuple(round(weight, 3) for weight in fitted(found))}")


def report(played: Sequence[Played], found: Sequence[Moment], configs: dict[int, RunConfig]) -> str:
    """All tables as text."""
    given = [(each, cue) for each in played for cue in each.cues("inward") if cue.given]
    right = sum(is_right(each.talk, str(cue.to), as_seconds(cue.at)) for each, cue in given)
    ways = Counter(
        way_of(
            stretch,
            each,
            [moment for moment in found if moment.talk == each.talk.name],
            configs[fold_of(each.talk.name)],
        )
        for each in played
        for stretch in each.stretches
    )
    there = sum(ways.values())
    rows = [
        ["conversations, hours", f"{len(played)}, {hours([each.talk for each in played]):.1f}"],
        ["invitations inward, right", interval(right, len(given))],
        ["stretches, invited", interval(ways[MADE_SURE], there)],
    ]
    way = [[stage, str(number)] for stage, number in ways.most_common()]
    return "\n\n".join(
        [
            machine_lines(machine()),
            table(f"Five folds by conversation ({FOLDS})", ["", ""], rows),
            table("The way of the stretches: where they ended", ["", ""], way),
            table("Tones", ["", ""], tones(played)),
        ]
    )


if __name__ == "__main__":
    main()
