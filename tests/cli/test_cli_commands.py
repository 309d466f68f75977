"""The commands as users type them: output, streams and exit status."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.cli import doctor
from coach.cli.main import COMMANDS, main
from coach.core.events import Cue, Ended, Notice, Speech
from coach.core.resources import asset
from coach.core.settings import data_folder, settings_explained
from coach.core.span import RATE, Span
from coach.corpora import named, output_paths
from coach.diarization import MOST_PEOPLE, alike, stored_voice
from coach.sessions import SessionHeader, Store
from coach.sessions.store import DATABASE_FILE
from coach.sessions.voices import keep_voice, kept_voices, names_kept

PEOPLE = ("Ana", "Ben")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders in place of the user's sessions, voices and settings."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def session() -> int:
    """The number of a stored session: Ana shares for six seconds, Ben answers half a second later."""
    because = {"fto_s": 0.5}
    with Store(data_folder() / DATABASE_FILE) as store:
        number = store.begin(SessionHeader(people=PEOPLE, source="mic", attribution="channels", transcriber="none"))
        store.write(
            number,
            [
                Speech(at=113_000, who="Ana", span=Span(16_000, 112_000), confidence=1.0),
                Cue(
                    at=140_000, kind="too_soon", form="tone", text="", to="Ben", given=True, held_back=None,
                    because=because,
                ),
                Speech(at=185_000, who="Ben", span=Span(120_000, 184_000), confidence=1.0),
                Ended(at=200_000, reason="ended by hand"),
            ],
        )  # fmt: skip
    return number


@pytest.fixture(scope="module")
def dialogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds of the sample: both people say their first sentence."""
    sound, rate = sf.read(asset("sample.flac"), frames=20 * RATE, dtype="float32")
    path = tmp_path_factory.mktemp("sound") / "dialogue.wav"
    sf.write(path, sound, rate)
    return path


# -------------------------------------------------------------------------------------------------------- help


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["setup", "whisper"], ["setup", "voices"]])
def test_every_command_explains_itself(command, capsys):
    assert main([*command, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"Usage: {' '.join(['coach', *command])}")
    assert not err


def test_the_help_lists_every_command_with_a_sentence(capsys):
    main(["--help"])
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.partition("Commands:")[2].splitlines() if line]
    assert [name for name, *_ in lines] == list(COMMANDS)
    assert all(len(line) == 2 for line in lines)


# ------------------------------------------------------------------------------------------------ looking back


def test_sessions_lists_what_is_stored(session, capsys):
    assert main(["sessions"]) == 0
    out, err = capsys.readouterr()
    assert "Ana" in out
    assert not err


def test_review_without_a_number_shows_the_latest_session(session, capsys):
    with Store(data_folder() / DATABASE_FILE) as store:
        store.begin(SessionHeader(people=("Cleo", "Dan"), transcriber="none"))
    assert main(["review"]) == 0
    assert "Cleo" in capsys.readouterr().out
    assert main(["review", str(session)]) == 0
    out, err = capsys.readouterr()
    assert "Ben" in out
    assert "Cleo" not in out
    assert not err


def test_export_prints_one_json_object_and_nothing_else(session, capsys):
    assert main(["export", str(session)]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["schema"] == "coach.analysis/1"
    assert found["speech"] == [
        {"who": "Ana", "start_s": 1.0, "end_s": 7.0},
        {"who": "Ben", "start_s": 7.5, "end_s": 11.5},
    ]
    assert found["transfers"][0]["too_soon"]
    assert found["cues"][0]["given"]
    assert not err


def test_export_as_rttm_has_a_line_for_each_stretch_of_speech(session, capsys):
    assert main(["export", str(session), "--format", "rttm"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], float(line[3]), float(line[4]), line[7]) for line in lines] == [
        ("SPEAKER", 1.0, 6.0, "Ana"),
        ("SPEAKER", 7.5, 4.0, "Ben"),
    ]


def test_forget_deletes_that_session_and_no_other(session, capsys):
    with Store(data_folder() / DATABASE_FILE) as store:
        other = store.begin(SessionHeader(people=PEOPLE))
    assert main(["forget", str(session)]) == 0
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("coach: deleted 1 session\n")
    with Store(data_folder() / DATABASE_FILE) as store:
        assert [each.id for each in store.sessions()] == [other]


def test_forget_all_deletes_the_kept_voices_too(session, capsys):
    keep_voice(data_folder(), "Ana", {"weights": np.ones(1)})
    assert main(["forget", "--all"]) == 0
    assert capsys.readouterr().err == "coach: deleted 1 kept voice\ncoach: deleted 1 session\n"
    assert names_kept(data_folder()) == []


# ------------------------------------------------------------------------------------------------- recordings


def test_analyze_prints_one_json_object_per_file_and_nothing_else(dialogue, capsys):
    assert (
        main(["analyze", str(dialogue), str(dialogue), "--json", "--transcriber", "none", "--people", "Ana,Ben"]) == 0
    )
    out, err = capsys.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert first == second
    assert first["people"] == ["Ana", "Ben"]
    assert {row["who"] for row in first["speech"]} == {"Ana", "Ben"}
    assert first["recording"] == {"name": "dialogue.wav", "duration_s": 20.0, "channels": 1, "counted_from_s": 0.0}
    assert not err


def test_analyze_with_out_writes_one_file_per_recording_and_prints_nothing(dialogue, tmp_path, capsys):
    assert main(["analyze", str(dialogue), "--out", str(tmp_path / "results"), "--transcriber", "none"]) == 0
    out, _ = capsys.readouterr()
    assert not out
    found = json.loads((tmp_path / "results" / "dialogue.json").read_text(encoding="utf-8"))
    assert found["schema"] == "coach.analysis/1"


def test_files_with_the_same_name_each_keep_their_result(tmp_path):
    out = tmp_path / "results"
    files = (Path("a/talk.wav"), Path("b/talk.wav"), Path("talk-2.wav"), Path("a/talk.wav"), Path("c/talk.mp3"))
    names = [target.name for target in output_paths([named(file) for file in files], out) if target]
    assert names == ["talk.json", "talk-2.json", "talk-2-2.json", "talk.json", "talk-3.json"]


def test_people_may_be_a_number_and_then_have_letters_as_names(dialogue, capsys):
    assert main(["analyze", str(dialogue), "--json", "--transcriber", "none", "--people", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["people"] == ["A", "B"]
    assert main(["analyze", str(dialogue), "--json", "--transcriber", "none", "--people", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["people"] == ["A"]


@pytest.mark.parametrize("number", ["0", str(MOST_PEOPLE + 1)])
def test_too_many_people_to_tell_apart_are_wrong_usage(number, dialogue, capsys):
    assert main(["analyze", str(dialogue), "--people", number]) == 2
    assert f"of 1 to {MOST_PEOPLE} people" in capsys.readouterr().err


def test_parallel_and_sequential_analysis_give_the_same_results(dialogue, tmp_path, capsys):
    given = [str(dialogue), str(tmp_path / "gone.wav"), "--json", "--transcriber", "none"]
    assert main(["analyze", *given, "--jobs", "2"]) == 1
    beside = capsys.readouterr()
    assert main(["analyze", *given]) == 1
    assert capsys.readouterr() == beside


def test_analyze_goes_on_after_an_unreadable_file_and_reports_it_at_the_end(dialogue, tmp_path, capsys):
    gone = tmp_path / "gone.wav"
    assert main(["analyze", str(gone), str(dialogue), "--json", "--transcriber", "none"]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "gone.wav" in err


# ------------------------------------------------------------------------------------------------ kept voices


def _answers(monkeypatch: pytest.MonkeyPatch, typed: str) -> io.StringIO:
    """Fake standard input with this text."""
    keyboard = io.StringIO(typed)
    monkeypatch.setattr("sys.stdin", keyboard)
    return keyboard


def test_voices_are_learnt_and_kept_when_all_have_agreed(dialogue, capsys):
    assert main(["setup", "voices", "--people", "Ana,Ben", "--input", str(dialogue), "--yes"]) == 0
    out, err = capsys.readouterr()
    assert not out
    assert "kept: Ana and Ben" in err
    assert "coach forget voices" in err
    kept = [stored_voice(arrays) for arrays in kept_voices(data_folder(), PEOPLE).values()]
    ana, ben = (voice for voice in kept if voice is not None)
    assert not alike(ana, ben)


def test_only_the_voices_of_people_who_agree_are_kept(dialogue, monkeypatch, capsys):
    answers = _answers(monkeypatch, "n\ny\n")
    assert main(["setup", "voices", "--people", "Ana,Ben", "--input", str(dialogue)]) == 0
    out, err = capsys.readouterr()
    assert names_kept(data_folder()) == ["Ben"]
    assert err.count("for next time? No sound is kept. [y/N]") == 2
    assert "once everybody's voice is kept" in err
    assert not out
    assert answers.read() == ""


def test_no_voice_is_kept_without_an_answer(dialogue, monkeypatch, capsys):
    _answers(monkeypatch, "y\n")
    assert main(["setup", "voices", "--people", "Ana,Ben", "--input", str(dialogue)]) == 1
    assert names_kept(data_folder()) == []
    assert "no voice was kept" in capsys.readouterr().err


def test_no_sound_is_kept_of_a_check_in(dialogue, capsys):
    main(["setup", "voices", "--people", "Ana,Ben", "--input", str(dialogue), "--yes"])
    files = [path for path in data_folder().rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == ["Ana.npz", "Ben.npz"]
    assert sum(path.stat().st_size for path in files) < 20_000  # bytes; the twelve seconds would be 384 000
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)


def test_a_recording_that_ends_before_everybody_spoke_teaches_no_voice(tmp_path, capsys):
    sound, rate = sf.read(asset("sample.flac"), frames=8 * RATE, dtype="float32")
    sf.write(tmp_path / "ana.wav", sound, rate)
    assert main(["setup", "voices", "--people", "Ana,Ben", "--input", str(tmp_path / "ana.wav"), "--yes"]) == 1
    assert "before Ben had said enough" in capsys.readouterr().err
    assert names_kept(data_folder()) == []


def test_a_recording_may_end_with_the_last_sentence(tmp_path, capsys):
    """A recording need not have silence after the last sentence for its end to be detected."""
    sound, rate = sf.read(asset("sample.flac"), frames=int(6.8 * RATE), dtype="float32")
    sf.write(tmp_path / "ana.wav", sound, rate)
    assert main(["setup", "voices", "--people", "Ana", "--input", str(tmp_path / "ana.wav"), "--yes"]) == 0
    assert names_kept(data_folder()) == ["Ana"]


def test_setup_explains_every_setting_with_its_value(capsys):
    keep_voice(data_folder(), "Ana", {"weights": np.ones(1)})
    assert main(["setup"]) == 0
    out, err = capsys.readouterr()
    for name, meaning in settings_explained().items():
        assert f"{name} = " in out
        assert meaning in out
    assert "settings.toml" in out
    assert "kept voices: Ana;" in out
    assert not err


def test_a_model_that_is_installed_already_needs_no_network(capsys):
    folder = data_folder() / "models" / "tiny.en"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).touch()
    assert main(["setup", "whisper", "tiny.en"]) == 0
    out, err = capsys.readouterr()
    assert err == f"coach: Whisper tiny.en is installed in {folder}\n"
    assert not out


# ----------------------------------------------------------------------------------------------------- doctor


def test_doctor_checks_every_part_and_ends_with_the_settings(capsys):
    main(["doctor", "--input", "no such microphone"])
    out, _ = capsys.readouterr()
    heads = [line for line in out.splitlines() if not line.startswith(" ")]
    assert [head.split(":")[0].split(maxsplit=1)[1] for head in heads] == [*doctor.CHECKS, "settings"]
    assert {head.split()[0] for head in heads} <= {"ok", "warning", "missing"}
    assert "times as fast as talk" in out


def test_doctor_without_the_requested_microphone_says_that_the_coach_cannot_listen(capsys):
    assert main(["doctor", "--input", "no such microphone"]) == 1
    out, err = capsys.readouterr()
    assert "missing  microphone: " in out
    assert err == "coach: listening is impossible until the microphone works\n"


@pytest.mark.parametrize(
    ("part", "status", "expected"),
    [
        ("PortAudio", "missing", 1),
        ("microphone", "missing", 1),
        ("microphone", "warning", 0),
        ("speaker", "missing", 0),
    ],
)
def test_doctor_fails_only_if_the_coach_cannot_listen(part, status, expected, monkeypatch, capsys):
    for name in doctor.CHECKS:
        found = doctor.Finding(status if name == part else "ok", name, "as it is")
        monkeypatch.setitem(doctor.CHECKS, name, lambda settings, found=found: found)
    assert main(["doctor"]) == expected
    assert f"{status:<9}{part}: as it is" in capsys.readouterr().out


def test_doctor_output_fits_eighty_columns():
    finding = doctor.Finding("warning", "data", "a fairly long sentence " * 8, "a mend that is long too " * 6)
    lines = str(finding).splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.startswith(" " * doctor.MARGIN) for line in lines[1:])
    assert any(line.strip().startswith("-> a mend") for line in lines)


def _hiss(peak_db: float) -> np.ndarray:
    sound = np.random.default_rng(3).normal(0, 0.2, 3 * RATE)
    return (sound / np.abs(sound).max() * 10 ** (peak_db / 20)).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "status", "verdict"),
    [
        (np.zeros(3 * RATE, np.float32), "warning", "pure silence"),
        (np.zeros(0, np.float32), "warning", "no sound comes from it"),
        (_hiss(-45.0), "warning", "very quiet"),
        (_hiss(-12.0), "ok", "good"),
        (_hiss(0.0), "warning", "too loud"),
    ],
)
def test_doctor_says_plainly_how_loud_the_microphone_is(sound, status, verdict):
    finding = doctor.heard("mic", sound)
    assert finding.status == status
    assert finding.says.endswith(verdict)
    assert bool(finding.mend) == (status != "ok")


def test_doctor_goes_on_after_an_unexpected_error_in_a_library():
    def broken(_: object) -> doctor.Finding:
        raise RuntimeError("a symbol is missing")

    finding = doctor.tried("voice", broken, doctor.Settings())
    assert finding.status == "warning"
    assert "RuntimeError: a symbol is missing" in finding.says


# ------------------------------------------------------------------------------------------------------ listen


def test_listen_to_a_file_prints_lines_and_a_summary_and_keeps_the_session(tmp_path, capsys):
    sound, rate = sf.read(asset("sample.flac"), frames=3 * RATE, dtype="float32")
    sf.write(tmp_path / "short.wav", sound, rate)
    arguments = ["--plain", "--no-check-in", "--cues", "none", "--transcriber", "none", "--people", "Ana,Ben"]
    assert main(["listen", "--input", str(tmp_path / "short.wav"), *arguments]) == 0
    out, err = capsys.readouterr()
    assert "short.wav opened" in out
    assert "coach: kept as session 1" in err
    with Store(data_folder() / DATABASE_FILE) as store:
        stored = list(store.events(1))
    assert isinstance(stored[-1], Ended)
    assert any(isinstance(event, Speech) for event in stored)
    assert any(isinstance(event, Notice) and "nobody is enrolled" in event.text for event in stored)
