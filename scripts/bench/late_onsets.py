"""Measures what the sound is in which an answer had begun by the labels, and the coach did not hear it yet.

    scripts/bench/run late_onsets DATA

The labels of the real calls come from energy, so they also begin where somebody draws breath or parts the lips before
the first word. For each floor transfer whose new turn the coach hears `LATE` or more after its labelled onset, the
level of the sound in between is compared with the median level of that person's speech. What is `FAINT` or more below
it is counted as faint, and the 90th percentile of the FTO error is given without these transfers, too. Nothing is
asserted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coach.conversation import converse
from coach.core.span import Span, as_samples, as_seconds
from scripts.bench.data import data_folder
from scripts.bench.kinds import CALLS, CALLS_ONE
from scripts.bench.machine import machine
from scripts.bench.prosody import Voice, Voices
from scripts.bench.recordings import calls, transfers
from scripts.bench.results.figures import ninetieth
from scripts.bench.results.tables import figure, machine_lines, table
from scripts.bench.systems.coach import enrolled
from scripts.simulate.truth import Take, matched

LATE = as_samples(0.1)
FAINT = 20.0  # dB below the median level of the person's speech


@dataclass(frozen=True, slots=True)
class Heard:
    """A floor transfer that the coach heard: the error of its FTO and of its onset, in samples.

    `under` is how many dB the sound before a late onset lies under that person's speech; 0 if the onset is not late.
    """

    take: Take
    who: str
    onset: int
    error: int
    late: int
    under: float = 0.0


def heard_transfers(take: Take, voices: Voices) -> Iterator[Heard]:
    """The transfers of `take` that the coach heard; `voices` are its people, with a channel each."""
    for true, told in matched(take.truth.transfers, transfers(converse(enrolled(take)))):
        late, under = told.onset - true.onset, 0.0
        if late >= LATE:
            missed = Voice.of(voices.sound(true.who, Span(true.onset, told.onset)))
            under = voices.usual(true.who)[1] - float(missed.level.mean())
        yield Heard(take, true.who, true.onset, told.fto - true.fto, late, under)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the folder of development data")
    data: Path = parser.parse_args().data
    takes = list(calls(data))
    voices = {take.name: Voices(take) for take in takes if take.kind == CALLS}
    found = [each for take in takes for each in heard_transfers(take, voices[take.name])]
    print(machine_lines(machine()))
    late = [each for each in found if each.late >= LATE]
    rows = [
        [
            f"{each.take.name}, {each.take.kind}",
            each.who,
            figure(as_seconds(each.onset), 2),
            figure(as_seconds(each.late), 2),
            figure(each.under, 0),
        ]
        for each in sorted(late, key=lambda each: -each.late)
    ]
    print(table("heard late", ["recording", "who", "onset, s", "late by, s", "dB under their speech"], rows))
    rows = []
    for kind in (CALLS, CALLS_ONE):
        mine = [each for each in found if each.take.kind == kind]
        clear = [each for each in mine if each.under < FAINT]
        rows.append(
            [
                kind,
                str(len(mine)),
                str(sum(each.late >= LATE for each in mine)),
                str(len(mine) - len(clear)),
                *(figure(ninetieth([as_seconds(each.error) for each in some]), 3) for some in (mine, clear)),
            ]
        )
    columns = ["", "transfers heard", "late onsets", "of them faint", "FTO error, 90%, s", "without the faint ones"]
    print(table("floor transfers", columns, rows))


if __name__ == "__main__":
    main()
