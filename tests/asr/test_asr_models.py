"""Models on disk, and downloads from a minimal hub over real HTTP."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from coach.asr.engines.models import download_whisper, find_whisper, installed_whisper_models, models_folder
from coach.asr.engines.whisper import WhisperTranscriber
from coach.core.errors import BadSetting, CoachError, Missing

SENTENCE = "we walked home in the rain"
REVISION = "c" * 40
HUB_NAME = "Systran/faster-whisper-base.en"


class Hub:
    """A model hub that has one model. `broken` names a file whose body is truncated."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken = ""
        self.asked: list[str] = []
        self.credentials: list[str | None] = []
        hub = self

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                hub._answer(self, body=False)

            def do_GET(self) -> None:
                hub._answer(self, body=True)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def _answer(self, request: BaseHTTPRequestHandler, body: bool) -> None:
        path = request.path.partition("?")[0]
        self.asked.append(path)
        self.credentials.append(request.headers["Authorization"])
        if re.fullmatch(rf"/api/models/{HUB_NAME}(/revision/\w+)?", path):
            files = [{"rfilename": file.name, "size": file.stat().st_size} for file in self.folder.iterdir()]
            self._send(request, json.dumps({"id": HUB_NAME, "sha": REVISION, "siblings": files}).encode(), body)
        elif path.startswith(f"/api/models/{HUB_NAME}/tree/"):
            tree = [
                {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": _digest(file)}
                for file in self.folder.iterdir()
            ]
            self._send(request, json.dumps(tree).encode(), body)
        elif path.startswith(f"/{HUB_NAME}/resolve/"):
            file = self.folder / path.rpartition("/")[2]
            self._send(request, file.read_bytes(), body, etag=_digest(file), broken=file.name == self.broken)
        else:
            request.send_response(404)
            request.send_header("X-Error-Code", "RepoNotFound")
            request.send_header("Content-Length", "0")
            request.end_headers()

    def _send(
        self, request: BaseHTTPRequestHandler, content: bytes, body: bool, etag: str = "", broken: bool = False
    ) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.send_header("Content-Type", "application/json" if not etag else "application/octet-stream")
        if etag:
            request.send_header("ETag", f'"{etag}"')
            request.send_header("X-Repo-Commit", REVISION)
        request.end_headers()
        if body:
            request.wfile.write(content[: len(content) // 2] if broken else content)
        request.close_connection = broken


def _digest(file: Path) -> str:
    return hashlib.sha1(file.read_bytes()).hexdigest()


@pytest.fixture
def hub(tmp_path: Path, build_whisper: Callable[..., Path]) -> Iterator[Hub]:
    folder = build_whisper(tmp_path / "hub", SENTENCE)
    (folder / "README.md").write_text("not needed to listen")
    hub = Hub(folder)
    yield hub
    hub.server.shutdown()
    hub.server.server_close()


def test_a_downloaded_model_is_installed_and_decodes(hub: Hub, tmp_path: Path, hum: np.ndarray) -> None:
    model = download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    assert (model.name, model.english_only) == ("base.en", True)
    assert installed_whisper_models(tmp_path / "models") == [model]
    assert WhisperTranscriber(model).transcribe(hum) == SENTENCE


def test_only_the_needed_files_are_downloaded_and_no_others_are_left(hub: Hub, tmp_path: Path) -> None:
    model = download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    names = {file.name for file in model.folder.iterdir()}
    assert names == {"model.bin", "config.json", "tokenizer.json", "preprocessor_config.json", "vocabulary.json"}
    assert [each.name for each in (tmp_path / "models").iterdir()] == ["base.en"]


def test_no_credentials_are_sent(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_somebodys")
    download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    assert set(hub.credentials) == {None}


def test_progress_ends_at_the_size_of_the_download(hub: Hub, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    model = download_whisper(
        "base.en", lambda done, total: told.append((done, total)), folder=tmp_path / "models", endpoint=hub.endpoint
    )
    size = sum(file.stat().st_size for file in model.folder.iterdir())
    assert told[-1] == (size, size)
    assert all(done <= total == size for done, total in told)


def test_an_installed_model_is_not_downloaded_again(hub: Hub, tmp_path: Path) -> None:
    download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    hub.asked.clear()
    download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    assert hub.asked == []


def test_an_interrupted_download_leaves_no_partial_model(hub: Hub, tmp_path: Path) -> None:
    hub.broken = "model.bin"
    with pytest.raises(CoachError, match="could not be downloaded") as told:
        download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    assert "\n" not in str(told.value)
    assert list((tmp_path / "models").iterdir()) == []
    hub.broken = ""
    assert download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint).name == "base.en"


def test_the_remains_of_an_earlier_download_do_not_count_as_a_model(hub: Hub, tmp_path: Path) -> None:
    part = tmp_path / "models" / ".base.en.part"
    shutil.copytree(hub.folder, part)
    (part / "model.bin").write_bytes(b"half")
    (hub.folder / "model.bin").rename(hub.folder / "elsewhere.bin")
    with pytest.raises(CoachError, match="contains no Whisper model"):
        download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    assert installed_whisper_models(tmp_path / "models") == []


def test_being_offline_is_reported_in_one_line(tmp_path: Path, hub: Hub) -> None:
    hub.server.shutdown()
    hub.server.server_close()
    with pytest.raises(CoachError, match="check the connection") as told:
        download_whisper("base.en", folder=tmp_path / "models", endpoint=hub.endpoint)
    assert "\n" not in str(told.value)
    assert list((tmp_path / "models").iterdir()) == []


def test_the_error_for_a_misspelt_model_suggests_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"bass\.en is not a Whisper model; did you mean base\.en"):
        download_whisper("bass.en", folder=tmp_path / "models")


def test_models_are_listed_smallest_first_and_incomplete_ones_are_left_out(
    tmp_path: Path, build_whisper: Callable[..., Path]
) -> None:
    large = build_whisper(tmp_path / "large", "one two three four five six seven eight nine ten")
    build_whisper(tmp_path / "small", "one")
    shutil.copytree(large, tmp_path / ".tiny.part")
    for number, file in enumerate(("model.bin", "tokenizer.json", "config.json", "vocabulary.json")):
        (shutil.copytree(large, tmp_path / f"half{number}") / file).unlink()
    assert [model.name for model in installed_whisper_models(tmp_path)] == ["small", "large"]


def test_no_folder_means_no_models(tmp_path: Path) -> None:
    assert installed_whisper_models(tmp_path / "nowhere") == []


def test_a_model_is_found_by_name_and_by_path(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    folder = build_whisper(tmp_path / "mine", "one")
    assert find_whisper("mine", tmp_path).folder == folder
    assert find_whisper(str(folder), tmp_path / "nowhere").folder == folder


def test_the_error_for_a_missing_model_says_how_to_fix_it(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"small\.en is not installed.*coach setup whisper small\.en"):
        find_whisper("small.en", tmp_path)


def test_the_error_for_a_model_without_a_tokenizer_says_so(tmp_path: Path, build_whisper: Callable[..., Path]) -> None:
    folder = build_whisper(tmp_path / "mine", "one")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(Missing, match=r"tokenizer\.json not found"):
        find_whisper(str(folder), tmp_path)


def test_models_are_stored_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("HOME", "XDG_DATA_HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(home, str(tmp_path))
    assert tmp_path in models_folder().parents
