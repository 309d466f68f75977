"""Begin offers the microphones that are plugged in now, and not those that were when the coach was started."""

from __future__ import annotations

import http.client
from pathlib import Path

from coach.core.texts import texts
from tests.web.made_microphones import MadeMicrophones
from tests.web.opened import Opened, opened


def first_page(coach: Opened, path: str, cookie: str = "") -> tuple[str, str]:
    """What is answered, and the cookie that came with it."""
    page = http.client.HTTPConnection(coach.origin.removeprefix("http://"), timeout=60)
    page.request("GET", path, headers={"cookie": cookie})
    answer = page.getresponse()
    text = answer.read().decode()
    page.close()
    return text, (answer.getheader("set-cookie") or "").partition(";")[0]


def test_a_microphone_that_is_plugged_in_later_is_found_when_the_page_is_opened_again(tmp_path: Path) -> None:
    made = MadeMicrophones(tmp_path)
    with opened(tmp_path, env=made.env) as coach:
        _, cookie = first_page(coach, coach.link.removeprefix(coach.origin))
        says = texts("en")
        assert says["begin.no_microphone"] in first_page(coach, "/", cookie)[0]
        made.plug("Desk microphone")
        found = first_page(coach, "/", cookie)[0]
        assert "<option>Desk microphone</option>" in found
        assert says["begin.no_microphone"] not in found
