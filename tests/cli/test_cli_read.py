"""`coach read`: common transcript formats, a judgement per line, and one-line errors."""

import json

import pytest

from coach.cli.main import main

TOLD = "So on Friday we drove up to the lake and the lock was broken and he rang the man."
FELT = "And I just felt so lonely, standing there."
ASKED = "What was that like for you?"


def lines_of(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.txt", f"Ana: {TOLD}\nAna: {FELT}\n\nBen: {ASKED}\n"),
        ("a.txt", f"\ufeffAna: {TOLD}\r\nAna: And I just felt so lonely,\r\n standing there.\r\nBen: {ASKED}"),
        (
            "a.jsonl",
            "\n".join(json.dumps({"who": w, "text": t}) for w, t in zip("AAB", (TOLD, FELT, ASKED), strict=True)),
        ),
        (
            "a.vtt",
            f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>{TOLD}\n\n00:03.000 --> 00:04.000\n"
            f"{FELT}\n<v Ben>{ASKED}</v>\n",
        ),
        ("a.srt", f"1\n00:00:01,000 --> 00:00:02,000\nAna: {TOLD}\nAna: {FELT}\nBen: <i>{ASKED}</i>\n"),
        ("a.VTT", f"WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAna: {TOLD}\nAna: {FELT}\nBen: <i>{ASKED}</i>\n"),
    ],
)
def test_each_kind_of_transcript_gives_the_same_judgements(tmp_path, capsys, name, source):
    file = tmp_path / name
    file.write_text(source, encoding="utf-8")
    assert main(["read", str(file), "--json"]) == 0
    found = lines_of(capsys)
    assert [line["text"] for line in found] == [TOLD, FELT, ASKED]
    assert len({line["who"] for line in found[:2]}) == 1 != len({line["who"] for line in found})
    assert [line["level"] in ("2", "3") for line in found] == [False, True, False]
    assert [line["response"] for line in found] == [None, None, "open question"]
    assert found[1]["kinds"] == ["feelings"]
    assert 0.5 < found[2]["p_response"] <= 1


def test_other_keys_of_a_line_are_kept(tmp_path, capsys):
    file = tmp_path / "a.jsonl"
    file.write_text('{"who": "Ana", "id": 7, "text": "We sold the boat.", "level": "mine"}\n', encoding="utf-8")
    assert main(["read", "--json", str(file)]) == 0
    (line,) = lines_of(capsys)
    assert (line["id"], line["level"]) == (7, "1")


def test_the_terminal_shows_bands_probabilities_as_words_and_no_control_characters(tmp_path, capsys):
    file = tmp_path / "a.txt"
    file.write_text(f"Ana: {TOLD}\nAna: {FELT}\nBen: {ASKED} \x1b[31m[bold]\n", encoding="utf-8")
    assert main(["read", str(file), "--why"]) == 0
    shown = " ".join(capsys.readouterr().out.split())  # lines are wrapped to the width of the terminal
    assert "██" in shown
    assert ": feelings" in shown
    assert "answer: probably open question" in shown
    assert "depth by: “lonely”" in shown
    assert "[bold]" in shown
    assert "\x1b" not in shown
    assert main(["read", str(file)]) == 0
    assert "depth by" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        ("a.txt", b"no name here\n", "names nobody"),
        ("a.txt", b"", "contains no spoken line"),
        ("a.txt", b"Ana: \xff\xfe", "UTF-8"),
        ("a.jsonl", b'{"who": "Ana", "text": "x"}\n{"who": 3}\n', "line 2, lacks"),
        ("a.jsonl", b"Ana: x\n", "line 1, is not a JSON object"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n", "names nobody"),
        ("a.odt", b"Ana: x\n", ".txt, .md or .docx"),
    ],
)
def test_an_unreadable_file_is_reported_in_one_line(tmp_path, capsys, name, source, says):
    file = tmp_path / name
    file.write_bytes(source)
    assert main(["read", str(file)]) == 1
    told = capsys.readouterr()
    assert says in told.err
    assert told.err.count("\n") == 1
    assert not told.out


def test_what_is_left_out_is_told_beside_the_result(tmp_path, capsys):
    file = tmp_path / "a.txt"
    file.write_text(f"Our talk \x1b[31m\n\nAna: {TOLD}\nNote: it rained.\n", encoding="utf-8")
    assert main(["read", str(file), "--json"]) == 0
    told = capsys.readouterr()
    assert [json.loads(line)["who"] for line in told.out.splitlines()] == ["Ana", "Ana"]
    assert told.err.splitlines() == [
        "coach: a.txt: 1 line before the first name was left out (line 1)",
        "coach: a.txt: read as words, not as a name: “Note” (line 4)",
    ]


def test_a_missing_file_and_wrong_usage_have_different_exit_statuses(tmp_path, capsys):
    assert main(["read", str(tmp_path / "none.txt")]) == 1
    assert main(["read"]) == 2
    assert main(["read", "a.txt", "--json", "--why"]) == 2
