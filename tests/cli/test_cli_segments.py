"""`coach analyze` on files of speaker segments."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from coach.cli.main import main
from coach.core.settings import settings_path

BOTH = """\
SPEAKER one 1 0.0 6.0 <NA> <NA> Ana <NA> <NA>
SPEAKER one 1 6.5 2.5 <NA> <NA> Ben <NA> <NA>
SPEAKER a/b 1 0.0 2.0 <NA> <NA> Cleo <NA> <NA>
"""


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)


def test_segments_give_the_same_object_as_a_recording(tmp_path, capsys):
    Path("talk.rttm").write_text("".join(BOTH.splitlines(keepends=True)[:2]))
    assert main(["analyze", "--json", "talk.rttm"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["schema"] == "coach.analysis/1"
    assert found["recording"] == {"name": "talk.rttm", "duration_s": 9.0, "channels": 0, "counted_from_s": 0.0}
    assert found["people"] == ["Ana", "Ben"]
    assert found["transfers"] == [
        {
            "from": "Ana",
            "to": "Ben",
            "at_s": 6.5,
            "fto_s": 0.5,
            "after_share": True,
            "too_soon": True,
            "over": False,
            "answer": True,
            "silence_at_s": 6.0,
            "silence_s": 0.5,
        }
    ]
    assert found["statistics"]["fto_median_s"]["value"] == 0.5
    assert found["cues"] == []
    assert not err


def test_the_target_breath_applies_to_segments_too(tmp_path, capsys):
    Path("talk.rttm").write_text("".join(BOTH.splitlines(keepends=True)[:2]))
    main(["analyze", "--json", "--pause", "0.5", "talk.rttm"])
    assert json.loads(capsys.readouterr().out)["transfers"][0]["too_soon"] is False


def test_a_breath_may_grow_and_a_number_makes_it_fixed(tmp_path, capsys):
    Path("talk.rttm").write_text("".join(BOTH.splitlines(keepends=True)[:2]))
    main(["analyze", "--json", "--pause", "grow", "talk.rttm"])
    assert json.loads(capsys.readouterr().out)["breaths"] == [{"from_s": 0.0, "breath_s": 0.5}]
    settings = settings_path()
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("pause_grows = true\n")
    main(["analyze", "--json", "--pause", "1.5", "talk.rttm"])
    assert json.loads(capsys.readouterr().out)["breaths"] == [{"from_s": 0.0, "breath_s": 1.5}]


def test_every_recording_in_a_file_gets_its_own_object_and_file(tmp_path, capsys):
    Path("both.rttm").write_text(BOTH)
    assert main(["analyze", "--json", "--out", "results", "both.rttm"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["recording"]["name"] for each in told] == ["both.rttm: one", "both.rttm: a/b"]
    assert sorted(path.name for path in Path("results").iterdir()) == ["both.a%2Fb.json", "both.one.json"]
    assert [json.loads(Path("results", f"both.{name}.json").read_text()) for name in ("one", "a%2Fb")] == told


def test_a_page_of_one_of_several_recordings_is_not_replaced(tmp_path, capsys):
    Path("both.rttm").write_text(BOTH)
    assert main(["analyze", "--page", "both.rttm"]) == 0
    Path("both.one.html").write_text("my notes")
    assert main(["analyze", "--page", "both.rttm"]) == 1
    assert "both.one.html already exists and may contain your work" in capsys.readouterr().err
    assert Path("both.one.html").read_text() == "my notes"


def test_somebody_s_own_file_is_not_replaced_by_a_result(tmp_path, capsys):
    Path("talk.rttm").write_text("".join(BOTH.splitlines(keepends=True)[:2]))
    Path("talk.json").write_text('{"segments": []}')
    assert main(["analyze", "--out", ".", "talk.rttm"]) == 1
    assert "talk.json already exists and is not a result of the coach" in capsys.readouterr().err
    assert Path("talk.json").read_text() == '{"segments": []}'
    assert main(["analyze", "--out", "out", "talk.rttm"]) == 0
    assert main(["analyze", "--out", "out", "talk.rttm"]) == 0, "its own results are replaced"


def test_the_screen_shows_segments_as_it_shows_a_recording(tmp_path, capsys):
    Path("talk.rttm").write_text(BOTH)
    assert main(["analyze", "talk.rttm"]) == 0
    out, _ = capsys.readouterr()
    assert "There was 1 answer to a share; it came sooner than a breath of 2 s." in out
    assert "Cleo spoke in 1 turn" in out


def test_a_broken_file_is_reported_and_the_next_one_is_read(tmp_path, capsys):
    Path("bad.eaf").write_text("<a>")
    Path("talk.rttm").write_text(BOTH)
    assert main(["analyze", "--json", "bad.eaf", "talk.rttm"]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert err.startswith("coach: bad.eaf is damaged or not a .eaf file")
    assert len(err.splitlines()) == 1


def test_people_named_on_the_command_line_are_selected_and_those_in_the_settings_are_not(tmp_path, capsys):
    Path("talk.rttm").write_text("".join(BOTH.splitlines(keepends=True)[:2]))
    settings = tmp_path / "config" / "coach" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('people = ["Uma", "Vic"]\n')
    main(["analyze", "--json", "talk.rttm"])
    assert json.loads(capsys.readouterr().out)["people"] == ["Ana", "Ben"]
    main(["analyze", "--json", "--people", "Ben,Ana", "talk.rttm"])
    assert json.loads(capsys.readouterr().out)["people"] == ["Ben", "Ana"]
    assert main(["analyze", "--json", "--people", "Ben,Anna", "talk.rttm"]) == 1
    assert "has nobody called Anna; it has Ana, Ben" in capsys.readouterr().err


@pytest.mark.parametrize("recordings", [("talk",), ("talk", "talk: the second")])
def test_a_colon_in_a_file_name_is_kept_in_the_name_of_its_analysis(tmp_path, monkeypatch, recordings):
    monkeypatch.chdir(tmp_path)
    lines = (
        f"SPEAKER {name.replace(' ', '_')} 1 {at} 6.5 <NA> <NA> {who} <NA> <NA>\n"
        for name in recordings
        for at, who in ((1, "Ana"), (9, "Ben"))
    )
    Path("Meeting: Monday.rttm").write_text("".join(lines), encoding="utf-8")
    assert main(["analyze", "--out", "results", "Meeting: Monday.rttm"]) == 0
    one = {"Meeting: Monday.json"}
    two = {"Meeting: Monday.talk.json", "Meeting: Monday.talk%3A_the_second.json"}
    assert {path.name for path in Path("results").iterdir()} == (one if len(recordings) == 1 else two)


def settings_of_sound(option: str) -> list[str]:
    return {
        "--people": ["--people", "2"],
        "--channels": ["--channels", "Ana=1,Ben=2"],
        "--enrol": ["--enrol", "Ana=0-2"],
    }[option]


@pytest.mark.parametrize("option", ["--people", "--channels", "--enrol"])
def test_an_option_that_only_sound_can_follow_is_refused_for_segments(tmp_path, capsys, option):
    Path("talk.rttm").write_text(BOTH)
    assert main(["analyze", "--json", *settings_of_sound(option), "talk.rttm"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(f"coach: {option}")
    assert "it is already written who spoke when in talk.rttm" in err


def test_a_recording_that_lacks_somebody_is_named_and_the_others_are_analysed(tmp_path, capsys):
    Path("both.rttm").write_text(BOTH)
    assert main(["analyze", "--json", "--out", "results", "--people", "Ana,Ben", "both.rttm"]) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line)["recording"]["name"] for line in out.splitlines()] == ["both.rttm: one"]
    assert err == "coach: both.rttm: a/b has nobody called Ana; it has Cleo\n"
    assert [path.name for path in Path("results").iterdir()] == ["both.one.json"]


def test_an_empty_file_is_reported_in_one_line(tmp_path, capsys):
    Path("empty.rttm").write_text("")
    assert main(["analyze", "empty.rttm"]) == 1
    assert capsys.readouterr() == ("", "coach: empty.rttm has no SPEAKER line, so it does not say who spoke when\n")


def test_people_are_chosen_by_names_that_settings_would_not_allow(tmp_path, capsys):
    long = "Interviewer, microphone one (left side) of the recording"
    Path("talk.rttm").write_text("".join(BOTH.splitlines(keepends=True)[:2]).replace("Ana", long))
    assert main(["analyze", "--json", "--people", f"{long},Ben", "talk.rttm"]) == 0
    assert json.loads(capsys.readouterr().out)["people"] == [long, "Ben"]


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-16"])
def test_json_is_utf_8_and_other_text_is_readable_whatever_the_terminal(tmp_path, monkeypatch, encoding):
    def printed(*command: str) -> bytes:
        written = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
        assert main(list(command)) == 0
        sys.stdout.flush()
        return written.getvalue()

    Path("talk.rttm").write_text(
        "".join(BOTH.splitlines(keepends=True)[:2]).replace("Ana", "نور_🌻é"), encoding="utf-8"
    )
    Path("said.jsonl").write_text('{"who": "Zoë", "text": "I felt small 🌻"}\n', encoding="utf-8")
    assert json.loads(printed("analyze", "--json", "talk.rttm").decode())["people"] == ["نور_🌻é", "Ben"]
    assert json.loads(printed("read", "--json", "said.jsonl").decode())["who"] == "Zoë"
    assert "Ben" in printed("analyze", "talk.rttm").decode(encoding)
    assert "I felt small" in printed("read", "said.jsonl").decode(encoding)
