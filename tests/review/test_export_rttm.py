"""Sessions as RTTM for diarization tools."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyannote.database.util import load_rttm

from coach.core.span import as_samples
from coach.review.exports import as_rttm
from tests.review.made_talk import ended, long_export, speech, told


def lines(*heard: tuple[str, float, float]) -> list[list[str]]:
    events = ended([speech(who, as_samples(start), as_samples(end)) for who, start, end in heard])
    return [line.split(" ") for line in as_rttm(told(events)).decode().splitlines()]


def test_each_unit_is_a_line_of_ten_fields():
    assert [" ".join(line) for line in lines(("Ana", 0.5, 4.0), ("Ben", 8.3, 11.0))] == [
        "SPEAKER session_3 1 0.500 3.500 <NA> <NA> Ana <NA> <NA>",
        "SPEAKER session_3 1 8.300 2.700 <NA> <NA> Ben <NA> <NA>",
    ]


def test_names_with_spaces_remain_one_field_and_two_people_remain_two():
    found = lines(("Ana Lu", 0, 1), ("Ana_Lu", 1, 2), ("Ana\tLu", 2, 3), ("Ana Lu", 3, 4))
    assert all(len(line) == 10 for line in found)
    names = [line[7] for line in found]
    assert names[0] == names[3] == "Ana_Lu"
    assert len(set(names)) == 3


def test_silence_is_an_empty_file():
    assert as_rttm(told(ended([]))) == b""


@pytest.mark.parametrize("turns", [5, 1000])
def test_the_usual_rttm_reader_finds_every_unit_at_its_time(turns: int, tmp_path: Path):
    exported = long_export(turns)
    path = tmp_path / "talk.rttm"
    path.write_bytes(as_rttm(exported))
    (annotation,) = load_rttm(str(path)).values()
    found = sorted((round(s.start, 3), round(s.end, 3), who) for s, _, who in annotation.itertracks(yield_label=True))
    assert found == sorted((each["start_s"], each["end_s"], each["who"]) for each in exported.analysis["speech"])
