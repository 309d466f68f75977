"""A folder of recordings: everything is analysed once, failures do not stop it, and a crash loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from coach.cli.main import main
from tests.corpora.talks import talk
from tests.waiting import wait

HOME = str(Path(main.__code__.co_filename).parents[2])


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    for n, name in enumerate(["a.rttm", "b.rttm", "deep/a.rttm", "deep/er/c.rttm"]):
        talk(folder / name, n)
    return folder


def analysed(capsys: pytest.CaptureFixture[str], corpus: Path, *options: str, status: int = 0) -> str:
    """The last line on stderr."""
    assert main(["analyze", str(corpus), "--out", str(corpus.parent / "out"), *options]) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()[-1]


def results(corpus: Path) -> dict[str, Any]:
    out = corpus.parent / "out"
    return {
        path.relative_to(out).as_posix(): (path.stat().st_mtime_ns, json.loads(path.read_text(encoding="utf-8")))
        for path in out.rglob("*.json")
    }


def record(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus.parent / "out" / "done.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]


def test_every_recording_below_the_folder_has_a_result_where_it_lies(corpus, capsys):
    said = analysed(capsys, corpus)
    assert said.startswith("coach: 4 recordings: 4 analysed, 0 done before, 0 failed")
    names = {"a.rttm.json", "b.rttm.json", "deep/a.rttm.json", "deep/er/c.rttm.json"}
    assert set(results(corpus)) == names
    for _, result in results(corpus).values():
        assert result["transfers"]


def test_what_is_done_is_not_done_again(corpus, capsys):
    analysed(capsys, corpus)
    before = results(corpus)
    talk(corpus / "new.rttm", 9)
    assert "5 recordings: 1 analysed, 4 done before" in analysed(capsys, corpus)
    after = results(corpus)
    assert {name: after[name] for name in before} == before
    assert len(record(corpus)) == 5


def test_a_file_of_another_kind_is_not_replaced_by_a_result(corpus, capsys):
    transcript = corpus.parent / "out" / "b.rttm.json"
    transcript.parent.mkdir()
    transcript.write_text('{"segments": []}')
    said = analysed(capsys, corpus, status=1)
    assert said.startswith("coach: 4 recordings: 3 analysed, 0 done before, 1 failed")
    assert transcript.read_text() == '{"segments": []}'


def test_content_counts_and_not_the_time_of_the_file(corpus, capsys):
    analysed(capsys, corpus)
    os.utime(corpus / "a.rttm", (1, 1))
    before = results(corpus)
    assert "0 analysed, 4 done before" in analysed(capsys, corpus)
    assert results(corpus) == before


@pytest.mark.parametrize("options", [("--pause", "3"), ("--people", "Ana,Ben"), ("--words",)])
def test_other_options_are_another_analysis(corpus, capsys, options):
    analysed(capsys, corpus)
    assert "4 analysed, 0 done before" in analysed(capsys, corpus, *options)


def test_a_changed_recording_is_analysed_anew_and_so_is_all_by_another_version(corpus, capsys, monkeypatch):
    analysed(capsys, corpus)
    talk(corpus / "a.rttm", 20)
    assert "1 analysed, 3 done before" in analysed(capsys, corpus)
    monkeypatch.setattr("coach.corpora.request.__version__", "99")
    assert "4 analysed, 0 done before" in analysed(capsys, corpus)


def test_a_recording_that_fails_stops_nothing_is_named_with_the_reason_and_tried_again(corpus, capsys):
    (corpus / "broken.wav").write_bytes(b"no sound at all")
    said = analysed(capsys, corpus, "--transcriber", "none", status=1)
    assert "5 recordings: 4 analysed, 0 done before, 1 failed" in said
    table = pq.read_table(corpus.parent / "out" / "recordings.parquet").to_pylist()
    (failed,) = [row for row in table if row["failed"]]
    assert failed["recording"] == "broken.wav"
    assert "is not a recording" in failed["failed"]
    talk(corpus / "broken.rttm", 5)
    (corpus / "broken.wav").unlink()
    assert "1 analysed, 4 done before, 0 failed" in analysed(capsys, corpus, "--transcriber", "none")


def test_several_processes_give_the_same_as_one(corpus, capsys):
    analysed(capsys, corpus)
    one = {name: result for name, (_, result) in results(corpus).items()}
    out = corpus.parent / "beside"
    assert main(["analyze", str(corpus), "--out", str(out), "--jobs", "2"]) == 0
    found = {path.relative_to(out).as_posix(): json.loads(path.read_text()) for path in out.rglob("*.json")}
    assert found == one


def test_a_line_that_a_crash_cut_short_is_ignored_and_the_next_one_whole(corpus, capsys):
    analysed(capsys, corpus)
    lines = (corpus.parent / "out" / "done.jsonl").read_bytes()
    (corpus.parent / "out" / "done.jsonl").write_bytes(lines[:-20])
    assert "0 analysed, 4 done before" in analysed(capsys, corpus)  # its result was written before the crash
    assert len(record(corpus)) == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_run_that_was_killed_goes_on_where_it_was(corpus, capsys):
    """The last recording is one that can never be read to its end, so that the run is killed in its middle."""
    os.mkfifo(corpus / "zz.rttm")
    out = corpus.parent / "out"
    child = subprocess.Popen(
        [sys.executable, "-m", "coach", "analyze", str(corpus), "--out", str(out)],
        env=os.environ | {"PYTHONPATH": HOME},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait("two results", lambda: (out / "done.jsonl").exists() and len(record(corpus)) >= 2, 120)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    before = results(corpus)
    (corpus / "zz.rttm").unlink()
    talk(corpus / "zz.rttm", 3)
    said = analysed(capsys, corpus)
    assert f"5 recordings: {5 - len(before)} analysed, {len(before)} done before, 0 failed" in said
    after = results(corpus)
    assert {name: after[name] for name in before} == before
    assert len(after) == 5


def crashing(folder: Path) -> Path:
    """A module that makes `crash.rttm` end the process that reads it, as a fault in a decoder does."""
    (folder / "sitecustomize.py").write_text(
        "import os\n"
        "import coach.runtime.segments as segments\n"
        "read = segments.conversations\n"
        "segments.conversations = lambda path: os._exit(9) if path.name == 'crash.rttm' else read(path)\n",
        encoding="utf-8",
    )
    return folder


def test_a_recording_that_kills_its_process_is_left_out_and_the_others_are_analysed(
    corpus, tmp_path, capsys, monkeypatch
):
    talk(corpus / "crash.rttm", 4)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(crashing(tmp_path)), HOME]))  # for the processes it starts
    assert main(["analyze", str(corpus), "--out", str(tmp_path / "out"), "--jobs", "2"]) == 1
    err = capsys.readouterr().err
    assert "crash.rttm crashed the analysis twice, and is left out" in err
    assert "5 recordings: 4 analysed, 0 done before, 1 failed" in err


def dying_once(folder: Path) -> Path:
    """A module that ends the first process which has written the result of `b.rttm`, before anybody hears of it."""
    (folder / "sitecustomize.py").write_text(
        "import os, pathlib\n"
        "rename = pathlib.Path.replace\n"
        "def dying(path, target):\n"
        "    done = rename(path, target)\n"
        f"    died = pathlib.Path({str(folder / 'died')!r})\n"
        "    if pathlib.Path(target).name == 'b.rttm.json' and not died.exists():\n"
        "        died.touch()\n"
        "        os._exit(9)\n"
        "    return done\n"
        "pathlib.Path.replace = dying\n",
        encoding="utf-8",
    )
    return folder


def test_a_recording_whose_process_died_after_it_was_analysed_counts_as_analysed_now(
    corpus, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(dying_once(tmp_path)), HOME]))  # for the processes it starts
    assert main(["analyze", str(corpus), "--out", str(tmp_path / "out"), "--jobs", "2"]) == 0
    assert (tmp_path / "died").exists()
    assert "4 recordings: 4 analysed, 0 done before, 0 failed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{corpus}", "{corpus}", "--out", "x"], "name one FOLDER alone"),
        (["{corpus}", "--out", "x", "--json"], "--json, --save and --page are for files"),
        (["{corpus}/deep/er/empty", "--out", "x"], "holds no recordings"),
    ],
)
def test_wrong_usage_is_told(corpus, arguments, says, capsys, monkeypatch):
    monkeypatch.chdir(corpus.parent)
    (corpus / "deep" / "er" / "empty").mkdir()
    assert main(["analyze", *(each.format(corpus=corpus) for each in arguments)]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_without_a_place_for_its_results_is_told(corpus, capsys):
    assert main(["analyze", str(corpus)]) == 1
    assert "is a folder; add --out DIR for its results" in capsys.readouterr().err
