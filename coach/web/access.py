"""Who may ask this server for anything.

A server on this machine can be reached by every web page that a browser on it has open. So each request has to name the
exact host and, if it changes anything, come from one of our own pages; and it must carry a cookie that only whoever
started the server can have got.

    printed link ── one-time key ──► /enter ──► cookie (HttpOnly, SameSite=Strict) ──► everything else

Whoever comes with the cookie enters by a used link, too. Otherwise a link that was good once gets a new one printed, so
that a browser that was closed meanwhile can come back. Style sheets and scripts, which hold nothing of anybody, need no
cookie.

| from                                        | is refused by                                   |
|---------------------------------------------|-------------------------------------------------|
| a web page of another site                  | Origin and Sec-Fetch-Site; SameSite; no CORS    |
| a name that was made to point here          | Host (DNS rebinding)                            |
| another user or program of this machine     | the cookie; a key works once, for a few minutes |
| a form or picture that asks with GET        | GET changes nothing                             |
| a body without end, a thousand connections  | `Limits`                                        |
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coach.web.rendering import render

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a request may hold, and for how long a key opens the door."""

    body: int = 64 * 1024  # bytes; the longest form is a note
    recording: int = 4 * 1024**3  # bytes; two hours of uncompressed stereo sound are 1.3 GB
    key_life: float = 300.0  # seconds from the link to its use
    keys: int = 16  # that wait to be used


class Door:
    """The keys and the cookie of one run of the server. `now` is a clock in seconds that never goes back."""

    def __init__(self, name: str, limits: Limits = Limits(), now: Callable[[], float] = time.monotonic) -> None:
        self.cookie_name = name
        self._limits, self._now = limits, now
        self._cookie = secrets.token_urlsafe(32)
        self._keys: dict[str, float] = {}  # when each ends
        self._former: deque[str] = deque(maxlen=limits.keys)  # that were used, or made room for others

    def new_key(self) -> str:
        """A key that opens the door once, within `Limits.key_life`."""
        while len(self._keys) >= self._limits.keys:
            self._former.append(oldest := next(iter(self._keys)))
            del self._keys[oldest]
        key = secrets.token_urlsafe(32)
        self._keys[key] = self._now() + self._limits.key_life
        return key

    def cookie_for(self, key: str) -> str | None:
        """The cookie, if `key` is good; the key is used up then."""
        ends = self._keys.pop(key, None)
        if ends is not None:
            self._former.append(key)
        return self._cookie if ends is not None and self._now() < ends else None

    def gave(self, key: str) -> bool:
        """Whether `key` was one of the latest good ones."""
        return key in self._former

    def knows(self, cookies: str) -> bool:
        """Whether the header Cookie holds our cookie."""
        try:
            found = SimpleCookie(cookies).get(self.cookie_name)
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._cookie.encode())


class Guard:
    """Passes on what may be asked, and refuses the rest. `hosts` are the exact values that Host may have.

    `large` names the paths whose body is a recording. `renew` is called when somebody comes with a link that was good.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        door: Door,
        hosts: Iterable[str],
        large: Iterable[str] = (),
        limits: Limits = Limits(),
        renew: Callable[[], object] = lambda: None,
    ) -> None:
        self._app, self._door, self._limits, self._renew = app, door, limits, renew
        self._hosts, self._large = frozenset(hosts), frozenset(large)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request: with a refusal, or with what the app says, under our headers. Ignores websockets."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websocket is offered
        refused = self._refused(scope)
        answering = with_headers(send)
        if refused is not None:
            await refused(scope, receive, answering)
            return
        body = _Bounded(receive, self._most(scope))
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if not body.too_large:
                begun = True
                await answering(message)

        try:
            await self._app(scope, body.receive, answer)
        except Exception:
            if not body.too_large:
                raise
        if body.too_large and not begun:
            await _too_large()(scope, receive, answering)

    def _refused(self, scope: Scope) -> Response | None:
        headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return _no("this address is not served here", 421)
        if method not in ("GET", "HEAD", "POST"):
            return _no("this cannot be asked here", 405)
        origins = headers.getlist("origin")
        if any(origin != f"http://{hosts[0]}" for origin in origins) or (method == "POST" and not origins):
            return _no("this was asked from another page", 403)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return _no("this was asked from another page", 403)
        if path == "/enter" and method == "GET":
            return self._enter(scope)
        if not self._comes_back(headers) and not (path.startswith("/static/") and method == "GET"):
            if method == "GET" and "text/html" in headers.get("accept", ""):
                return _in_front(scope, used=False, status=401)
            return _no("this page opens with `coach open`: please use the link that it shows", 401)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most(scope):
            return _too_large()
        return None

    def _enter(self, scope: Scope) -> Response:
        key = scope["query_string"].decode("latin-1")
        cookie = self._door.cookie_for(key)
        if cookie is None and not self._comes_back(Headers(scope=scope)):
            if known := self._door.gave(key):
                self._renew()
            return _in_front(scope, used=known, status=403)
        response = RedirectResponse("/", status_code=303)
        if cookie is not None:
            response.set_cookie(self._door.cookie_name, cookie, httponly=True, samesite="strict", path="/")
        return response

    def _comes_back(self, headers: Headers) -> bool:
        return self._door.knows("; ".join(headers.getlist("cookie")))

    def _most(self, scope: Scope) -> int:
        return self._limits.recording if scope["path"] in self._large else self._limits.body


class _Bounded:
    """The body of a request, which seems to break off once it is longer than `most` bytes, stated or not."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self._seen = 0
        self.too_large = False

    async def receive(self) -> Message:
        if self.too_large:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._most:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message


def with_headers(send: Send) -> Send:
    """`send`, which adds `HEADERS` and the content policy to every answer that brings none of its own."""

    async def answering(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", CONTENT_POLICY)
        await send(message)

    return answering


def _in_front(scope: Scope, *, used: bool, status: int) -> Response:
    """A page for somebody without our cookie, who came with a used link or with none."""
    response = render(Request(scope), "door.html.jinja", used=used)
    response.status_code = status
    response.headers["connection"] = "close"
    return response


def _no(why: str, status: int) -> Response:
    return PlainTextResponse(why, status, {"connection": "close"})


def _too_large() -> Response:
    return _no("this is larger than anything the page sends", 413)
