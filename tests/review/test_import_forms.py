"""Transcripts of Whisper, Otter, Teams and Zoom: who, what and when, to the millisecond, with names in any letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.errors import BadInput
from coach.review import read_transcript
from coach.review.exports import as_markdown, as_srt, as_vtt
from tests.review.made_talk import said, session, speech, told

TOLD = "My brother sold the boat and told nobody."
ASKED = "What was that like for you?"
NAMES = ("Zoë Núñez", "木村 花", "Борис", "نور", "Nguyễn Văn An")


def lines(path: Path) -> list[dict[str, Any]]:
    return list(read_transcript(path).lines)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_captions_keep_their_times_to_the_millisecond(tmp_path):
    srt = f"1\n00:00:01,007 --> 00:00:04,250\nAna: {TOLD}\n\n2\n01:00:05,500 --> 01:00:07,001\nBen: {ASKED}\n"
    assert lines(written(tmp_path / "talk.srt", srt)) == [
        {"who": "Ana", "text": TOLD, "start_s": 1.007, "end_s": 4.25},
        {"who": "Ben", "text": ASKED, "start_s": 3605.5, "end_s": 3607.001},
    ]


def test_a_turn_of_several_lines_in_one_caption_ends_where_the_caption_ends(tmp_path):
    vtt = f"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ana>{TOLD}\nAnd then?\n\n00:05.000 --> 00:06.500\n<v Ben>{ASKED}\n"
    first, second = lines(written(tmp_path / "talk.vtt", vtt))
    assert (first["text"], first["start_s"], first["end_s"]) == (f"{TOLD} And then?", 1.0, 4.0)
    assert second["start_s"] == 5.0


WHISPER = {
    "text": f" {TOLD} {ASKED}",
    "segments": [
        {"id": 0, "start": 0.5, "end": 3.25, "text": f" {TOLD}", "tokens": [1, 2]},
        {"id": 1, "start": 4.0004, "end": 6.0, "text": f" {ASKED}"},
        {"id": 2, "start": 6.0, "end": 6.5, "text": " "},
    ],
    "language": "en",
}


def test_whisper_s_json_is_read_with_its_times_and_a_notice_that_nobody_is_named(tmp_path):
    path = written(tmp_path / "talk.json", json.dumps(WHISPER, indent=1))
    assert lines(path) == [
        {"who": "?", "text": TOLD, "start_s": 0.5, "end_s": 3.25},
        {"who": "?", "text": ASKED, "start_s": 4.0, "end_s": 6.0},
    ]
    assert "nobody is named" in read_transcript(path).notices[0]


def test_speakers_of_whisperx_are_people_also_where_only_words_have_them(tmp_path):
    words = [{"word": "What", "speaker": "SPEAKER_01"}, {"word": "was"}, {"word": "that", "speaker": "SPEAKER_01"}]
    segments = [
        {"start": 0.5, "end": 3.25, "text": TOLD, "speaker": "SPEAKER_00"},
        {"start": 4.0, "end": 6.0, "text": ASKED, "words": [*words, {"word": "like", "speaker": "SPEAKER_00"}]},
    ]
    path = written(tmp_path / "talk.json", json.dumps({"segments": segments}))
    assert [line["who"] for line in lines(path)] == ["SPEAKER_00", "SPEAKER_01"]


def test_times_of_whisper_cpp_are_milliseconds(tmp_path):
    inside = [{"timestamps": {"from": "00:00:01,007"}, "offsets": {"from": 1007, "to": 4250}, "text": f" {TOLD}"}]
    path = written(tmp_path / "talk.json", json.dumps({"systeminfo": "", "transcription": inside}))
    assert lines(path) == [{"who": "?", "text": TOLD, "start_s": 1.007, "end_s": 4.25}]


@pytest.mark.parametrize("segments", [[{"start": 1.0}], ["words"], [{"text": 5}]])
def test_json_that_is_no_transcript_is_refused(segments, tmp_path):
    with pytest.raises(BadInput, match=r"segment 1 has no \"text\""):
        read_transcript(written(tmp_path / "talk.json", json.dumps({"segments": segments})))


@pytest.mark.parametrize("time", [None, "soon", True, float("nan")])
def test_a_segment_without_a_usable_time_has_none(time, tmp_path):
    path = written(tmp_path / "talk.json", json.dumps({"segments": [{"start": time, "end": 2.0, "text": TOLD}]}))
    assert lines(path) == [{"who": "?", "text": TOLD, "end_s": 2.0}]


SEGMENTS = {"segments": [{"start": -3.5, "end": 1.0, "text": TOLD}, {"start": 2.0, "end": 3.0, "text": ASKED}]}
LATER = f"00:00:02.000 --> 00:00:03.000\nBen: {ASKED}\n"


@pytest.mark.parametrize(
    ("name", "source", "first"),
    [
        ("a.srt", f"00:00:05,000 --> 00:00:04,000\nAna: {TOLD}\n\n{LATER}", {}),
        ("a.vtt", f"WEBVTT\n\n-00:01.000 --> 00:01.000\n<v Ana>{TOLD}\n\n{LATER}", {"end_s": 1.0}),
        ("a.json", json.dumps(SEGMENTS), {"end_s": 1.0}),
        ("a.json", json.dumps(SEGMENTS).replace("-3.5", "3.5"), {}),
    ],
)
def test_impossible_times_are_left_out_and_told(name, source, first, tmp_path):
    found = read_transcript(written(tmp_path / name, source))
    said = [{key: line[key] for key in ("start_s", "end_s") if key in line} for line in found.lines]
    assert said == [first, {"start_s": 2.0, "end_s": 3.0}]
    told = f"{name}: impossible times of 1 line left out (below zero, or the end before the start)"
    assert [notice for notice in found.notices if "times" in notice] == [told]


def test_a_caption_without_length_keeps_its_times(tmp_path):
    found = read_transcript(written(tmp_path / "a.srt", f"1\n00:00:00,000 --> 00:00:00,000\nAna: {TOLD}\n"))
    assert found.lines == ({"who": "Ana", "text": TOLD, "start_s": 0.0, "end_s": 0.0},)
    assert found.notices == ()


def test_otter_s_text_has_a_name_and_a_time_above_the_words(tmp_path):
    otter = f"Zoë Núñez  0:03\n{TOLD}\n\nSpeaker 2  1:02:09\n{ASKED}\n\nTranscribed by https://otter.ai\n"
    assert lines(written(tmp_path / "talk.txt", otter)) == [
        {"who": "Zoë Núñez", "text": TOLD, "start_s": 3.0},
        {"who": "Speaker 2", "text": ASKED, "start_s": 3729.0},
    ]


def teams(path: Path, names: tuple[str, ...]) -> Path:
    """As Teams writes it: a title, then for each entry name and time, a line break, and the words."""
    document = Document()
    document.add_heading("Evening-20260301_190000-Meeting Recording", 1)
    document.add_paragraph("March 1, 2026, 7:00PM")
    for n, who in enumerate(names):
        entry = document.add_paragraph()
        entry.add_run(who).bold = True
        entry.add_run(f"   0:{3 + 7 * n:02}").add_break()
        entry.add_run(TOLD if n % 2 == 0 else ASKED)
    document.save(str(path))
    return path


def test_a_document_of_teams_is_read_with_names_in_any_letters(tmp_path):
    found = lines(teams(tmp_path / "talk.docx", NAMES))
    assert [(line["who"], line["start_s"]) for line in found] == [(who, 3.0 + 7 * n) for n, who in enumerate(NAMES)]
    assert [line["text"] for line in found][:2] == [TOLD, ASKED]


def test_a_document_of_zoom_with_name_and_colon_is_read(tmp_path):
    document = Document()
    for n, (who, text) in enumerate([("Ana Lu", TOLD), ("Ben", ASKED)]):
        document.add_paragraph(f"[00:00:0{n + 3}] {who}: {text}")
    document.save(str(tmp_path / "talk.docx"))
    found = [(line["who"], line["text"], line["start_s"]) for line in lines(tmp_path / "talk.docx")]
    assert found == [("Ana Lu", TOLD, 3.0), ("Ben", ASKED, 4.0)]


def test_a_table_in_a_document_has_a_line_in_each_row(tmp_path):
    document = Document()
    table = document.add_table(rows=2, cols=3)
    for row, cells in zip(table.rows, [("0:03", "Ana", TOLD), ("0:09", "Ben", ASKED)], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(str(tmp_path / "talk.docx"))
    found = [(line["who"], line["text"], line["start_s"]) for line in lines(tmp_path / "talk.docx")]
    assert found == [("Ana", TOLD, 3.0), ("Ben", ASKED, 9.0)]


def test_a_document_that_is_none_is_refused(tmp_path):
    with pytest.raises(BadInput, match="not a Word document"):
        read_transcript(written(tmp_path / "talk.docx", "Ana: hi"))


@pytest.mark.parametrize(("suffix", "export"), [("srt", as_srt), ("vtt", as_vtt), ("md", as_markdown)])
def test_what_is_exported_is_read_back_with_names_words_and_times(suffix, export, tmp_path):
    for who in NAMES:
        talk = [said(who, 16_112, 64_000, "It *was* <so> far [away] & cold_"), said("Ben", 80_000, 112_016, ASKED)]
        units = [speech(each.who, each.span.start, each.span.end) for each in talk]
        path = tmp_path / f"talk.{suffix}"
        path.write_bytes(export(told([*units, *talk], (who, "Ben"))))
        found = lines(path)
        so = "‹so›" if suffix == "srt" else "<so>"  # SubRip has no escapes
        assert [(line["who"], line["text"]) for line in found] == [
            (who, f"It *was* {so} far [away] & cold_"),
            ("Ben", ASKED),
        ]
        assert [line["start_s"] for line in found] == [1.007, 5.0]
        if suffix != "md":
            assert [line["end_s"] for line in found] == [4.0, 7.001]


def test_without_words_a_transcript_names_who_spoke_and_how_long(tmp_path):
    events = [speech("Ana", 16_000, 64_000), speech("Ben", 80_000, 112_000)]
    assert b"1\n00:00:01,000 --> 00:00:04,000\n[Ana]\n" in as_srt(told(events))
    assert b"**Ana (00:00:01.000):** *3.0 s*" in as_markdown(told(events))


def test_an_arrow_in_what_was_said_makes_no_caption():
    exported = told([speech("Ana", 16_000, 64_000), said("Ana", 16_000, 64_000, "from here --> there")])
    assert as_srt(exported).count(b"-->") == 1


@given(st.lists(st.tuples(st.sampled_from(["Ana", "Ben"]), st.integers(0, 10**7), st.integers(16, 10**5)), min_size=1))
@settings(max_examples=30)
def test_captions_are_in_order_and_numbered(talk):
    events = [speech(who, start, start + length) for who, start, length in talk]
    found = as_srt(told(sorted(events, key=lambda each: each.span))).decode()
    numbers = [block.splitlines()[0] for block in found.split("\n\n") if block.strip()]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_an_anonymous_transcript_names_nobody():
    from coach.review.exports import Exported, anonymous

    events = [speech("Ana", 16_000, 64_000), said("Ana", 16_000, 64_000)]
    nameless = Exported.of(*anonymous(session(events), events))
    for export in (as_srt, as_markdown):
        assert b"Ana" not in export(nameless)
