"""`coach review --page`: an atomic file, private to its owner, with a one-line error on failure."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.main import main
from coach.core.errors import CoachError
from coach.core.settings import data_folder
from coach.review.page import write_page
from coach.review.page.rendering import inside_a_script
from coach.sessions import SessionHeader, Store
from coach.sessions.store import DATABASE_FILE
from tests.page.page_talk import ANA, BEN, told


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one session; a folder for the page."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    with Store(data_folder() / DATABASE_FILE) as store:
        store.write(store.begin(SessionHeader(people=(ANA, BEN), source="mic")), told())
    return tmp_path


def test_only_the_owner_can_read_the_page_even_if_it_replaced_another_file(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("old")
    path.chmod(0o644)
    write_page(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["page.html"]


def test_the_target_of_a_symbolic_link_is_written(tmp_path):
    (tmp_path / "link.html").symlink_to(tmp_path / "page.html")
    write_page(tmp_path / "link.html", "new")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").read_text() == "new"


def test_a_missing_folder_is_reported_in_one_line(tmp_path):
    with pytest.raises(CoachError, match=r"no such file or directory.*name a file in a folder that exists"):
        write_page(tmp_path / "nowhere" / "page.html", "new")


def test_only_files_are_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CoachError, match="which is not a file"):
        write_page(tmp_path / "pipe", "new")
    assert (tmp_path / "pipe").is_fifo()


def test_on_a_full_disk_the_old_page_is_kept_and_nothing_else_is_left(tmp_path):
    (tmp_path / "page.html").write_text("old")
    attempt = (
        "import resource, signal, sys, pathlib\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"  # like a full disk: no file gets larger
        "from coach.review.page.file import write_page\n"
        "from coach.core.errors import CoachError\n"
        "try:\n    write_page(pathlib.Path(sys.argv[1]), 'new' * 10_000)\n"
        "except CoachError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", attempt, str(tmp_path / "page.html")], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("the page cannot be written to")
    assert (tmp_path / "page.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["page.html"]


def test_the_command_writes_the_page_and_says_where(stored, capsys):
    path = stored / "page.html"
    assert main(["review", "--page", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    assert "2 after a breath of 2\N{NO-BREAK SPACE}s or more" in path.read_text(encoding="utf-8")


def test_the_command_replaces_a_file_only_if_it_is_told_to(stored, capsys):
    path = stored / "page.html"
    path.write_text("mine")
    assert main(["review", "--page", str(path)]) == 1
    assert "already exists and may contain your work; name another file, or add --overwrite" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert main(["review", "--page", str(path), "--overwrite"]) == 0
    assert path.read_text() != "mine"


def test_a_missing_session_leaves_no_page(stored, capsys):
    assert main(["review", "9", "--page", str(stored / "page.html")]) == 1
    assert "there is no session 9" in capsys.readouterr().err
    assert not (stored / "page.html").exists()


def test_open_needs_a_page_to_open(stored, capsys):
    assert main(["review", "--open"]) == 2
    assert "--page FILE.html" in capsys.readouterr().err


def test_open_passes_the_file_to_the_browser_or_says_that_there_is_none(stored, capsys, monkeypatch):
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: bool(shown.append(url)))  # a browser that cannot be started
    assert main(["review", "--page", str(stored / "page.html"), "--open"]) == 0
    assert shown == [(stored / "page.html").as_uri()]
    assert "no browser could be started" in capsys.readouterr().err


def test_no_text_can_end_the_script_that_contains_it():
    assert inside_a_script('a("</SCRIPT>", "<!--")') == 'a("<\\/SCRIPT>", "<\\!--")'
