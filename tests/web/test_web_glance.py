"""The live view on a phone: only whoever has the link of the session that runs, only to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from coach.web.glance import Glance
from coach.web.server import HERE, bound
from coach.web.stream import Stream
from tests.web.serving import asked, served


@dataclass
class Phone:
    port: int
    glance: Glance
    running: list[int]

    @property
    def path(self) -> str:
        return "/" + self.glance.link().address.rpartition("/")[2]

    def status(self, path: str, method: str = "GET", **headers: str) -> int:
        return asked(self.port, method, path, **headers).status


@pytest.fixture
def phone() -> Iterator[Phone]:
    running = [1]
    here = bound(HERE, 0)
    port = here.getsockname()[1]
    glance = Glance(Stream(), HERE, port, lambda: running[0])
    with served(glance.app, here):
        yield Phone(port, glance, running)


def test_the_link_opens_a_page_that_runs_only_its_own_scripts(phone):
    answer = asked(phone.port, path=phone.path)
    assert answer.status == 200
    assert b"<button" not in answer.body
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert phone.status(f"{phone.path}/static/glance.js") == 200


def test_the_code_holds_the_link(phone):
    link = phone.glance.link()
    assert link.address.startswith(f"http://{HERE}:{phone.port}/")
    assert link.code.startswith("data:image/svg+xml")


@pytest.mark.parametrize("path", ["/", "/guessed", "/guessed/stream", "/static/coach.css", "/live", "/sessions"])
def test_nothing_opens_without_the_key(phone, path):
    phone.glance.link()
    assert phone.status(path) == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_can_only_be_looked_at(phone, method):
    assert phone.status(phone.path, method) == 403


def test_another_host_name_is_refused(phone):
    assert phone.status(phone.path, host="evil.example") == 403


def test_the_link_ends_with_its_session(phone):
    path = phone.path
    phone.running[0] = 0
    assert phone.status(path) == 403
    phone.running[0] = 2
    assert phone.status(path) == 403
    assert phone.status(phone.path) == 200
