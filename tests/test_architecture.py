"""Imports between packages follow the allowed arrows and use only public faces."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import coach

HOME = Path(coach.__file__).parent

# Each package may import these and nothing else.
MAY_IMPORT = {
    "core": set(),
    "audio": {"core"},
    "vad": {"core"},
    "diarization": {"core", "vad"},
    "conversation": {"core"},
    "asr": {"core", "vad", "conversation"},
    "meaning": {"core", "conversation"},
    "coaching": {"core", "conversation", "meaning"},
    "sessions": {"core", "conversation", "coaching"},
    "cues": {"core", "conversation", "coaching", "audio"},
    "review": {"core", "conversation", "meaning", "coaching", "sessions"},
    "runtime": {
        "core", "audio", "vad", "diarization", "conversation", "asr", "meaning", "coaching", "sessions", "cues",
        "review",
    },
    "corpora": {"core", "audio", "vad", "asr", "review", "runtime"},
}  # fmt: skip
ROOMS = [*MAY_IMPORT, "web", "cli"]


def imports(file: Path) -> Iterator[tuple[str, str]]:
    """The (module, name) pairs that `file` imports from the coach; the name is "" for `import coach.x`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: imports are absolute"
            if node.module and node.module.split(".")[0] == "coach":
                yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.startswith("coach."))


def faults(room: str, file: Path) -> list[str]:
    """The imports of `file`, in the package `room`, that are not allowed."""
    found = []
    for module, name in imports(file):
        there = module.split(".")[1:] or [name]
        if there[0] not in ROOMS or there[0] == room:
            continue
        if there[0] not in MAY_IMPORT.get(room, set(ROOMS) - {"web" if room == "cli" else "cli"}):
            found.append(f"{file.name} of {room} imports {module}, which that room may not know")
        elif not is_public(module, name):
            found.append(f"{file.name} of {room} imports {module}.{name}, past the public face of {there[0]}")
    return found


def is_public(module: str, name: str) -> bool:
    """Whether every package on the way to `module` names the next step in its `__all__`, and the last one `name`."""
    steps = [*module.split(".")[1:], *([name] if name else [])]
    for depth in range(1, len(steps)):
        package = importlib.import_module(".".join(["coach", *steps[:depth]]))
        if not hasattr(package, "__path__"):
            return True  # everything in a module that its package exports is public
        if steps[depth] not in package.__all__:
            return False
    return True


def test_every_package_is_in_the_table():
    assert sorted(ROOMS) == sorted(path.name for path in HOME.iterdir() if (path / "__init__.py").exists())


@pytest.mark.parametrize("room", ROOMS)
def test_a_package_imports_only_packages_below_it_through_their_public_faces(room):
    found = [fault for file in sorted((HOME / room).rglob("*.py")) for fault in faults(room, file)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("room", ROOMS)
def test_a_public_face_exports_existing_public_names_only(room):
    package = importlib.import_module(f"coach.{room}")
    assert package.__doc__
    for name in package.__all__:
        assert not name.startswith("_")
        assert hasattr(package, name) or importlib.import_module(f"coach.{room}.{name}")


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("conversation", "from coach.audio import Block"),
        ("audio", "import coach.coaching.policy"),
        ("meaning", "from coach.coaching import Catalogue"),
        ("runtime", "from coach.audio.playback_queue import PlaybackQueue"),
        ("sessions", "from coach.cli import main"),
    ],
)
def test_an_import_that_the_table_does_not_allow_is_found(room, line, tmp_path):
    file = tmp_path / "astray.py"
    file.write_text(line, encoding="utf-8")
    assert len(faults(room, file)) == 1
