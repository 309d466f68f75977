"""Speaker segments from people and from other programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pympi import Eaf

from coach.core.errors import BadInput
from coach.core.span import Span, as_samples
from coach.review.imports import Segment, holds_segments
from tests.review.read_segments import segments

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


def test_stretches_without_length_are_told_with_their_number(tmp_path):
    told = "left out {} of speech without length, words included"
    (found,) = segments(written(tmp_path, "talk.rttm", line(1, 0) + line(2, 1, "Ben")))
    assert found.notices == (f"talk.rttm: {told.format('1 stretch')}",)
    tiers = {"Ana": [(0, 3, "a"), (3, 3, "b"), (3, 3, ""), (3, 12, "")], "Ben": [(4, 4, "no"), (5, 6, "yes")]}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)))
    assert [notice for notice in found.notices if "gaps" not in notice] == [
        f"talk.TextGrid: {told.format('2 stretches')}"
    ]
    (found,) = segments(tmp_path / "talk.TextGrid", ["Ana"])
    assert f"talk.TextGrid: {told.format('1 stretch')}" in found.notices


@pytest.mark.parametrize("text", ["", "\n", ";; nothing\n", "LEXEME talk 1 0 1 hi lex Ana <NA> <NA>\n"])
def test_an_rttm_file_without_a_speaker_line_is_refused(tmp_path, text):
    with pytest.raises(BadInput, match=r"quiet\.rttm has no SPEAKER line"):
        segments(written(tmp_path, "quiet.rttm", text))


@pytest.mark.parametrize("ends", [" <NA> <NA>", " <NA>", "", " 0.9 <NA>", " <NA> 0.1", " 0.9 0.1"])
@pytest.mark.parametrize("recording", ["talk", "my talk", "my talk 7", "2024 10 3"])
@pytest.mark.parametrize("names", [("Ana", "Ben"), ("Ana Lu", "Ana Bo"), ("Ana von der Au", "5"), ("-", "Ana Lu")])
def test_names_with_blanks_are_read_whole(tmp_path, names, recording, ends):
    times = ((1, 6.5, names[0]), (8.1, 5.4, names[1]), (1.5e1, 3, names[0]))
    text = "".join(f"SPEAKER {recording} 1 {start} {for_} <NA> <NA> {who}{ends}\n" for start, for_, who in times)
    (found,) = segments(written(tmp_path, "talk.rttm", text))
    assert found.people == names
    assert found.segments == tuple(said(who, start, start + for_) for start, for_, who in times)
    assert bool(found.notices) == any(" " in name for name in (recording, *names))


def test_numbers_after_blanks_are_part_of_names_where_they_differ(tmp_path):
    text = line(0, 1, "Speaker 1") + line(1, 1, "Speaker 2") + line(2, 1, "Speaker 1")
    (found,) = segments(written(tmp_path, "talk.rttm", text))
    assert found.people == ("Speaker 1", "Speaker 2")
    (found,) = segments(written(tmp_path, "sure.rttm", text.replace("Speaker 2", "Speaker 1").replace(" <NA>\n", "\n")))
    assert found.people == ("Speaker",)  # 1 is the confidence


def sure(start: float, who: str, number: object, ends: str = " <NA>") -> str:
    return f"SPEAKER talk 1 {start} 1 <NA> <NA> {who} {number}{ends}\n"


@pytest.mark.parametrize("ends", [" <NA>", "", " 0.5"])
@pytest.mark.parametrize("numbers", [("0.98", "1", "1", "0.91"), ("1", "0", "0.5", "1"), ("1", "1.0", "0", "1e0")])
def test_a_decimal_after_a_name_makes_all_of_them_confidences(tmp_path, numbers, ends):
    names = ("Ana", "Ben", "Ana", "Ben")
    text = "".join(sure(2 * n, who, number, ends) for n, (who, number) in enumerate(zip(names, numbers, strict=True)))
    (found,) = segments(written(tmp_path, "talk.rttm", text))
    assert found.people == ("Ana", "Ben")
    assert found.notices == ()


def test_0_and_1_after_several_names_are_confidences_and_after_one_name_a_part_of_it(tmp_path):
    text = sure(0, "Ana", 1) + sure(2, "Ben", 0) + sure(4, "Ana", 0)
    (found,) = segments(written(tmp_path, "talk.rttm", text))
    assert found.people == ("Ana", "Ben")
    assert found.notices == (
        "talk.rttm: took the 0 or 1 after each name for a confidence; write _ before it if it belongs to the name",
    )
    (found,) = segments(written(tmp_path, "talk.rttm", text.replace("Ben", "Ana")))
    assert found.people == ("Ana 1", "Ana 0")
    (found,) = segments(written(tmp_path, "talk.rttm", text + sure(6, "Ben", 2)))
    assert found.people == ("Ana 1", "Ben 0", "Ana 0", "Ben 2")


def test_tabs_separate_fields_that_contain_blanks(tmp_path):
    text = "SPEAKER\tmy talk\t1\t1.0\t6.5\t<NA>\t<NA>\tAna Lu 2\t<NA>\t<NA>\n"
    (found,) = segments(written(tmp_path, "talk.rttm", text))
    assert found.people == ("Ana Lu 2",)


@pytest.mark.parametrize(
    "text",
    [
        "SPEAKER my talk 1 1.0 6.5 x y Ana x y\n",
        "SPEAKER a 1 2 3 <NA> <NA> 1 1.0 6.5 <NA> <NA> Ana <NA> <NA>\n",
        "SPEAKER talk 1 0 1 item [3]:<NA> Ana 0.75 <NA>\n",
    ],
)
def test_a_line_in_which_the_times_have_no_clear_place_is_refused(tmp_path, text):
    with pytest.raises(BadInput, match="write _ instead of blanks in names"):
        segments(written(tmp_path, "talk.rttm", text))


def test_lines_that_name_nobody_are_the_unknown_voice(tmp_path):
    (found,) = segments(written(tmp_path, "talk.rttm", line(0, 1) + line(1, 1, "<NA>")))
    assert found.people == ("Ana",)
    assert found.segments == (said("Ana", 0, 1), said("?", 1, 2))
    assert "name nobody" in found.notices[0]


def test_a_name_in_two_unicode_forms_is_one_person(tmp_path):
    (found,) = segments(written(tmp_path, "talk.rttm", line(0, 1, "Zo\u00eb") + line(2, 1, "Zoe\u0308")))
    assert found.people == ("Zo\u00eb",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (line(-1, 3), "line 1, begins before the recording, at -1 s"),
        (line(0, 1) + line(4, -3), "line 2, ends before it begins"),
        (line("soon", 3), "line 1, has 'soon' and '3' as fields 4 and 5, but these must be the start"),
        (line("nan", 3), "line 1, has an impossible time"),
        (line(1e9, 3), "line 1, has an impossible time"),
        ("SPEAKER talk 1 2.5\n", "line 1, has 4 fields"),
        (line(0, 1).rstrip() + " more\n", "line 1, goes on after its last field"),
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


@pytest.mark.parametrize(("xmax", "told"), [(10, "10"), (11.5, "11.5"), (11.98, "11.98"), (11.991, None), (12, None)])
def test_intervals_beyond_the_end_of_a_textgrid_are_told(tmp_path, xmax, told):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(xmax=xmax)))
    assert found.segments[-1] == said("Ben", 9.5, 12, "hm")
    assert found.duration == as_samples(12)
    assert found.notices == ((
        f"talk.TextGrid: intervals go on until 12 s, but the file says that it ends at {told} s; "
        "times are read as written",
    ) if told else ())  # fmt: skip


def test_labels_for_silence_are_silence_and_labels_for_speech_are_not_words(tmp_path):
    tiers = {"Ana": [(0, 1, "silent"), (1, 2, "sounding"), (2, 3, "<SIL>"), (3, 4, "ana"), (4, 5, "xxx"), (5, 6, "#")]}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)))
    assert found.segments == (said("Ana", 1, 2), said("Ana", 3, 4), said("Ana", 4, 5))


def test_point_tiers_are_not_speech_and_do_not_make_a_conversation(tmp_path):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(points=True)))
    assert found.notices == ("talk.TextGrid: left out looks (points, which say nothing about speech)",)
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


HEAD = 'File type = "ooTextFile"\n"TextGrid"\n\n0\n12\n<exists>\n1\n'
SHORT = HEAD + '"IntervalTier"\n"Ana"\n0\n12\n2\n0\n3\n"hi"\n3\n12\n""\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("xmax = 12\n", 'xmax = 12 ! end of "all" 5\n'),
        ("\n\nxmin", "\nxmin"),
        ("File type", "\n\nFile type"),
        ("xmin = 0\n            xmax = 3\n", "xmin = 0.0e0 seconds\n xmax = 3.0E+0\n"),
        ("so I left", 'so intervals [3]:\nitem [2]: ! ""IntervalTier"" <exists>'),
    ],
)
def test_a_textgrid_is_read_by_the_rules_of_praat(tmp_path, old, new):
    text = grid()
    assert old in text
    (found,) = segments(written(tmp_path, "talk.TextGrid", text.replace(old, new)))
    assert found.people == ("Ana", "Ben")
    assert [(each.who, each.span) for each in found.segments] == [
        ("Ana", Span.seconds(0, 3)), ("Ana", Span.seconds(4.5, 9)), ("Ben", Span.seconds(9.5, 12)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("\n3\n", "\n3,5\n", "line 14, has '3,5' where a number like 7.5 must be"),
        ('"hi"', '"h"i"', "line 15, has a quotation mark that is not closed or not doubled"),
        ('"hi"', '"hi', "line 15, has a quotation mark"),
        ("\n2\n0", "\n3\n0", "ends too early, where a number must follow"),
        ("\n2\n0", "\n1\n0", "line 16, has 3, which is more than the size of the last tier states"),
        ("\n2\n0", "\n1.5\n0", "states the size 1.5"),
        ("IntervalTier", "SpellingTier", "a tier of the kind 'SpellingTier'"),
        ('"TextGrid"', '"Collection"', "is not a TextGrid of Praat but begins with 'Collection'"),
        ("\n0\n3\n", "\n-1\n3\n", "tier Ana, begins before the recording, at -1 s"),
        ("<exists>", "<absent>", "no interval tier"),
    ],
)
def test_a_textgrid_that_praat_would_repair_or_refuse_is_refused(tmp_path, old, new, says):
    text = SHORT.replace(old, new, 1)
    if new == "<absent>":
        text = text[: text.index('1\n"IntervalTier')]
    with pytest.raises(BadInput, match=r"talk\.TextGrid") as caught:
        segments(written(tmp_path, "talk.TextGrid", text))
    assert says in str(caught.value)


def test_the_binary_form_of_praat_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(BadInput, match="binary form; open it in Praat and save it as a text file"):
        segments(written(tmp_path, "talk.TextGrid", b"ooBinaryFile\x08TextGrid"))


def test_a_textgrid_in_an_old_encoding_is_read_with_a_notice(tmp_path):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid({"Zo\u00eb": [(0, 12, "it\u2019s")]}).encode("cp1252")))
    assert found.segments == (said("Zo\u00eb", 0, 12, "it\u2019s"),)
    assert "not written in UTF-8; read as Windows-1252" in found.notices[0]


def test_labels_that_were_taken_for_silence_are_named(tmp_path):
    tiers = {"Ana": [(0, 1, "[silence]"), (1, 7, "yes"), (7, 9, "pause"), (9, 10, "(0.5)"), (10, 12, "pause")]}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)))
    assert found.segments == (said("Ana", 1, 7, "yes"),)
    assert found.notices == (
        'talk.TextGrid: took intervals with these labels for silence: "pause" (2), "[silence]" (1), "(0.5)" (1)',
    )


def notices_of(tmp_path, tiers):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)))
    return found.notices


@pytest.mark.parametrize("label", ["[0.5]", "<eps>", "!SIL", "∅"])
def test_marks_of_other_programs_are_silence(tmp_path, label):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid({"Ana": [(0, 5, label), (5, 12, "yes")]})))
    assert found.segments == (said("Ana", 5, 12, "yes"),)


def test_labels_that_may_be_sounds_but_count_as_speech_are_named(tmp_path):
    tiers = {"Ana": [(0, 1, "[breath]"), (1, 7, "yes [laughs]"), (7, 8, "noise"), (8, 9, ""), (9, 12, "[breath]")]}
    assert notices_of(tmp_path, tiers) == (
        'talk.TextGrid: took intervals with these labels for speech: "[breath]" (2), "noise" (1); empty them if they '
        "are none",
    )


def test_a_tier_without_any_silence_is_told_with_its_labels_that_recur(tmp_path):
    tiers = {"Ana": [(0, 1, "quiet"), (1, 7, "yes"), (7, 12, "quiet")], "Ben": [(1, 2, "no"), (2, 3, "no")]}
    assert notices_of(tmp_path, tiers) == (
        'talk.TextGrid: Ana speaks without a break; empty the intervals that are silence: "quiet" (2)',
    )


TALK = {"Ana": [(1, 3, "so I left"), (5, 9, "and then?")], "Ben": [(3.5, 4.5, "hm"), (9.5, 12, "yes")]}


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ({"notes": [(0, 12, "cold room")]}, "notes (no speech, by its name)"),
        ({"Ben_gaze": [(0, 12, "at Ana")]}, "Ben_gaze (no speech, by its name)"),
        ({"AnaGestures": [(2, 4, "point")]}, "AnaGestures (no speech, by its name)"),
        ({"Task": [(0, 12, "map")]}, "Task (no speech, by its name)"),
        ({"KAN-MAU": [(1, 2, "s@U")]}, "KAN-MAU (no speech, by its name)"),
        ({"default": []}, "default (empty)"),
        ({"Ana - words": [(1, 2, "so"), (2, 3, "left")]}, "Ana - words (another tier of Ana has the utterances)"),
        ({"x": [(1, 2, "a"), (2.2, 3, "b"), (5, 6, "c"), (7, 9, "d")]}, "x (the same speech as Ana)"),
    ],
)
def test_tiers_that_are_no_speech_of_somebody_else_are_left_out_and_named(tmp_path, more, left):
    path = written(tmp_path, "talk.TextGrid", grid({**TALK, **more}))
    (found,) = segments(path)
    assert found.people == ("Ana", "Ben")
    assert [(each.who, each.span.start_s) for each in found.segments] == [
        ("Ana", 1),
        ("Ben", 3.5),
        ("Ana", 5),
        ("Ben", 9.5),
    ]
    assert f"left out {left}; --people NAME,NAME takes others" in found.notices[-1]
    (chosen,) = segments(path, list(more))
    assert chosen.people == tuple(more)
    assert len(chosen.segments) == len(more[chosen.people[0]])


def test_levels_of_one_person_are_one_person_and_their_sounds_are_left_out(tmp_path):
    tiers = {f"{who} - {what}": TALK[who] for who in ("Ana", "Ben") for what in ("words", "phones")}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)))
    assert found.people == ("Ana", "Ben")
    assert len(found.segments) == 4


def test_a_name_alone_leaves_nobody_out_if_nobody_else_speaks(tmp_path):
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid({"phones": TALK["Ana"]})))
    assert found.people == ("phones",)


def test_more_than_two_tiers_of_people_are_told(tmp_path):
    (found,) = segments(
        written(
            tmp_path, "talk.TextGrid", grid({**TALK, "Blikken": [(0, 0.5, "x"), (4, 8, "y")], "Cleo": [(4.5, 5, "")]})
        )
    )
    assert found.people == ("Ana", "Ben")
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid({**TALK, "Cleo": [(4.5, 5, "ah")]})))
    assert found.people == ("Ana", "Ben", "Cleo")
    assert "took 3 tiers for people: Ana, Ben, Cleo; if some hold no speech" in found.notices[-1]


def test_tiers_without_a_name_or_with_the_same_name_get_one(tmp_path):
    text = grid({"": TALK["Ana"], "Ben": TALK["Ben"], "Cleo": [(4.6, 4.9, "a")]}).replace("Cleo", "Ben")
    (found,) = segments(written(tmp_path, "talk.TextGrid", text))
    assert found.people == ("tier 1", "Ben", "Ben (2)")
    (found,) = segments(tmp_path / "talk.TextGrid", ["Ben (2)", "tier 1"])
    assert found.people == ("Ben (2)", "tier 1")


@pytest.mark.parametrize(
    "asked", ["Doe, Jane,Smith, John", "Doe,Jane , Smith,John", "Doe, Jane,Zoe\u0308 Lu,Smith, John"]
)
def test_people_are_found_by_names_with_commas_and_in_either_unicode_form(tmp_path, asked):
    tiers = {"Smith, John": TALK["Ana"], "Doe, Jane": TALK["Ben"], "Zo\u00eb  Lu": [(4.6, 4.9, "a")]}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers)), asked.split(","))
    expected = ["Doe, Jane", "Zo\u00eb Lu", "Smith, John"] if "Zo" in asked else ["Doe, Jane", "Smith, John"]
    assert list(found.people) == expected


# ------------------------------------------------------------------------------------------------------------ EAF


def test_an_annotation_of_elan_is_speech_with_or_without_text(tmp_path):
    (found,) = segments(elan(tmp_path))
    assert found.segments == (said("Ana", 0, 3, "so I left"), said("Ben", 3.5, 5))
    assert found.people == ("Ana", "Ben")


def test_the_tiers_of_one_participant_are_one_person(tmp_path):
    tiers = {"A": [(0, 1000, "")], "B": [(2000, 3000, "")], "B2": [(2500, 4000, "")], "B-hands": [(0, 4000, "")]}
    (found,) = segments(elan(tmp_path, tiers, A="Ana", **{"B": "Ben", "B2": "Ben", "B-hands": "Ben"}))
    assert found.people == ("Ana", "Ben")
    assert found.segments == (said("Ana", 0, 1), said("Ben", 2, 3), said("Ben", 2.5, 4))
    left, together = found.notices
    assert "left out B-hands (no speech, by its name)" in left
    assert "took the tiers B, B2 together as the speech of Ben" in together


def test_two_tiers_with_one_id_are_two_people(tmp_path):
    text = elan(tmp_path).read_text().replace('TIER_ID="Ben"', 'TIER_ID="Ana"')
    (found,) = segments(written(tmp_path, "dup.eaf", text))
    assert found.segments == (said("Ana", 0, 3, "so I left"), said("Ana (2)", 3.5, 5))
    assert found.notices == ("dup.eaf: two tiers are called Ana; the later one is Ana (2) here",)


def test_times_of_elan_are_those_of_its_recording(tmp_path):
    media = '<HEADER><MEDIA_DESCRIPTOR MEDIA_URL="file:///x/talk.wav" TIME_ORIGIN="5000"/></HEADER>'
    text = re.sub(r"<HEADER.*?(/>|</HEADER>)", media, elan(tmp_path).read_text(), flags=re.DOTALL)
    (found,) = segments(written(tmp_path, "late.eaf", text))
    assert found.segments == (said("Ana", 5, 8, "so I left"), said("Ben", 8.5, 10))
    assert found.notices == ("late.eaf: times are those of talk.wav, which is 5 s ahead of the annotations",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<HEADER", '<HEADER TIME_UNITS="NTSC-frames"', "counts time in NTSC-frames, not in milliseconds"),
        ('TIME_VALUE="3500"', 'TIME_VALUE="3500.5"', "has the time '3500.5', which is not in whole milliseconds"),
        ("ANNOTATION_DOCUMENT", "TEI", "is not a file of ELAN: it begins with <TEI>"),
    ],
)
def test_times_of_elan_that_are_not_clear_are_refused(tmp_path, old, new, says):
    text = elan(tmp_path).read_text()
    assert old in text
    with pytest.raises(BadInput) as caught:
        segments(written(tmp_path, "odd.eaf", text.replace(old, new)))
    assert says in str(caught.value)


def test_a_tier_with_a_parent_is_ignored(tmp_path):
    eaf = Eaf(str(elan(tmp_path)), suppress_version_warning=True)
    eaf.add_linguistic_type("translated", constraints="Symbolic_Association", timealignable=False)
    eaf.add_tier("Ana-translated", ling="translated", parent="Ana")
    eaf.add_ref_annotation("Ana-translated", "Ana", 500, "also bin ich gegangen")
    eaf.to_file(str(tmp_path / "talk.eaf"))
    (found,) = segments(tmp_path / "talk.eaf")
    assert (found.people, len(found.segments)) == (("Ana", "Ben"), 2)


def test_one_time_slot_with_two_times_is_refused(tmp_path):
    text = re.sub(r'TIME_SLOT_ID="\w+"', 'TIME_SLOT_ID="ts1"', elan(tmp_path).read_text())
    with pytest.raises(BadInput, match="two times for the time slot ts1"):
        segments(written(tmp_path, "odd.eaf", text))


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


def test_times_that_seem_to_be_in_milliseconds_are_told_once(tmp_path):
    told = "Ana speaks for 8 h 20 min without a pause; are the times in another unit, such as milliseconds?"
    (found,) = segments(written(tmp_path, "talk.rttm", line(0, 30000) + line(31000, 9000, "Ben") + line(40500, 9000)))
    assert found.notices == (f"talk.rttm: {told}",)
    tiers = {"Ana": [(0, 12000, "a"), (12000, 30000, "b")], "Ben": [(31000, 40000, "c")]}
    (found,) = segments(written(tmp_path, "talk.TextGrid", grid(tiers, xmax=40000)))
    assert found.notices == (f"talk.TextGrid: {told}",)
    (found,) = segments(tmp_path / "talk.TextGrid", ["Ben"])
    assert found.notices == (f"talk.TextGrid: {told.replace('Ana', 'Ben').replace('8 h 20', '2 h 30')}",)


def test_half_an_hour_of_speech_may_be_so(tmp_path):
    (found,) = segments(written(tmp_path, "talk.rttm", line(0, 1800) + line(1800.5, 1800)))
    assert found.notices == ()


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
