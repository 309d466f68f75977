"""Transcripts as people and programs write them: each form gives the same talk, and nothing is lost without a word."""

from __future__ import annotations

from html import escape, unescape
from itertools import groupby, pairwise

import pytest
import webvtt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.core.errors import BadInput
from coach.review import read_transcript

TOLD = "My brother sold the boat and told nobody."
ASKED = "What was that like for you?"


def read(tmp_path, source, name="talk.txt", encoding="utf-8"):
    """The (who, text) pairs of a transcript, and its notices without the file's name."""
    file = tmp_path / name
    file.write_bytes(source if isinstance(source, bytes) else source.encode(encoding))
    found = read_transcript(file)
    assert all(notice.startswith(f"{name}: ") for notice in found.notices)
    return [(line["who"], line["text"]) for line in found.lines], [each[len(name) + 2 :] for each in found.notices]


def people(tmp_path, source, name="talk.txt"):
    return [who for who, _ in read(tmp_path, source, name)[0]]


TEXTS = {
    "name": "{who}: {said}",
    "no blank": "{who}:{said}",
    "blank before the colon": "{who} : {said}",
    "full-width colon": "{who}：{said}",
    "bold": "**{who}:** {said}\n",
    "bold name": "**{who}**: {said}\n",
    "heading": "### {who}\n{said}\n",
    "list": "- {who}: {said}",
    "time first": "[00:00:0{n}] {who}: {said}",
    "time in round brackets": "(0:0{n}) {who}: {said}",
    "bare time": "00:00:0{n} {who}: {said}",
    "time and dash": "00:00:0{n} - {who}: {said}",
    "time after the name": "{who} [00:00:0{n}]: {said}",
    "time after the colon": "{who}: [00:00:0{n}] {said}",
    "bare time after the colon": "{who}: 00:0{n} {said}",
    "time without colon": "{who} [00:00:0{n}] {said}",
    "bare time without colon": "{who} 00:00:0{n} {said}",
    "blanks and a bare time": "{who}   0:0{n}   {said}",
    "time and name in brackets": "[00:0{n} {who}] {said}",
    "name and time in brackets": "({who}, 00:0{n}): {said}",
    "range of times": "[00:0{n}.000 --> 00:0{n}.900]  {who}: {said}",
    "date": "[03.03.26, 10:15:0{n}] {who}: {said}",
    "date with dash": "3/3/26, 10:1{n} AM - {who}: {said}",
    "brackets": "[{who}] {said}",
    "brackets and colon": "[{who}]: {said}",
    "time and brackets": "[0:0{n}] <{who}> {said}",
    "chevrons": ">> {who}: {said}",
    "name above": "{who}:\n{said}\n",
    "name above, with a blank line": "{who}:\n\n{said}\n",
    "name and time above": "{who}  0:0{n}  \n{said}\n",
    "name and time in brackets above": "{who} (0:0{n}):\n{said}\n",
    "time and name above": "00:0{n} - {who}\n{said}\n",
    "bracketed name and time above": "[{who}] 10:32:0{n}\n{said}\n",
    "name and colon and time above": "{who}: (0:0{n})\n{said}\n",
    "name above a time": "{who}\n0:0{n}\n{said}\n",
    "name below a range of times": "00:00:0{n}:12 - 00:00:0{n}:20\n{who}\n{said}\n",
    "name alone": "{who}\n{said}\n",
    "name in a paragraph of its own": "{who}\n\n{said}\n",
    "bar": "{who} | {said}",
    "angle": "{who}> {said}",
    "tab": "{who}\t{said}",
    "time and tabs": "00:0{n}\t{who}\t{said}",
    "dash": "{who} - {said}",
    "numbered": "{n} {who}: {said}",
    "name in brackets, alone": "[{who}]\n{said}\n",
    "seconds": "{n}.0 {n}.9 {who}: {said}",
    "markup": "<p><b>{who}:</b> {said}</p>",
    "range of times in brackets above": "{who} (0:0{n} - 0:1{n}):\n{said}\n",
    "chat": "10:32:0{n} From {who} to Everyone: {said}",
}


@pytest.mark.parametrize("form", TEXTS.values(), ids=TEXTS)
def test_every_form_of_text_gives_the_same_talk(tmp_path, form):
    talk = [("Ana Lu", TOLD), ("Ben", ASKED), ("Ana Lu", "I was so ashamed.")]
    source = "\n".join(form.format(who=who, said=said, n=n) for n, (who, said) in enumerate(talk, 1))
    assert read(tmp_path, source) == (talk, [])


CAPTIONS = {
    "header": "WEBVTT\n\n{n}\n00:00:0{n}.000 --> 00:00:0{m}.000\n{who}: {said}\n\n",
    "voices": "WEBVTT\n\n00:0{n}.000 --> 00:0{m}.000 align:start\n<v.loud {who}>{said}</v>\n\n",
    "no header, commas": "{n}\n00:00:0{n},000 --> 00:00:0{m},000\n{who}: {said}\n\n",
    "no numbers": "00:00:0{n},000 --> 00:00:0{m},000\n{who}: {said}\n\n",
    "no blank lines": "WEBVTT\n\n{n}\n00:00:0{n}.000 --> 00:00:0{m}.000\n{who}: {said}\n",
    "GUIDs, no blank lines": "WEBVTT\n\na{n}b2c3d4-00aa-1111-2222-{n}33344445555/1{n}-0\n"
    "00:00:0{n}.000 --> 00:00:0{m}.000\n<v {who}>{said}</v>\n",
    "words beside the times": "{n}\n00:00:0{n},000 --> 00:00:0{m},000 {who}: {said}\n\n",
    "brackets": "WEBVTT\n\n00:0{n}.000 --> 00:0{m}.000\n[{who}]: {said}\n\n",
    "chevrons": "WEBVTT\n\n00:0{n}.000 --> 00:0{m}.000\n>> {who}: {said}\n\n",
    "tags": "{n}\n00:00:0{n},000 --> 00:00:0{m},000\n{{\\an8}}<i>{who}:</i> {said}\n\n",
    "name above": "0:0:{n}.0 --> 0:0:{m}.5\n{who}\n{said}\n\n",
    "name in the identifier": 'WEBVTT\n\n{n} "{who}" (1677)\n00:00:0{n}.000 --> 00:00:0{m}.000\n{said}\n\n',
    "commas between the times": "0:00:0{n}.000,0:00:0{m}.000\n{who}: {said}\n\n",
    "broken times": "WEBVTT\n\n00:0x:0{n} --> 00:00:0{m}.000\n{who}: {said}\n\n",
    "blank line below the times": "WEBVTT\n\n00:0{n}.000 --> 00:0{m}.000\n\n{who}: {said}\n\n",
    "doubled line ends": "{n}\n\n00:00:0{n},000 --> 00:00:0{m},000\n\n{who}: {said}\n\n",
}


@pytest.mark.parametrize("suffix", [".vtt", ".srt", ".txt"])
@pytest.mark.parametrize("form", CAPTIONS.values(), ids=CAPTIONS)
def test_every_form_of_captions_gives_the_same_talk(tmp_path, form, suffix):
    talk = [("Ana Lu", TOLD), ("Ben", ASKED), ("Ana Lu", "I was so ashamed.")]
    head, _, cue = form.rpartition("WEBVTT\n\n")
    cues = (cue.format(who=who, said=said, n=n, m=n + 1) for n, (who, said) in enumerate(talk, 1))
    header = "WEBVTT\n\n" if "WEBVTT" in form else head
    first = "00:00:00.500 --> 00:00:00.900\n\n" if "0x" in form else ""
    assert read(tmp_path, header + first + "".join(cues), f"talk{suffix}") == (talk, [])


@pytest.mark.parametrize(
    "who",
    [
        *(
            "P1",
            "2",
            "SPEAKER_01",
            "speaker 1",
            "2nd guest",
            "Guest 2",
            "A",
            "AL",
            "+49 170 ***55",
            "+1 (555) 010-2030",
        ),
        *("🌻 Mia", "🐻", "Mia (she/her)", "Mia | Org", "Lu, Mia", "Mia's iPhone", "mia_lu42", "mia@post.org"),
        *("Prof. Maximiliane Aurelia Itoschmidt-Oberhuber (Uni)", "van Dyke", "J. R. Smith", "Mary-Kate O’Brien, PhD"),
        *("Мия", "ميا", "מיה", "美玲", "मीरा देवी", "Μυρτώ", "민수", "Meeting Room 4", "Emily", "[Mia]", "Mia (0:09)"),
        *(
            "@mia",
            "007",
            "3rd",
            "Prof. Dr. h.c. Mia Maximiliane Aurelia Itoschmidt von und zu Hohenfels, PhD (University)",
        ),
    ],
)
@pytest.mark.parametrize("colon", [": ", ":"])
def test_a_name_may_be_a_sign_a_number_or_in_any_script(tmp_path, who, colon):
    lines, notices = read(tmp_path, f"Ana: {TOLD}\n{who}{colon}{ASKED}\n")
    assert [text for _, text in lines] == [TOLD, ASKED]
    assert lines[1][0] == who.strip("[]").removesuffix(" (0:09)")
    assert not notices


@pytest.mark.parametrize(
    "sentence",
    [
        "The thing is: I was scared.",
        "And then I said to him: what did you need?",
        "So here is what happened: nothing.",
        "He said: “no” and left.",
        "We met at 3:15 and stayed.",
        "At 3:15 we left: late.",
        "See https://example.org: it is there.",
        "My mother: she cried.",
        "I was happy :) and then not.",
        "It was 2:1 in the end.",
    ],
)
@pytest.mark.parametrize("name", ["talk.txt", "talk.vtt"])
def test_a_sentence_with_a_colon_names_nobody(tmp_path, sentence, name):
    if name == "talk.txt":
        source = f"Ana: I was there.\n{sentence}\nBen: And I thought: what now?\n"
    else:
        cues = ("Ana: I was there.", sentence, "Ben: And I thought: what now?")
        source = "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.900\n{said}\n\n" for n, said in enumerate(cues))
    lines, notices = read(tmp_path, source, name)
    assert {who for who, _ in lines} == {"Ana", "Ben"}
    assert " ".join(text for who, text in lines if who == "Ana") == f"I was there. {sentence}"
    assert lines[-1] == ("Ben", "And I thought: what now?")
    assert not notices


@pytest.mark.parametrize("word", ["Note", "Honestly", "Monday", "One thing", "The red coat", "Ben..."])
def test_a_label_that_may_be_a_name_or_a_word_is_told(tmp_path, word):
    lines, notices = read(tmp_path, f"Ana: I was there.\n{word}: I was scared.\nCem: Oh.\n")
    assert lines == [("Ana", "I was there."), ("Ana", f"{word}: I was scared."), ("Cem", "Oh.")]
    assert notices == [f"read as words, not as a name: “{word}” (line 2)"]


def test_a_name_that_is_used_once_among_others_is_told(tmp_path):
    source = "Ana: One.\nBen: Two.\n" * 3 + "Second Violin: be kind.\n"
    assert read(tmp_path, source)[1] == ["taken for a person who speaks once: “Second Violin” (line 7)"]


def test_words_that_recur_as_only_speakers_do_are_speakers(tmp_path):
    assert people(tmp_path, "Question: Why?\nAnswer: So.\nQuestion: How?\nAnswer: Thus.") == ["Question", "Answer"] * 2
    assert people(tmp_path, "me: Hi.\nhim: Ho.\nme: And?\nhim: No.") == ["me", "him"] * 2
    assert people(tmp_path, "ana: Hi.\nben: Ho.") == ["ana", "ben"]
    assert people(tmp_path, "I: Wie war das?\nB: Schwer.") == ["I", "B"]
    assert people(tmp_path, "woman in the red coat: Hi.\nAna: Ho.\n" * 3) == ["woman in the red coat", "Ana"] * 3


@pytest.mark.parametrize("who", ["Guest 2", "+49 170 ***55", "P3"])
@pytest.mark.parametrize("colon", [":", "："])
def test_a_number_after_the_colon_of_a_name_is_no_time(tmp_path, who, colon):
    assert read(tmp_path, f"Ana: Hi.\n{who}{colon}12 came.\n")[0] == [("Ana", "Hi."), (who, "12 came.")]


def test_a_numbered_list_is_part_of_what_is_said(tmp_path):
    lines, notices = read(tmp_path, "Ana: I need:\n1: rest\n2: food\nBen: Yes.")
    assert lines == [("Ana", "I need: 1: rest 2: food"), ("Ben", "Yes.")]
    assert notices == ["read as words, not as a name: “1” (line 2), “2” (line 3)"]


def test_one_name_in_two_spellings_is_one_person(tmp_path):
    assert people(tmp_path, "ANA: One.\nZoe\u0308: Two.\nAna: Three.\nZo\u00eb: Four.") == ["ANA", "Zoe\u0308"] * 2


def test_what_a_speaker_does_is_not_part_of_the_name(tmp_path):
    lines, notices = read(tmp_path, "Ana (sighs): One.\nBen: Two.\nANA (CONT'D): Three.\nAna [laughing]: Four.")
    assert [who for who, _ in lines] == ["Ana", "Ben", "Ana", "Ana"]
    assert [text for _, text in lines] == ["(sighs) One.", "Two.", "Three.", "(laughing) Four."]
    assert not notices


def test_labels_of_which_none_recurs_are_told(tmp_path):
    source = "".join(f"Item {n}a: something was said.\n" for n in range(8))
    assert read(tmp_path, source)[1][0].startswith("taken for a person who speaks once: “Item 0a” (line 1), “Item 1a”")


def test_forms_may_be_mixed_in_one_file(tmp_path):
    source = f"Ana: {TOLD}\n\nBen (0:09): {ASKED}\n\nAna:\nI cried.\n\nBen  0:15\nOh.\n\n**Ana:** Yes.\n\nCem\nI see.\n"
    lines, notices = read(tmp_path, source)
    assert [who for who, _ in lines] == ["Ana", "Ben", "Ana", "Ben", "Ana", "Cem"]
    assert [text for _, text in lines] == [TOLD, ASKED, "I cried.", "Oh.", "Yes.", "I see."]
    assert not notices


@pytest.mark.parametrize(
    ("head", "foot", "says"),
    [
        ("Our talk\n\n", "", "1 line before the first name was left out (line 1)"),
        ("Title: Our talk\nDate: 3 March\n\n", "", "2 lines about the recording were left out (lines 1-2)"),
        ("Host: Ana\nGuest: Ben\n\n", "", "2 lines about the recording were left out (lines 1-2)"),
        (
            "Speakers: Ana and Ben\nInterviewer (Ben): Dr. Lu\n\n",
            "",
            "2 lines about the recording were left out (lines 1-2)",
        ),
        ("March 3, 2026, 10:15AM\n12m 3s\n\n", "", "2 lines before the first name were left out (lines 1-2)"),
        ("", "\nDuration: 12 min\n", "1 line about the recording was left out (line 4)"),
        ("", "\nTranscribed by https://example.org\n", "1 line without speech was left out (line 4)"),
        ("", "Ana stopped transcription\n", "1 line without speech was left out (line 3)"),
        ("", ">> And more.\n", "1 line of a speaker without a name was left out (line 3)"),
        ("", "[silence]\n(laughter)\n", "2 lines of sounds alone were left out (lines 3-4)"),
        (
            "",
            "\n♪ ♪\n\nAna: (long pause)\n",
            "1 line of sounds alone was left out (line 4)|1 turn with a sound in place of words left out",
        ),
    ],
)
def test_what_is_no_talk_is_left_out_and_told(tmp_path, head, foot, says):
    lines, notices = read(tmp_path, f"{head}Ana: {TOLD}\nBen: {ASKED}\n{foot}")
    assert lines == [("Ana", TOLD), ("Ben", ASKED)]
    assert notices == says.split("|")


def test_a_sound_between_captions_is_nobodys_answer(tmp_path):
    cues = (f"<v Ana>{TOLD}", "[music]", f"<v Ben>{ASKED} [laughs]", "<v Ben>[applause]")
    source = "".join(f"00:0{place}.000 --> 00:0{place}.900\n{cue}\n\n" for place, cue in enumerate(cues))
    lines, notices = read(tmp_path, f"WEBVTT\n\n{source}", "talk.vtt")
    assert lines == [("Ana", TOLD), ("Ben", f"{ASKED} [laughs]")]
    assert notices == ["2 lines of sounds alone were left out (lines 7 and 13)"]


def test_a_name_in_the_middle_of_a_line_is_told(tmp_path):
    lines, notices = read(tmp_path, "Ana: I left. Ben: Oh.\nBen: And then?\n")
    assert lines[0] == ("Ana", "I left. Ben: Oh.")
    assert notices[0].startswith("a name in the middle of a line (line 1)")


def test_a_paragraph_that_looks_like_a_name_is_told(tmp_path):
    _, notices = read(tmp_path, f"Ana: {TOLD}\n\nBen\n\n{ASKED}\n")
    assert notices == ["read as words, not as a name: “Ben” (line 3)"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_encoding_and_the_line_ends_change_nothing(tmp_path, encoding, end):
    source = f"Zoë: {TOLD}{end}\u200fميا: {ASKED}{end}"
    assert read(tmp_path, source, encoding=encoding) == ([("Zoë", TOLD), ("ميا", ASKED)], [])


def test_text_that_is_not_utf_8_is_read_with_a_notice_or_refused(tmp_path):
    lines, notices = read(tmp_path, f"Zoë: {TOLD}\n", encoding="cp1252")
    assert lines == [("Zoë", TOLD)]
    assert "Windows-1252" in notices[0]
    lines, notices = read(tmp_path, f"Zoë: {TOLD}".encode() + b"\xe2\x80")
    assert lines[0][0] == "Zoë"
    assert "damaged" in notices[0]
    with pytest.raises(BadInput, match="UTF-8"):
        read(tmp_path, "Мия: Привет\n", encoding="cp1251")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"PK\x03\x04rest", "Word document"),
        (b"{\\rtf1 Ana: Hi.}", "RTF"),
        (b"A\0n\0\0a:", "not text"),
        (b"I went home.\nAnd he said: no.\n", "names nobody"),
        (b"0:03\nso I left\n0:05\nand cried\n0:09\nHello Ben\n", "names nobody"),
        (b"[0:03] Hello Ben\n[0:05] so I left\n", "names nobody"),
        (b"one line\n\n" * 9 + b"Ana: Hi.", "names nobody"),
        (b'{\n "text": "Hi.",\n "segments": []\n}\n', "contains no spoken line"),
        (b'{\n "text": "Hi."\n}\n', "not a JSON object"),
        (b'[{"speaker": "Ana", "text": "Hi."}]', 'lacks "who"'),
        (b"start\tend\ttext\n0\t900\tHi.\n900\t1800\tHello.\n", "is a table"),
        (b"Speaker,Start,End,Text\nAna,0,1,Hi.\n", "is a table"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "no spoken line"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nso<00:01.500><c> I</c>\n\n", "names nobody"),
    ],
)
def test_what_names_nobody_or_is_no_text_is_refused(tmp_path, source, says):
    with pytest.raises(BadInput, match=says):
        read(tmp_path, source)


def test_a_caption_goes_on_with_the_speaker_before_it(tmp_path):
    source = "1\n00:00:01,000 --> 00:00:02,000\nAna: I left\n\n2\n00:00:02,000 --> 00:00:03,000\nand cried.\n"
    assert read(tmp_path, source, "talk.srt") == ([("Ana", "I left"), ("Ana", "and cried.")], [])


def test_a_number_that_somebody_says_is_no_number_of_a_caption(tmp_path):
    source = "1\n00:00:01,000 --> 00:00:02,000\nAna: How many?\n7\n\n2\n00:00:02,000 --> 00:00:03,000\nBen: Six.\n"
    assert read(tmp_path, source, "talk.srt")[0] == [("Ana", "How many? 7"), ("Ben", "Six.")]


def test_text_after_a_blank_line_within_a_caption_is_read_in_srt_and_told_in_webvtt(tmp_path):
    cues = "00:00:01.000 --> 00:00:02.000\nAna: I left\n\nand cried.\n\n00:00:02.000 --> 00:00:03.000\nBen: Oh.\n"
    assert read(tmp_path, cues, "talk.srt") == ([("Ana", "I left and cried."), ("Ben", "Oh.")], [])
    lines, notices = read(tmp_path, f"WEBVTT\n\n{cues}", "talk.vtt")
    assert lines == [("Ana", "I left"), ("Ben", "Oh.")]
    assert notices == ["1 line outside the captions was left out (line 6)"]


def test_two_dashes_in_a_caption_are_two_speakers_without_names(tmp_path):
    source = "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: Hi.\n\n00:02.000 --> 00:03.000\n- Yes.\n- No.\n"
    assert read(tmp_path, source)[1] == ["2 lines of a speaker without a name were left out (lines 7-8)"]


def test_words_of_a_voice_without_a_name_go_to_nobody(tmp_path):
    cue = "00:00:0{}.000 --> 00:00:0{}.900\n{}\n\n"
    told = "1 line of a speaker without a name was left out (line 7)"
    voices = "WEBVTT\n\n" + cue.format(1, 1, "<v Ana>Hi.</v>") + cue.format(2, 2, "<v>Ho.</v>")
    assert read(tmp_path, voices) == ([("Ana", "Hi.")], [told])
    dashes = "WEBVTT\n\n\n\n" + cue.format(1, 1, "- Ana: Hi.\n- Ho.")
    assert read(tmp_path, dashes) == ([("Ana", "Hi.")], [told])


@pytest.mark.parametrize("said", ["[S_00] {}", "SPEAKER_00 {}", "[0:01] SPEAKER_00 {}", "SPEAKER_00 0:01 {}"])
def test_a_sign_of_a_speaker_needs_no_colon(tmp_path, said):
    assert [text for _, text in read(tmp_path, said.format(TOLD))[0]] == [TOLD]


def test_rolling_captions_are_read_once(tmp_path):
    shown = ["ANA: so I", "left", "and cried", "BEN: oh", "no"]
    cues = [[shown[0]], *([one, two] for one, two in pairwise(shown))]
    source = "WEBVTT\n\n" + "".join(
        f"00:0{n}.000 --> 00:0{n}.900\n" + "\n".join(c) + "\n\n" for n, c in enumerate(cues)
    )
    lines, notices = read(tmp_path, source)
    assert [text for _, text in lines] == ["so I", "left", "and cried", "oh", "no"]
    assert notices == ["rolling captions: 4 lines shown twice, read once"]


def test_a_sentence_that_somebody_repeats_is_no_rolling_caption(tmp_path):
    """In which the repeated line would stand above a new one."""
    shown = [*["<v Ana>Yes.</v>"] * 4, "<v Ana>Let me think:\nno.</v>"]
    cues = "".join(f"00:0{n}.000 --> 00:0{n}.900\n{said}\n\n" for n, said in enumerate(shown))
    lines, notices = read(tmp_path, f"WEBVTT\n\n{cues}")
    assert lines == [*[("Ana", "Yes.")] * 4, ("Ana", "Let me think: no.")]
    assert notices == []


def test_captions_that_go_back_in_time_are_told(tmp_path):
    source = "00:00:05,000 --> 00:00:06,000\nAna: Hi.\n\n00:00:01,000 --> 00:00:02,000\nBen: Ho.\n"
    lines, notices = read(tmp_path, source)
    assert lines == [("Ana", "Hi."), ("Ben", "Ho.")]
    assert notices == ["1 caption begins earlier than the one above; the order is that of the file"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**Ana**: Hi.\n**+49 170 ***55**: Ho.\n", [("Ana", "Hi."), ("+49 170 ***55", "Ho.")]),
        ("[Ana Lu (Guest)]: Hi.\n[Ben]: Ho.\n", [("Ana Lu (Guest)", "Hi."), ("Ben", "Ho.")]),
        ("Ana: 3:15 it was.\nBen: 3:15 it was.\n", [("Ana", "3:15 it was."), ("Ben", "3:15 it was.")]),
        ("Ana\tI said: go.\nBen | Org\t10:30 is late.\n", [("Ana", "I said: go."), ("Ben | Org", "10:30 is late.")]),
        (
            "Ben: Hi.\nBen | Org: Ho.\n0:09 - Ben | Org\nHa.\n",
            [("Ben", "Hi."), ("Ben | Org", "Ho."), ("Ben | Org", "Ha.")],
        ),
        ("Interviewer [00:00:03] Hi.\n", [("Interviewer", "Hi.")]),
        ("Ana  0:03\n10:30 is late.\nBen  0:09\nYes.\n", [("Ana", "10:30 is late."), ("Ben", "Yes.")]),
        (
            "Ana:\nHe said: no.\nBen:\nHe said: no.\nAna:\nHe said: no.\n",
            [(who, "He said: no.") for who in ("Ana", "Ben", "Ana")],
        ),
        (
            "00:03,1 --> 00:04,1\n<v Ana>Well.</v>\n\n00:04,1 --> 00:05,1\n<v Ben>Well.</v>\n",
            [("Ana", "Well."), ("Ben", "Well.")],
        ),
    ],
)
def test_what_made_talk_in_every_form_once_got_wrong_is_right(tmp_path, source, expected):
    assert read(tmp_path, source)[0] == expected


@pytest.mark.parametrize(
    "who",
    [
        "Ben I.",
        "Ana L.",
        "Ana Lu Jr.",
        "?",
        "???",
        'Benedikt "Ben" Ito',
        "Dr. med. Anna-Katharina von Hohen-Schilling - Uni",
    ],
)
def test_names_may_have_initials_titles_and_nicknames_or_be_unknown(tmp_path, who):
    said = [("Cy", TOLD), (who, ASKED)]
    captions = [f"00:0{n}.000 --> 00:0{n}.900\n{name}: {text}\n\n" for n, (name, text) in enumerate(said)]
    assert read(tmp_path, "WEBVTT\n\n" + "".join(captions), "talk.vtt") == (said, [])


@pytest.mark.parametrize(
    "source",
    [
        "#00:00:03-1# Ana: {told}\n#00:00:09-4# Ben: {asked}\n",
        "Ana: {told} #00:00:05-2#\nBen: {asked} #00:00:09#\n",
        "[10:32, 3/3/2026] Ana: {told}\n[10:33, 3/3/2026] Ben: {asked}\n",
        "<p>Ana: {told}</p><p>Ben: {asked}</p>",
    ],
)
def test_times_and_marks_of_programs_are_no_part_of_what_was_said(tmp_path, source):
    assert read(tmp_path, source.format(told=TOLD, asked=ASKED))[0] == [("Ana", TOLD), ("Ben", ASKED)]


def test_lines_of_json_are_read_under_any_suffix(tmp_path):
    assert read(tmp_path, '{"who": "Ana", "text": "Hi."}\n')[0] == [("Ana", "Hi.")]


SAID = st.sampled_from(
    [
        TOLD,
        ASKED,
        "The thing is: I left.",
        "Yes.",
        "12 came",
        "It was <3, R&B",
        "He said: no.\nI cried.",
        "10:30 is late",
    ]
)
WHO = st.sampled_from(["Ana Lu", "Ben", "SPEAKER_01", "+49 170 ***55", "🌻 Mia", "美玲", "2nd guest", "Lu, Ana | Org"])
TALK = st.lists(st.tuples(WHO, SAID), min_size=1, max_size=6)
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@QUICK
@given(talk=TALK, srt=st.booleans(), numbered=st.booleans())
def test_captions_are_those_that_an_independent_reader_finds(tmp_path, talk, srt, numbered):
    """webvtt-py reads both formats if they are written to the letter; what it finds is what the coach finds."""
    suffix, mark = (".srt", ",") if srt else (".vtt", ".")
    source = "" if srt else "WEBVTT\n\n"
    for n, (who, said) in enumerate(talk):
        number = f"{n + 1}\n" if numbered or srt else ""
        caption = f"{who}: {escape(said)}" if srt else f"<v {who}>{escape(said)}</v>"
        source += f"{number}00:00:0{n}{mark}000 --> 00:00:0{n + 1}{mark}000\n{caption}\n\n"
    lines, notices = read(tmp_path, source, f"talk{suffix}")
    theirs = webvtt.from_srt(str(tmp_path / "talk.srt")) if srt else webvtt.read(str(tmp_path / "talk.vtt"))
    theirs_said = [" ".join(unescape(each.text).split()) for each in theirs]
    assert [f"{who}: {text}" if srt else text for who, text in lines] == theirs_said
    assert srt or [who for who, _ in lines] == [each.voice for each in theirs]
    assert not notices


@QUICK
@given(talk=TALK, forms=st.lists(st.sampled_from(["name", "bold", "time first", "name above"]), min_size=1))
def test_a_talk_survives_any_mixture_of_forms(tmp_path, talk, forms):
    source = "\n".join(
        TEXTS[forms[n % len(forms)]].format(who=who, said=said, n=n + 1) for n, (who, said) in enumerate(talk)
    )
    assert turns(read(tmp_path, source)[0]) == turns(talk)


PIECES = st.sampled_from(
    [
        *("Ana", "Ben:", ":", "[", "]", "(", ")", "**", ">>", "1", "-->", "00:00:01.000", "0:03", "<v Ana>", "</v>"),
        *("WEBVTT", "NOTE", "{", "—", "🌻", "&lt;", "<", "the", "Date:", "http://"),
        *("\n", "\n\n", " ", "\t", "\0", "\x85", "\u200f"),
    ]
)


@QUICK
@given(source=st.lists(PIECES, max_size=30).map("".join), suffix=st.sampled_from([".txt", ".vtt", ".srt", ".jsonl"]))
def test_nonsense_is_read_or_refused_without_another_error(tmp_path, source, suffix):
    try:
        lines, _ = read(tmp_path, source, f"talk{suffix}")
    except BadInput:
        return
    assert all(who and text for who, text in lines)


def turns(lines):
    """The lines with those of one person in a row joined."""
    joined = groupby(lines, key=lambda line: line[0])
    return [(who, " ".join(" ".join(text for _, text in said).split())) for who, said in joined]
