"""Measures what the live page costs: processor time of the server with five viewers, one of them stalled.

    scripts/bench/run page                 40 s without a page, and a minute with five viewers
    scripts/bench/run page --seconds 30    shorter

A session of the sample runs in `coach open` as a person starts it. Five viewers ask for its stream; the fifth never
reads, so that its socket fills. Processor time is read from /proc: with the viewers, and without any. The difference is
what the live view costs. Whether hearing was late is what the server itself reports.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from scripts.bench.machine import machine
from scripts.bench.results.tables import Row, tell

VIEWERS = 5
WARM_UP_S = 20.0  # the networks are loaded, and the check-in of the sample is over


def processor_s(pid: int) -> float:
    """Seconds of processor time that the process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Viewer(threading.Thread):
    """Reads the stream, counts the states and how many of them said that hearing was late."""

    def __init__(self, host: str, cookie: str) -> None:
        super().__init__(daemon=True)
        self._connection = http.client.HTTPConnection(host)
        self._cookie = cookie
        self.states = self.late = 0
        self.over = False

    def run(self) -> None:
        self._connection.request("GET", "/stream", headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        while not self.over and (line := answer.readline()):
            if line.startswith(b"data:"):
                state = json.loads(line[5:])
                self.states += 1
                self.late += bool(state.get("late"))


def post(host: str, path: str, cookie: str) -> None:
    connection = http.client.HTTPConnection(host, timeout=120)
    headers = {"Cookie": cookie, "Origin": f"http://{host}", "Content-Type": "application/json"}
    connection.request("POST", path, "{}", headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.read().decode()}")


def measured(pid: int, seconds: float) -> float:
    """The share of a core that the process uses over so many seconds."""
    before = processor_s(pid)
    time.sleep(seconds)
    return (processor_s(pid) - before) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of watching; default 60")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        command = [sys.executable, "-m", "coach", "open", "--no-browser"]
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as coach:
            try:
                assert coach.stderr is not None
                found = re.search(r"http://(\S+?)(/enter\S+)", coach.stderr.readline())
                if found is None:
                    raise SystemExit("the server did not start")
                host, link = found.groups()
                entrance = http.client.HTTPConnection(host)
                entrance.request("GET", link)
                cookie = (entrance.getresponse().headers["set-cookie"] or "").partition(";")[0]
                post(host, "/sample", cookie)
                time.sleep(WARM_UP_S)
                alone = measured(coach.pid, min(chosen.seconds, 40.0))  # a session without a page ends after 60 s
                viewers = [Viewer(host, cookie) for _ in range(VIEWERS - 1)]
                for viewer in viewers:
                    viewer.start()
                name, _, port = host.partition(":")
                with socket.create_connection((name, int(port))) as stalled:
                    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    stalled.sendall(f"GET /stream HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
                    watched = measured(coach.pid, chosen.seconds)
                states = sum(viewer.states for viewer in viewers) / len(viewers) / chosen.seconds
                late = sum(viewer.late for viewer in viewers)
                for viewer in viewers:
                    viewer.over = True
            finally:
                coach.send_signal(signal.SIGINT)
    rows = [
        Row("processor while listening, no page", percent(alone), "%"),
        Row(f"with {VIEWERS} viewers, one stalled", percent(watched), "%"),
        Row("what the live view costs, of one core", percent(watched - alone), "%", "≤ 3"),
        Row("states a viewer gets, a second", round(states, 1), ""),
        Row("states that said hearing was late", late, "", "0"),
    ]
    tell("page", where, rows, {}, as_json=chosen.json)


def percent(share: float) -> float:
    return round(100 * share, 1)


if __name__ == "__main__":
    main()
