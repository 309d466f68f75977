"""Ctrl-C while pages are open: their streams end, and the terminal says nothing of it."""

from __future__ import annotations

import http.client
from pathlib import Path

from tests.web.opened import Opened, opened


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
