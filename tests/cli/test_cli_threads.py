"""The number of threads that a command uses for matrices."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from coach.cli.main import ONE_THREAD, main

ASKED = """
import sys
from coach.cli.main import main
assert "numpy" not in sys.modules, "numpy has looked already"
main(["read", sys.argv[1]])
from threadpoolctl import threadpool_info
print({library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}, file=sys.stderr)
"""


def test_numpy_uses_one_thread(tmp_path: Path) -> None:
    talk = tmp_path / "talk.txt"
    talk.write_text("Ana: I went there and it was raining all day.\n", encoding="utf-8")
    home = str(Path(main.__code__.co_filename).parents[2])
    told = {name: value for name, value in os.environ.items() if name not in {*ONE_THREAD, "OMP_NUM_THREADS"}}
    child = subprocess.run(
        [sys.executable, "-c", ASKED, str(talk)],
        env=told | {"PYTHONPATH": home, "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stderr.splitlines()[-1] == "{1}"
