"""Parallel analysis: worker processes that end with their parent."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.main import main
from coach.corpora.workers import ctrl_c_afterwards

HOME = str(Path(main.__code__.co_filename).parents[2])
SCRIPT = str(Path(sys.executable).with_name("coach"))
FORKS = (
    "import os, sys; os.register_at_fork(before=lambda: print('forked', file=sys.stderr, flush=True)); "
    "from coach.cli import main; sys.exit(main())"
)
PATIENCE_S = 60.0
TALK = "SPEAKER talk 1 1.0 6.5 <NA> <NA> Ana <NA> <NA>\nSPEAKER talk 1 8.1 5.4 <NA> <NA> Ben <NA> <NA>\n"


@pytest.fixture
def talks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    names = ["one.rttm", "two.rttm", "three.rttm"]
    for name in names:
        Path(name).write_text(TALK, encoding="utf-8")
    return names


@pytest.mark.parametrize("start", [(sys.executable, "-m", "coach"), (SCRIPT,), (sys.executable, "-c", FORKS)])
def test_parallel_analysis_uses_spawned_processes(talks: list[str], start: tuple[str, ...]):
    """A fork copies locks that other threads hold, such as that of the progress bar."""
    if not shutil.which(start[0]):
        pytest.skip("the package is not installed as a command here")
    done = subprocess.run(
        [*start, "analyze", "--json", "--jobs", "2", *talks],
        env=os.environ | {"PYTHONPATH": HOME},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["recording"]["name"] for line in done.stdout.splitlines()] == talks


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_ctrl_c_ends_all_workers_immediately(talks: list[str]):
    waiting = [f"waits-{n}.rttm" for n in range(4)]
    for name in waiting:
        os.mkfifo(name)  # nothing is ever written to it, so reading it never ends
    child = subprocess.Popen(
        [sys.executable, "-m", "coach", "analyze", "--json", "--jobs", "2", talks[0], *waiting],
        env=os.environ | {"PYTHONPATH": HOME},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert child.stdout
        assert child.stdout.readline()  # the first file is done, so the others have begun
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does
        _, err = child.communicate(timeout=PATIENCE_S)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
    assert (child.returncode, err.strip()) == (130, "")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system cannot hold a signal back")
def test_ctrl_c_while_a_task_is_given_out_is_not_lost():
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), ctrl_c_afterwards():
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
