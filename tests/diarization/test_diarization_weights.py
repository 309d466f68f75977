"""The networks that ship are the ones that their notice names, and their licences lie beside them."""

from __future__ import annotations

import hashlib

import pytest

from coach.core.resources import packaged

FOLDER = ("coach.diarization", "weights")


@pytest.mark.parametrize("network", ["segmentation.onnx", "embedding.onnx"])
def test_a_network_is_the_one_that_its_notice_names(network: str) -> None:
    notice = packaged(*FOLDER, "NOTICE").decode().split()
    converted = notice[notice.index("converted") :]
    told = converted[converted.index(network) + 2]
    assert told == hashlib.sha256(packaged(*FOLDER, network)).hexdigest()


@pytest.mark.parametrize(
    ("licence", "words"),
    [("LICENSE-MIT", "Copyright (c) 2020 CNRS"), ("LICENSE-APACHE", "Version 2.0, January 2004")],
)
def test_the_licences_lie_beside_them(licence: str, words: str) -> None:
    assert words in packaged(*FOLDER, licence).decode()
