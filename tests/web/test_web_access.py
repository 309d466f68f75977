"""Who is refused: other sites, other host names, old keys, bodies without end, a thousand connections."""

from __future__ import annotations

import resource
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from coach.web.access import Door, Guard, Limits
from coach.web.connections import MOST
from coach.web.server import HERE, bound
from tests.waiting import wait
from tests.web.serving import Answer, Clock, asked, served

GIGABYTE = 1024**3


@dataclass
class Site:
    """A guarded server with one page that can be looked at, and one that changes something."""

    port: int
    door: Door
    clock: Clock
    changed: list[int]
    renewed: list[str]
    cookie: str = field(default="")

    def asked(self, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> Answer:
        return asked(self.port, method, path, body, **{"cookie": self.cookie, **headers})

    @property
    def origin(self) -> str:
        return f"http://{HERE}:{self.port}"


@pytest.fixture
def site() -> Iterator[Site]:
    changed: list[int] = []

    async def look(request: Request) -> Response:
        return PlainTextResponse("a page")

    async def change(request: Request) -> Response:
        changed.append(len(await request.body()))
        return PlainTextResponse("done")

    here = bound(HERE, 0)
    port = here.getsockname()[1]
    clock = Clock()
    door = Door("coach", now=clock)
    renewed: list[str] = []
    app = Starlette(
        routes=[
            Route("/", look),
            Route("/change", change, methods=["POST"]),
            Mount("/static", StaticFiles(packages=[("coach.web", "static")])),
        ]
    )
    guard = Guard(app, door=door, hosts=[f"{HERE}:{port}"], renew=lambda: renewed.append(door.new_key()))
    with served(guard, here):
        site = Site(port, door, clock, changed, renewed)
        entered = site.asked(path=f"/enter?{door.new_key()}")
        assert (entered.status, entered.headers["location"]) == (303, "/")
        told = entered.headers["set-cookie"]
        assert "HttpOnly" in told
        assert "SameSite=strict" in told
        site.cookie = told.partition(";")[0]
        yield site


def test_our_own_page_may_look_and_change(site):
    assert site.asked().body == b"a page"
    assert site.asked("POST", "/change", b"{}", origin=site.origin, sec_fetch_site="same-origin").body == b"done"


def test_every_answer_forbids_other_sources_and_framing(site):
    headers = site.asked().headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://localhost"])
def test_another_origin_may_neither_change_nor_look(site, origin):
    assert site.asked("POST", "/change", b"{}", origin=origin).status == 403
    assert site.asked(origin=origin).status == 403
    assert site.changed == []


def test_a_change_without_an_origin_is_refused(site):
    assert site.asked("POST", "/change", b"{}").status == 403


@pytest.mark.parametrize("came", ["cross-site", "same-site"])
def test_what_a_browser_says_came_from_another_site_is_refused(site, came):
    assert site.asked(sec_fetch_site=came).status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example", "[::1]"])
def test_another_host_name_is_refused_even_if_it_points_here(site, host):
    assert site.asked(host=host).status == 421
    assert site.asked("POST", "/change", b"{}", host=host, origin=f"http://{host}").status == 421
    assert site.changed == []


def test_two_host_names_are_refused(site):
    hosts = f"Host: {HERE}:{site.port}\r\nHost: evil"
    with socket.create_connection((HERE, site.port)) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\n{hosts}\r\nCookie: {site.cookie}\r\n\r\n".encode())
        assert raw.recv(100).split()[1] in (b"400", b"421")


@pytest.mark.parametrize("cookie", ["", "coach=", "coach=guessed", "other=1", '"'])
def test_without_our_cookie_nothing_is_shown(site, cookie):
    assert site.asked(cookie=cookie).status == 401


def test_a_key_opens_once(site):
    key = site.door.new_key()
    assert site.asked(path=f"/enter?{key}", cookie="").status == 303
    assert site.asked(path=f"/enter?{key}", cookie="").status == 403


def test_a_used_link_leads_a_browser_that_came_by_it_to_the_page(site):
    key = site.door.new_key()
    site.asked(path=f"/enter?{key}")
    again = site.asked(path=f"/enter?{key}")
    assert (again.status, again.headers["location"]) == (303, "/")
    assert "set-cookie" not in again.headers
    assert site.renewed == []


def test_a_used_link_says_where_a_new_one_is_and_a_guessed_one_brings_none(site):
    key = site.door.new_key()
    site.asked(path=f"/enter?{key}", cookie="")
    refused = site.asked(path=f"/enter?{key}", cookie="", accept_language="de")
    assert refused.status == 403
    assert "Ein neuer Link steht in dem Terminal" in refused.body.decode()
    assert len(site.renewed) == 1
    assert site.asked(path=f"/enter?{site.renewed[0]}", cookie="").status == 303
    assert site.asked(path="/enter?guessed", cookie="").status == 403
    assert len(site.renewed) == 1


def test_a_link_that_is_too_old_brings_a_new_one(site):
    key = site.door.new_key()
    site.clock.now += Limits().key_life
    assert site.asked(path=f"/enter?{key}", cookie="").status == 403
    assert len(site.renewed) == 1


def test_a_browser_without_the_cookie_gets_a_page_in_words_with_its_style(site):
    refused = site.asked(cookie="", accept="text/html,*/*;q=0.8")
    assert refused.status == 401
    assert "<h1>This page opens with a link</h1>" in refused.body.decode()
    assert site.asked(path="/static/coach.css", cookie="").status == 200
    assert site.asked("POST", "/static/coach.css", cookie="", origin=site.origin).status == 401


def test_an_old_key_opens_nothing(site):
    key = site.door.new_key()
    site.clock.now += Limits().key_life
    assert site.asked(path=f"/enter?{key}", cookie="").status == 403


@pytest.mark.parametrize("key", ["", "guessed", "key=1"])
def test_a_wrong_key_opens_nothing(site, key):
    assert site.asked(path=f"/enter?{key}", cookie="").status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_so_there_is_no_preflight(site, method):
    assert site.asked(method, "/change", origin=site.origin).status == 405


def test_looking_changes_nothing(site):
    assert site.asked("GET", "/change").status == 405
    assert site.changed == []


def test_a_body_of_a_gigabyte_is_refused_before_it_is_sent(site):
    head = f"POST /change HTTP/1.1\r\nHost: {HERE}:{site.port}\r\nOrigin: {site.origin}\r\nCookie: {site.cookie}\r\n"
    with socket.create_connection((HERE, site.port), timeout=10) as raw:
        raw.sendall(f"{head}Content-Length: {GIGABYTE}\r\n\r\n".encode())
        assert raw.recv(100).split()[1] == b"413"
    assert site.changed == []


def test_a_body_without_a_stated_length_is_cut_off(site):
    head = f"POST /change HTTP/1.1\r\nHost: {HERE}:{site.port}\r\nOrigin: {site.origin}\r\nCookie: {site.cookie}\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection((HERE, site.port), timeout=10) as raw:
        raw.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        try:
            while sent < GIGABYTE:
                raw.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass  # the server has hung up
        else:
            pytest.fail("all of it was taken")
    assert site.changed == []
    assert sent < 64 * 1024**2


def test_a_thousand_connections_leave_room_for_the_page(site):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    idle = [socket.create_connection((HERE, site.port), timeout=10) for _ in range(1000)]
    try:
        assert site.asked().body == b"a page"

        def dropped() -> int:
            return sum(_hung_up(each) for each in idle)

        wait("idle connections to be dropped", lambda: dropped() >= 1000 - MOST)
        assert site.asked("POST", "/change", b"{}", origin=site.origin).status == 200
    finally:
        for each in idle:
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _hung_up(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_a_door_keeps_few_keys():
    door = Door("coach")
    first = door.new_key()
    for _ in range(Limits().keys):
        door.new_key()
    assert door.cookie_for(first) is None
