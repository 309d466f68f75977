"""What a command imports before it does anything: large libraries wait until something needs them."""

from __future__ import annotations

import subprocess
import sys

LARGE = {"scipy", "onnxruntime", "pyarrow", "moonshine_voice", "faster_whisper", "livekit", "textual", "uvicorn"}

STARTED = """
import sys
from coach.cli.main import main
assert main(["listen", "--help"]) == 0
print(*sys.modules, file=sys.stderr)
"""


def test_listening_starts_without_what_only_some_talks_need() -> None:
    done = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert not LARGE & set(done.stderr.split())
