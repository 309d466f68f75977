"""Who spoke when, for the field's own tools."""

from __future__ import annotations

from coach.review import rttm


def heard(*speech: tuple[str, float, float], name: str = "walk") -> str:
    return rttm(
        {
            "recording": {"name": name},
            "speech": [{"who": who, "start_s": start, "end_s": end} for who, start, end in speech],
        }
    )


def test_each_unit_is_a_line_of_ten_fields():
    assert heard(("Ana", 0.5, 4.0), ("Ben", 8.3, 11.0)) == (
        "SPEAKER walk 1 0.500 3.500 <NA> <NA> Ana <NA> <NA>\nSPEAKER walk 1 8.300 2.700 <NA> <NA> Ben <NA> <NA>\n"
    )


def test_names_with_spaces_stay_one_field_and_two_people_stay_two():
    text = heard(("Ana Lu", 0, 1), ("Ana_Lu", 1, 2), ("Ana\tLu", 2, 3), ("Ana Lu", 3, 4), name="our walk.wav")
    lines = [line.split() for line in text.splitlines()]
    assert all(len(line) == 10 for line in lines)
    assert {line[1] for line in lines} == {"our_walk.wav"}
    names = [line[7] for line in lines]
    assert names[0] == names[3] == "Ana_Lu"
    assert len(set(names)) == 3


def test_silence_is_an_empty_file():
    assert heard() == ""
