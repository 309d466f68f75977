"""Speaker segments from people and from other programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pympi import Eaf

from coach.core.errors import BadInput
from coach.core.span import Span, as_samples
from coach.review.imports import Segment, holds_segments, segments

TIER = """    item [{number}]:
        class = "{kind}"
        name = "{name}"
        xmin = 0
        xmax = {xmax}
        {what}: size = {size}
"""
INTERVAL = """        intervals [{number}]:
            xmin = {start}
            xmax = {end}
            text = "{text}"
"""
POINT = """        points [1]:
            number = 1
            mark = "here"
"""
SEEN = {"Ana": [(0, 3, "so I left"), (3, 4.5, ""), (4.5, 9, "and then?")], "Ben": [(0, 9.5, " "), (9.5, 12, "hm")]}


def grid(tiers=SEEN, *, points: bool = False, xmin: float = 0, xmax: float = 12) -> str:
    """A TextGrid as Praat writes it."""
    text = f'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = {xmin}\nxmax = {xmax}\n'
    text += f"tiers? <exists>\nsize = {len(tiers) + points}\nitem []:\n"
    for number, (name, intervals) in enumerate(tiers.items(), start=1):
        text += TIER.format(
            number=number, kind="IntervalTier", name=name, xmax=xmax, what="intervals", size=len(intervals)
        )
        for place, (start, end, label) in enumerate(intervals, start=1):
            text += INTERVAL.format(number=place, start=start, end=end, text=label)
    if points:
        text += TIER.format(number=9, kind="TextTier", name="looks", xmax=xmax, what="points", size=1) + POINT
    return text


def elan(folder: Path, tiers=None, **participants: str) -> Path:
    eaf = Eaf(author="")
    eaf.remove_tier("default")
    for name, spans in (tiers or {"Ana": [(0, 3000, "so I left")], "Ben": [(3500, 5000, "")]}).items():
        eaf.add_tier(name, part=participants.get(name))
        for start, end, text in spans:
            eaf.add_annotation(name, start, end, text)
    path = folder / "talk.eaf"
    eaf.to_file(str(path))
    return path


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def said(who: str, start: float, end: float, text: str | None = None) -> Segment:
    return Segment(who, Span.seconds(start, end), text)


def line(start: object, duration: object, who: str = "Ana", recording: str = "talk") -> str:
    return f"SPEAKER {recording} 1 {start} {duration} <NA> <NA> {who} <NA> <NA>\n"


# ----------------------------------------------------------------------------------------------------------- RTTM


def test_an_rttm_line_is_a_stretch_of_speech_whatever_the_order(tmp_path):
    (found,) = segments(written(tmp_path, "talk.rttm", line(3.5, 1, "Ben") + line(0.25, 3)))
    assert found.segments == (said("Ana", 0.25, 3.25), said("Ben", 3.5, 4.5))
    assert found.people == ("Ben", "Ana")
    assert (found.name, found.duration) == ("talk.rttm", as_samples(4.5))


def test_each_recording_of_an_rttm_file_is_a_conversation(tmp_path):
    text = line(0, 3, recording="one") + line(0, 2, "Ben", "two") + line(4, 1, recording="one")
    one, two = segments(written(tmp_path, "both.rttm", text))
    assert (one.name, one.people, len(one.segments)) == ("both.rttm: one", ("Ana",), 2)
    assert (two.name, two.people, len(two.segments)) == ("both.rttm: two", ("Ben",), 1)


def test_comments_and_other_lines_are_skipped_and_a_person_may_be_called_na(tmp_path):
    text = f";; made by hand\n\nSPKR-INFO talk 1 <NA> <NA> <NA> unknown NA <NA> <NA>\n{line(1, 2, 'NA')}"
    (found,) = segments(written(tmp_path, "talk.rttm", text))
    assert found.segments == (said("NA", 1, 3),)


def test_a_stretch_without_length_is_not_speech(tmp_path):
    (found,) = segments(written(tmp_path, "talk.rttm", line(1, 0) + line(2, 1, "Ben")))
    assert found.segments == (said("Ben", 2, 3),)
    assert found.people == ("Ana", "Ben")


def test_an_empty_rttm_file_is_a_recording_in_which_nobody_spoke(tmp_path):
    (found,) = segments(written(tmp_path, "quiet.rttm", ""))
    assert (found.people, found.segments, found.duration) == ((), (), 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (line(-1, 3), "line 1, begins before the recording, at -1 s"),
        (line(0, 1) + line(4, -3), "line 2, ends before it begins"),
        (line("soon", 3), "line 1, has no number of seconds in field 4 or 5"),
        (line("nan", 3), "line 1, has an impossible time"),
        (line(1e9, 3), "line 1, has an impossible time"),
        ("SPEAKER talk 1 2.5\n", "line 1, has 4 fields"),
        ("hello there\n", "'hello', which is not a type of RTTM line"),
    ],
)
def test_the_error_for_a_broken_rttm_line_names_it(tmp_path, text, says):
    with pytest.raises(BadInput, match=r"talk\.rttm") as caught:
        segments(written(tmp_path, "talk.rttm", text))
    assert says in str(caught.value)


# ------------------------------------------------------------------------------------------------------- TextGrid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_tier_is_a_person_and_an_empty_interval_is_silence_in_every_encoding(tmp_path, encoding, ends):
    text = grid({**SEEN, "Zoë": [(0, 2, "é")]}).replace("\n", ends)
    (found,) = segments(written(tmp_path, "talk.TextGrid", text.encode(encoding)))
    assert found.people == ("Ana", "Ben", "Zoë")
    assert found.segments == (
        said("Zoë", 0, 2, "é"),
        said("Ana", 0, 3, "so I left"),
        said("Ana", 4.5, 9, "and then?"),
        said("Ben", 9.5, 12, "hm"),
    )


def test_the_short_form_of_a_textgrid_is_read_too(tmp_path):
    text = 'File type = "ooTextFile"\n"TextGrid"\n\n0\n10\n<exists>\n1\n"IntervalTier"\n"Ana"\n0\n10\n2\n'
    (found,) = segments(written(tmp_path, "talk.textgrid", text + '0\n3\n"hi"\n4\n10\n"ho"'))
    assert found.segments == (said("Ana", 0, 3, "hi"), said("Ana", 4, 10, "ho"))


def test_a_recording_lasts_as_long_as_its_textgrid_says(tmp_path):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(xmax=60)))
    assert found.duration == as_samples(60)


def test_labels_for_silence_are_silence_and_labels_for_speech_are_not_words(tmp_path):
    tiers = {"Ana": [(0, 1, "silent"), (1, 2, "sounding"), (2, 3, "<SIL>"), (3, 4, "ana"), (4, 5, "xxx"), (5, 6, "#")]}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)))
    assert found.segments == (said("Ana", 1, 2), said("Ana", 3, 4), said("Ana", 4, 5))


def test_point_tiers_are_not_speech_and_do_not_make_a_conversation(tmp_path):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(points=True)))
    assert found.people == ("Ana", "Ben")
    with pytest.raises(BadInput, match="no interval tier"):
        segments(written(tmp_path, "points.TextGrid", grid({}, points=True)))


def test_overlapping_and_empty_intervals_of_one_person_are_accepted(tmp_path):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid({"Ana": [(0, 3, "a b"), (2, 5, "c"), (6, 6, "d")]})))
    assert found.segments == (said("Ana", 0, 3, "a b"), said("Ana", 2, 5, "c"))


def test_impossible_times_in_a_textgrid_are_reported(tmp_path):
    with pytest.raises(BadInput, match=r"talk\.TextGrid begins before the recording, at -1 s"):
        segments(written(tmp_path, "talk.TextGrid", grid(xmin=-1)))
    with pytest.raises(BadInput, match="tier Ana, ends before it begins"):
        segments(written(tmp_path, "talk.TextGrid", grid({"Ana": [(4, 3, "a")]})))


# ------------------------------------------------------------------------------------------------------------ EAF


def test_an_annotation_of_elan_is_speech_with_or_without_text(tmp_path):
    (found,) = segments(elan(tmp_path))
    assert found.segments == (said("Ana", 0, 3, "so I left"), said("Ben", 3.5, 5))
    assert found.people == ("Ana", "Ben")


def test_a_tier_is_called_after_its_participant_unless_another_has_the_same(tmp_path):
    tiers = {name: [(0, 1000, "")] for name in ("A", "B", "B-hands")}
    (found,) = segments(elan(tmp_path, tiers, A="Ana", **{"B": "Ben", "B-hands": "Ben"}))
    assert found.people == ("Ana", "B", "B-hands")


def test_a_tier_with_a_parent_is_ignored(tmp_path):
    eaf = Eaf(str(elan(tmp_path)), suppress_version_warning=True)
    eaf.add_linguistic_type("translated", constraints="Symbolic_Association", timealignable=False)
    eaf.add_tier("Ana-translated", ling="translated", parent="Ana")
    eaf.add_ref_annotation("Ana-translated", "Ana", 500, "also bin ich gegangen")
    eaf.to_file(str(tmp_path / "talk.eaf"))
    (found,) = segments(tmp_path / "talk.eaf")
    assert (found.people, len(found.segments)) == (("Ana", "Ben"), 2)


def test_an_eaf_file_needs_no_schema_and_no_known_version(tmp_path):
    text = elan(tmp_path).read_text()
    schema = text[text.index("xsi:noNamespaceSchemaLocation") :].split('"')[1]
    bare = text.replace(f'xsi:noNamespaceSchemaLocation="{schema}"', "").replace('VERSION="2.8"', 'VERSION="9"')
    assert bare != text
    (found,) = segments(written(tmp_path, "bare.eaf", bare))
    assert len(found.segments) == 2


def test_an_annotation_without_a_time_and_a_file_without_tiers_are_reported(tmp_path):
    text = elan(tmp_path).read_text()
    with pytest.raises(BadInput, match="tier Ben, has an annotation without a time"):
        segments(written(tmp_path, "loose.eaf", text.replace('TIME_VALUE="3500"', "")))
    with pytest.raises(BadInput, match=r"tier Ben, begins before the recording, at -3\.5 s"):
        segments(written(tmp_path, "early.eaf", text.replace('TIME_VALUE="3500"', 'TIME_VALUE="-3500"')))
    with pytest.raises(BadInput, match="no tier with times of its own"):
        segments(written(tmp_path, "none.eaf", "<ANNOTATION_DOCUMENT/>"))


# ------------------------------------------------------------------------------------------------------ any of them


@pytest.mark.parametrize("name", ["talk.TextGrid", "talk.eaf"])
@pytest.mark.parametrize(
    "damage", [b"", b"hello", b"\x00\xff\x13" * 50, b'File type = "ooTextFile"\nxmin = 0\n', b"<a><b>"]
)
def test_a_broken_file_is_reported_in_one_line(tmp_path, name, damage):
    with pytest.raises(BadInput, match=name) as caught:
        segments(written(tmp_path, name, damage))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["none.rttm", "none.TextGrid", "none.eaf"])
def test_a_missing_file_is_reported_as_missing(tmp_path, name):
    with pytest.raises(BadInput, match="cannot be opened"):
        segments(tmp_path / name)


def test_only_the_requested_people_are_read_in_that_order(tmp_path):
    path = written(tmp_path, "talk.TextGrid", grid({**SEEN, "notes": [(0, 12, "cold room")]}))
    (found,) = segments(path, ["Ben", "Ana"])
    assert found.people == ("Ben", "Ana")
    assert {each.who for each in found.segments} == {"Ana", "Ben"}
    with pytest.raises(BadInput, match="has nobody called Bem; it has Ana, Ben, notes"):
        segments(path, ["Ana", "Bem"])


def test_a_file_of_segments_is_recognised_by_its_suffix():
    assert [holds_segments(Path(name)) for name in ("a.rttm", "a.TextGrid", "a.EAF", "a.wav", "rttm")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_an_rttm_file_is_read_as_by_the_usual_reader(tmp_path):
    from pyannote.database.util import load_rttm

    one = line(0.125, 3.5) + line(3, 1.25, "Ben") + line(3.7, 0.4)
    path = written(tmp_path, "both.rttm", one + line(7, 2, "Ben", "other") + line(1, 0.5, "Cleo", "other"))
    theirs = {
        uri: sorted((who, segment.start, segment.end) for segment, _, who in annotation.itertracks(yield_label=True))
        for uri, annotation in load_rttm(str(path)).items()
    }
    ours = {
        found.name.removeprefix("both.rttm: "): sorted((s.who, s.span.start_s, s.span.end_s) for s in found.segments)
        for found in segments(path)
    }
    assert ours == {uri: [(who, round(a, 3), round(b, 3)) for who, a, b in told] for uri, told in theirs.items()}
