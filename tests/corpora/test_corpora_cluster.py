"""`coach analyze FOLDER --cluster`: a real scheduler with two workers, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from coach.cli.main import main
from tests.corpora.talks import talk
from tests.waiting import wait

HOME = str(Path(main.__code__.co_filename).parents[2])
PATIENCE_S = 240.0  # on a machine that others use
SLOWLY = """
import os, time
import coach.runtime.segments as segments
read = segments.conversations
def slowly(path):
    with open(os.environ["BEGUN"], "a") as begun:
        begun.write(f"{os.getpid()} {path.name}\\n")
    time.sleep(0.2)
    return read(path)
segments.conversations = slowly
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]], Path]]:
    """The address of a scheduler, its two workers, and the file in which they note what they begin."""
    (tmp_path / "sitecustomize.py").write_text(SLOWLY, encoding="utf-8")
    begun = tmp_path / "begun.txt"
    begun.touch()
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), HOME]), "BEGUN": str(begun)}
    started: list[subprocess.Popen[str]] = []

    def start(what: str, *options: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *options],
            env=env,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        started.append(child)
        return child

    try:
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        assert scheduler.stderr
        address = next(
            found[0] for line in scheduler.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)) is not None
        )
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
        workers = [start("worker", address, *options) for _ in range(2)]
        for worker in workers:
            assert worker.stderr
            assert any("Registered to" in line for line in worker.stderr)
        yield address, workers, begun
    finally:
        for child in started:
            child.kill()
            child.wait()


def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_nothing_is_done_twice(cluster, tmp_path, monkeypatch):
    address, workers, begun = cluster
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    names = [f"{n:02}.rttm" for n in range(16)]
    for n, name in enumerate(names):
        talk(tmp_path / "corpus" / name, n)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "coach", "analyze", str(tmp_path / "corpus"), "--out", str(out)]
    run = subprocess.Popen(
        [*command, "--cluster", address], env=os.environ | {"PYTHONPATH": HOME}, stderr=subprocess.PIPE, text=True
    )

    def both_work() -> bool:
        lines = begun.read_text(encoding="utf-8").splitlines()
        return len(lines) >= 4 and len({line.split()[0] for line in lines}) == 2

    try:
        wait("work of both", both_work, PATIENCE_S)
        os.kill(workers[0].pid, signal.SIGKILL)
        _, said = run.communicate(timeout=PATIENCE_S)
    finally:
        run.kill()
    assert run.returncode == 0, said
    counts = re.search(r"16 recordings: (\d+) analysed, (\d+) done before, 0 failed", said)
    assert counts is not None, said
    analysed, before = map(int, counts.groups())  # the killed worker may have kept a result that it could not tell of
    assert analysed + before == len(names)
    assert before <= 1
    record = [json.loads(line) for line in (out / "done.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(each["name"] for each in record) == names
    rows = pq.read_table(out / "recordings.parquet").to_pylist()
    assert [row["recording"] for row in rows] == names
    work = [line.split() for line in begun.read_text(encoding="utf-8").splitlines()]
    again = [name for _, name in work if [each for _, each in work].count(name) > 1]
    assert len(set(again)) <= 1  # only what the killed worker was at
    assert main(["analyze", str(tmp_path / "corpus"), "--out", str(tmp_path / "here")]) == 0
    for name in names:
        assert (out / f"{name}.json").read_bytes() == (tmp_path / "here" / f"{name}.json").read_bytes()


def test_no_scheduler_and_no_dask_are_told_in_one_line(tmp_path, monkeypatch, capsys):
    talk(tmp_path / "corpus" / "a.rttm")
    monkeypatch.setattr("coach.corpora.workers.CONNECTED_S", 0.2)
    arguments = ["analyze", str(tmp_path / "corpus"), "--out", str(tmp_path / "out"), "--cluster", "tcp://127.0.0.1:9"]
    assert main(arguments) == 1
    assert "no scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(arguments) == 1
    assert "pip install 'listening-coach[cluster]'" in capsys.readouterr().err
