"""Measures how soon a turn can be told from a backchannel, on real calls, a game and meetings.

    scripts/bench/run early_turns DATA

The labels say who spoke when. From them follows, with all of a recording known, who took the floor with a bid, and who
only acknowledged or spoke under the other. What could be known 0.4, 0.6, 0.8 and 1.0 s after the onset of each bid:

    length      the share of it that is speech, and whether it still sounds
    pitch       of its voiced frames, against this speaker's own median; whether it falls at the end; the voiced share
    level       against this speaker's own median; whether it falls at the end
    segments    the segmentation network's probability that somebody speaks: the mean, and the newest
    the other   how much the other speaks meanwhile, and in the newest 0.2 s
    before      the pause or the overlap before it, and how long the other had spoken
    words       the first words, as Moonshine recognises them: their number, and whether they only acknowledge

A logistic model of each, and of several together, learns from all recordings but one and is judged on that one. Only
bids that last so long count. At `p` or more a bid would be told as a turn:

    AUC         the probability that a turn gets a higher p than another bid
    told        turns told, of all
    wrong       other bids told as turns, of all; waiting until a turn is 1.2 s long tells none of the backchannels

The last table counts only those bids for which a tone may sound: after a share of 5 s, and while the other is silent.
There a bid would be told as a turn by its length alone. Because there are few, it also counts in written conversations:
answers of at most four words between two turns of the same person, the first of `SHARE_WORDS` or more, would last so
long at five syllables a second. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from coach.asr import Transcriber, choose
from coach.conversation import DEFAULTS, Turn, converse
from coach.core.span import Span, as_samples, as_seconds, shared
from coach.diarization import DEFAULT_SEGMENTATION, Segmentation
from coach.meaning import read
from scripts.bench.data import data_folder
from scripts.bench.kinds import GAME
from scripts.bench.left_out import left_out
from scripts.bench.machine import machine
from scripts.bench.prosody import Voice, Voices, bend, median
from scripts.bench.recordings import calls, dyads, meetings
from scripts.bench.results.tables import machine_lines, table
from scripts.simulate.transcripts import conversations
from scripts.simulate.truth import Take

AFTER_S = (0.4, 0.6, 0.8, 1.0)
BEFORE = as_samples(0.1)  # sound before the onset that the recogniser gets too
NEWEST = as_samples(0.2)
WINDOW = as_samples(5.0)  # that the segmentation hears
MOST_S = 20.0  # of the other's speech before; longer is all the same
CONTEXT = ("length", "the other", "before")
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "length, the other, before": CONTEXT,
    "these, pitch and level": (*CONTEXT, "pitch", "level"),
    "all sound": (*CONTEXT, "pitch", "level", "segments"),
    "all, with words": (*CONTEXT, "pitch", "level", "segments", "words"),
}
SHARE_WORDS = 14  # about 5 s
SYLLABLES_A_SECOND, PAUSES_S = 5, 0.1
WORD, VOWELS = re.compile(r"[A-Za-z][A-Za-z'-]*"), re.compile("[aeiouy]+")
SURE = (0.5, 0.8, 0.9, 0.95)

Evidence = dict[str, list[float]]  # figures by their source


class Talk:
    """A recording: its bids, and what is known of each after so many seconds."""

    def __init__(self, take: Take, engine: Transcriber) -> None:
        self.name = take.name
        self._engine, self._segmentation = engine, Segmentation()
        self._voices = Voices(take)
        self._speech = self._voices.speech
        self._turns = converse(take.truth.speech).turns
        self._usual = {who: self._voices.usual(who) for who in take.truth.people}

    @cached_property
    def bids(self) -> list[Turn]:
        """Every turn, backchannel and incursion after somebody else's first speech."""
        return [turn for turn in self._turns if self._others(turn.who, Span(0, turn.span.start))]

    def evidence(self, bid: Turn, after_s: float) -> Evidence:
        """The figures known `after_s` seconds after the onset of `bid`."""
        onset, until = bid.span.start, bid.span.start + as_samples(after_s)
        so_far, newest = Span(onset, until), Span(until - NEWEST, until)
        own, others = self._speech[bid.who], self._others(bid.who, Span(0, until))
        voice = Voice.of(self._voices.sound(bid.who, so_far))
        pitch, level = self._usual[bid.who]
        likely = self._segments(bid.who, until)
        frames = max(1, so_far.duration // DEFAULT_SEGMENTATION.step)
        ended = max(span.end for span in others if span.start < onset)
        words = read(self._engine.transcribe(self._voices.sound(bid.who, Span(max(0, onset - BEFORE), until))))
        return {
            "length": [shared([so_far], own) / so_far.duration, shared([newest], own) / newest.duration],
            "pitch": [
                median([voice.pitch]) - pitch if not np.isnan(voice.pitch).all() else 0.0,
                bend(voice.pitch),
                float((~np.isnan(voice.pitch)).mean()),
            ],
            "level": [float(voice.level.mean()) - level, bend(voice.level)],
            "segments": [float(likely[-frames:].mean()), float(likely[-6:].mean())],
            "the other": [shared([so_far], others) / so_far.duration, shared([newest], others) / newest.duration],
            "before": [
                float(np.clip(as_seconds(onset - ended), -2, 3)),
                min(MOST_S, as_seconds(shared([Span(0, onset)], self._last_turn_before(bid)))),
            ],
            "words": [float(words.count), float(words.acknowledgement)],
        }

    def _others(self, who: str, within: Span) -> list[Span]:
        return [span for name, spans in self._speech.items() if name != who for span in spans if span & within]

    def _last_turn_before(self, bid: Turn) -> list[Span]:
        """The speech in the last turn of somebody else that began before `bid`."""
        before = [t for t in self._turns if t.kind == "turn" and t.who != bid.who and t.span.start < bid.span.start]
        return (
            [span & before[-1].span for span in self._speech[before[-1].who] if span & before[-1].span]
            if before
            else []
        )

    def _segments(self, who: str, until: int) -> np.ndarray:
        """The probabilities that somebody speaks, in the window that ends at the sample `until`."""
        sound = self._voices.sound(who, Span(max(0, until - WINDOW), until))
        sound = np.concatenate([np.zeros(WINDOW - len(sound), np.float32), sound])
        (told,) = self._segmentation.windows(sound[None])
        return np.asarray(1 - np.exp(told.astype(np.float64))[:, 0])


@dataclass(frozen=True, slots=True)
class Case:
    """One bid after so many seconds: the recording, whether it became a turn, and what was known."""

    talk: str
    turn: bool
    known: Evidence

    @property
    def answers_share(self) -> bool:
        """Whether it comes after a share, and the other is silent."""
        return self.known["before"][1] >= as_seconds(DEFAULTS.share) and not self.known["the other"][1]

    def row(self, sources: Sequence[str]) -> list[float]:
        return [figure for source in sources for figure in self.known[source]]


def cases(talks: Sequence[Talk], after_s: float) -> Iterator[Case]:
    """Every bid that lasts so long."""
    for talk in talks:
        for bid in talk.bids:
            if bid.span.duration >= as_samples(after_s):
                yield Case(talk.name, bid.kind == "turn", talk.evidence(bid, after_s))


def judged(found: Sequence[Case], sources: Sequence[str]) -> np.ndarray:
    """The probability (n,) that each case is a turn, by a model that has not seen its recording."""
    rows = np.array([case.row(sources) for case in found])
    return left_out(rows, [case.turn for case in found], [case.talk for case in found])


def line(name: str, found: Sequence[Case], sources: Sequence[str]) -> list[str]:
    p, turn = judged(found, sources), np.array([case.turn for case in found])
    told = [f"{int((p >= sure)[turn].sum())}, {int((p >= sure)[~turn].sum())}" for sure in SURE]
    return [name, f"{roc_auc_score(turn, p):.2f}", *told]


def short_answers(file: Path) -> Iterator[float]:
    """How long each short answer to a written share would last, in seconds; not those to a question."""
    for lines in conversations(file):
        turns = [(who, " ".join(text for _, text in spoken)) for who, spoken in groupby(lines, key=itemgetter(0))]
        for (sharer, share), (_, answer), (next_one, _) in zip(turns, turns[1:], turns[2:], strict=False):
            words = WORD.findall(answer)
            asked = share.rstrip().endswith("?")
            if sharer == next_one and not asked and len(WORD.findall(share)) >= SHARE_WORDS and 0 < len(words) <= 4:
                yield PAUSES_S + sum(map(syllables, words)) / SYLLABLES_A_SECOND


def syllables(word: str) -> int:
    """Its groups of vowels, but for a silent e at its end.

    >>> syllables("Okay"), syllables("sense"), syllables("mhm")
    (2, 1, 1)
    """
    return max(1, len(VOWELS.findall(word.lower().rstrip("e"))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the folder of development data")
    data: Path = parser.parse_args().data
    engine, why = choose("moonshine")
    if engine is None:
        raise SystemExit(why)
    takes = [take for take in calls(data) if take.channels]
    takes += [take for take in dyads(data) if take.kind == GAME]
    talks = [Talk(take, engine) for take in [*takes, *meetings(data)]]
    print(machine_lines(machine()))
    after_shares = []
    for after_s in AFTER_S:
        found = list(cases(talks, after_s))
        clear = [case for case in found if case.answers_share]
        told = sum(case.turn for case in clear)
        after_shares.append([f"{after_s} s", str(told), str(len(clear) - told)])
        turns = sum(case.turn for case in found)
        columns = ["known", "AUC", *(f"told, wrong at {sure:g}" for sure in SURE)]
        alone = {source: (source,) for source in found[0].known}
        rows = [line(name, found, sources) for name, sources in {**alone, **TOGETHER}.items()]
        print(table(f"{after_s} s: {turns} turns and {len(found) - turns} other bids", columns, rows))
    short = list(short_answers(data / "data" / "text" / "depth_train.jsonl"))
    for after_s, cells in zip(AFTER_S, after_shares, strict=True):
        cells.append(f"{sum(seconds >= after_s for seconds in short)} of {len(short)}")
    columns = ["lasts", "turns", "other bids", "written short answers"]
    print(table("after a share, while the other is silent", columns, after_shares))


if __name__ == "__main__":
    main()
