"""Whisper models on this machine: which are installed, where they are stored, and how to download one.

A model is a folder in CTranslate2's format. `coach setup whisper NAME` stores models in `models/` of the user's data
folder; any other folder can be given by its path. Only `download_whisper` uses the network; everything else reads the
disk.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from coach.core.errors import BadSetting, CoachError, Missing, first_line
from coach.core.settings import data_folder, private_folder

NEEDED = ("model.bin", "config.json", "tokenizer.json")  # without tokenizer.json, faster-whisper looks online
FILES = [*NEEDED, "preprocessor_config.json", "vocabulary.*"]
SIZES = ("tiny.en", "tiny", "base.en", "base", "small.en", "small", "medium.en", "medium", "large-v2", "large-v3")
HUB_NAMES = {size: f"Systran/faster-whisper-{size}" for size in SIZES}
TURBO = "large-v3-turbo"
HUB_NAMES[TURBO] = "mobiuslabsgmbh/faster-whisper-large-v3-turbo"

Progress = Callable[[int, int], None]  # bytes downloaded, bytes in total


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadConfig:
    """How a download reports. Times are seconds."""

    report_every: float = 0.2  # between two progress reports


CONFIG = DownloadConfig()


@dataclass(frozen=True, slots=True)
class WhisperModel:
    """A model on disk. `size` is the size of its weights in bytes."""

    name: str
    folder: Path
    size: int

    @property
    def english_only(self) -> bool:
        """Whether the name ends in ".en", as in "base.en" and "distil-small.en"."""
        return self.name.endswith(".en")


def models_folder() -> Path:
    """The folder of downloaded models. It may not exist."""
    return data_folder() / "models"


def installed_whisper_models(folder: Path | None = None) -> list[WhisperModel]:
    """Return the complete models in `folder` (None: `models_folder()`), smallest first."""
    folder = models_folder() if folder is None else folder
    if not folder.is_dir():
        return []
    found = [installed_at(each) for each in folder.iterdir() if is_model(each) and not each.name.startswith(".")]
    return sorted(found, key=lambda model: (model.size, model.name))


def find_whisper(name: str, folder: Path | None = None) -> WhisperModel:
    """Return the installed model called `name`, or the model in the folder `name`. Raises Missing without either."""
    for model in installed_whisper_models(folder):
        if model.name == name:
            return model
    path = Path(name).expanduser()
    if is_model(path):
        return installed_at(path)
    if path.is_dir():
        absent = ", ".join(file for file in NEEDED if not (path / file).is_file())
        raise Missing(
            f"{name} is not a complete Whisper model in CTranslate2's format ({absent} not found), so it cannot be "
            "used; convert it with its tokenizer.json, or name another"
        )
    raise Missing(
        f"the Whisper model {name} is not installed, so there will be no words; "
        f"fetch it with `coach setup whisper {name}`, or choose --transcriber moonshine"
    )


def is_model(folder: Path) -> bool:
    """Whether `folder` has all files that loading a model offline needs."""
    return all((folder / file).is_file() for file in NEEDED) and any(folder.glob("vocabulary.*"))


def download_whisper(
    name: str, progress: Progress | None = None, *, folder: Path | None = None, endpoint: str | None = None
) -> WhisperModel:
    """Download the model `name` ("base.en", or "owner/name" on the model hub) unless it is installed, and return it.

    A failed download leaves no model behind. `progress` is called on another thread with the bytes downloaded so far
    and in total. `endpoint` replaces the usual hub. No credentials are sent. Raises BadSetting for an unknown name, and
    CoachError if the download fails.
    """
    folder = models_folder() if folder is None else folder
    whole = folder / name.rpartition("/")[2]
    if is_model(whole):
        return installed_at(whole)
    part = folder / f".{whole.name}.part"
    try:
        private_folder(folder)
        shutil.rmtree(part, ignore_errors=True)
        _fetch(hub_name(name), part, progress, endpoint)
        if not is_model(part):
            raise CoachError(f"{name} contains no Whisper model in CTranslate2's format; nothing was installed")
        shutil.rmtree(part / ".cache", ignore_errors=True)
        shutil.rmtree(whole, ignore_errors=True)
        part.rename(whole)
    except CoachError:
        raise
    except Exception as error:  # the hub's client raises a dozen types, from two libraries
        raise CoachError(
            f"the model {name} could not be downloaded ({first_line(error)}), so nothing was installed; "
            "check the connection and the free space, then try again"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return installed_at(whole)


def installed_at(folder: Path) -> WhisperModel:
    """The model in `folder`, called as the folder is, even if that is a link to one with another name."""
    return WhisperModel(Path(os.path.abspath(folder)).name, folder, (folder / "model.bin").stat().st_size)


def whisper_names() -> tuple[str, ...]:
    """The names of the models that can be downloaded by name, smallest first."""
    return (*SIZES, TURBO)


def hub_name(name: str) -> str:
    """The "owner/name" on the hub of a size such as "base.en". Raises BadSetting for an unknown size."""
    if "/" in name:
        return name
    if name not in HUB_NAMES:
        nearest = get_close_matches(name, HUB_NAMES, n=1, cutoff=0.0)[0]
        raise BadSetting(f"{name} is not a Whisper model; did you mean {nearest}?")
    return HUB_NAMES[name]


def _fetch(hub_name: str, part: Path, progress: Progress | None, endpoint: str | None) -> None:
    from huggingface_hub import HfApi, snapshot_download

    found = HfApi(endpoint=endpoint, token=False).model_info(hub_name, files_metadata=True)
    wanted = [file for file in found.siblings or [] if any(fnmatch(file.rfilename, pattern) for pattern in FILES)]
    total = sum(file.size or 0 for file in wanted)
    with _watched(part, total, progress):
        snapshot_download(
            hub_name,
            revision=found.sha,
            local_dir=part,
            allow_patterns=FILES,
            endpoint=endpoint,
            token=False,
            tqdm_class=_no_bar(),
        )


def _no_bar() -> Any:
    """A progress bar that shows nothing, in place of the client's own: only `progress` reports."""
    from faster_whisper.utils import disabled_tqdm

    return disabled_tqdm


@contextlib.contextmanager
def _watched(part: Path, total: int, progress: Progress | None) -> Iterator[None]:
    """Report to `progress` how many of `total` bytes are in `part`. File sizes work with any version of the client."""
    if progress is None:
        yield
        return
    done = threading.Event()

    def look() -> None:
        while not done.wait(CONFIG.report_every):
            progress(min(_bytes_in(part), total), total)

    watcher = threading.Thread(target=look, name="coach-model-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    progress(total, total)


def _bytes_in(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # a temporary file that was renamed in the meantime
            total += file.stat().st_size if file.is_file() else 0
    return total
