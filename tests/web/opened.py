"""`coach open` as people start it, and the browser that looks at it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.waiting import wait

WIDTHS = (360, 820, 1400)


@dataclass
class Opened:
    """A running `coach open`: the link that it printed, and all that it says."""

    link: str
    said: list[str]

    @property
    def origin(self) -> str:
        return self.link.partition("/enter")[0]


@contextmanager
def opened(home: Path | None, *options: str, env: Mapping[str, str] = os.environ) -> Iterator[Opened]:
    """Runs `coach open` with data in `home`, or where `env` says, until the block ends; then it gets a Ctrl-C."""
    places = {name: str(home / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")} if home is not None else {}
    program = subprocess.Popen(
        [sys.executable, "-m", "coach", "open", "--no-browser", *options],
        env={**env, **places},
        stderr=subprocess.PIPE,
        text=True,
    )
    said: list[str] = []
    assert program.stderr is not None
    reader = threading.Thread(target=lambda: said.extend(program.stderr or []))
    reader.start()
    try:
        found: list[str] = []

        def link() -> bool:
            assert program.poll() is None, "".join(said)
            found[:] = re.findall(r"http://\S+", "".join(said))
            return bool(found)

        wait("the link", link, 60)
        yield Opened(found[0], said)
    finally:
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=60) == 0, "".join(said)
        reader.join()
        strange = [line for line in said if not line.startswith("coach: ")]
        assert not strange, "".join(strange)  # such as the traceback of a page that went away


@dataclass
class Watch:
    """What a browser complains of, and whom it asks."""

    context: BrowserContext
    origin: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("request", self._request)

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            self.faults.append(getattr(message, "text", ""))

    def _request(self, request: object) -> None:
        url = getattr(request, "url", "")
        if not url.startswith((self.origin, "data:")):
            self.faults.append(f"asked {url}")


def looked_at(page: Page, name: str, pictures: Path) -> None:
    """Nothing serious for axe in light and dark; no line is cut off at any width. Leaves pictures of all."""
    pictures.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        serious = [
            (one["id"], one["nodes"][0]["html"])
            for one in Axe().run(page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], (name, scheme)
    page.emulate_media(color_scheme="light")
