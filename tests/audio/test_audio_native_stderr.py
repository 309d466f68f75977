"""Output of native libraries is silenced, Python's is not."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import os, sys
from coach.audio.native_stderr import silence_native_stderr
os.write(2, b"native before\\n")
with silence_native_stderr():
    os.write(2, b"native within\\n")
    print("python within", file=sys.stderr)
    print("screen within", file=sys.__stderr__)
os.write(2, b"native after\\n")
print("python after", file=sys.stderr)
"""


def test_only_output_of_libraries_is_dropped_and_only_inside_the_block():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert sorted(done.stderr.splitlines()) == [
        "native after",
        "native before",
        "python after",
        "python within",
        "screen within",
    ]


def test_a_replaced_standard_error_is_left_alone():
    code = """
import io, sys
from coach.audio.native_stderr import silence_native_stderr
sys.stderr = caught = io.StringIO()
with silence_native_stderr():
    print("caught", file=sys.stderr)
sys.stdout.write(caught.getvalue())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "caught\n"
