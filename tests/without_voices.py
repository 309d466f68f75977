"""Child processes in which speech libraries are missing: what the variable MISSING names, separated by spaces."""

from __future__ import annotations

from pathlib import Path

EVERY = "hibari py_nanotts pyttsx3"
WITHOUT = """
import ctypes, ctypes.util, os, sys
missing = os.environ["MISSING"].split()
sys.modules.update(dict.fromkeys(missing))  # so that importing them fails
if "espeak" in missing:
    found = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None if "espeak" in name else found(name)
    real = ctypes.CDLL
    class CDLL(real):
        def __init__(self, name, *args, **kwargs):
            if name and "espeak" in str(name):
                raise OSError(f"{name}: cannot open shared object file")
            super().__init__(name, *args, **kwargs)
    ctypes.CDLL = CDLL
    ctypes.cdll = ctypes.LibraryLoader(CDLL)
"""


def without_voices(folder: Path) -> dict[str, str]:
    """The environment of such processes, without the program of a system voice; `folder` is made for it."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "PATH": str(folder)}
