"""What the terminal shows while pages are open: only what the coach says, also when Ctrl-C ends their streams."""

from __future__ import annotations

import http.client
import subprocess
import sys
from pathlib import Path

from tests.web.opened import Opened, opened

SERVING = """
import os, sys
from pathlib import Path
from coach.core.errors import CoachError
from coach.sessions import Store
from coach.web.server import Wish, serve

def say(line):
    os.write(2, b"underrun occurred\\n")  # as a sound library does, on threads of its own
    print(line.partition(":")[0], file=sys.stderr)
    raise CoachError("enough")

with Store(Path(sys.argv[1]) / "coach.db") as store:
    try:
        serve(store, Wish(browser=False), say)
    except CoachError as error:
        print(error, file=sys.stderr)
"""


def test_what_sound_libraries_print_does_not_reach_the_terminal(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SERVING, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["open this page in a browser on this machine", "enough"]


def a_browser(coach: Opened) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    """A connection that came by the link, and the headers that its pages send."""
    page = http.client.HTTPConnection(coach.origin.removeprefix("http://"), timeout=60)
    page.request("GET", coach.link.removeprefix(coach.origin))
    entered = page.getresponse()
    entered.read()
    return page, {"cookie": (entered.getheader("set-cookie") or "").partition(";")[0], "origin": coach.origin}


def test_ctrl_c_while_a_page_is_open_ends_its_stream_and_says_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as coach:
        page, headers = a_browser(coach)
        page.request("GET", "/stream", headers=headers)
        stream = page.getresponse()
        assert b'"stage":"begin"' in stream.readline()
    assert stream.read().strip() == b"", "it came to its end, and was not cut off"
    page.close()


def test_ctrl_c_while_a_recording_is_on_its_way_says_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as coach:
        page, headers = a_browser(coach)
        page.request(
            "POST", "/recordings?name=talk.wav", headers={**headers, "content-length": "9", "expect": "100-continue"}
        )
        assert page.sock.recv(100).startswith(b"HTTP/1.1 100"), "it waits for the nine bytes"
    page.close()
