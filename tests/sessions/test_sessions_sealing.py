"""Text that is closed with a passphrase opens with it alone."""

from __future__ import annotations

from base64 import b64decode

import pytest

from coach.core.errors import BadInput
from coach.sessions.sealing import WrongPassphrase, opened, sealed

PASSPHRASE = "rain on the roof"
NOTE = "Ich wollte noch etwas sagen. ✎"


def test_what_was_closed_opens_with_its_passphrase_and_shows_nothing_without():
    closed = sealed(NOTE, PASSPHRASE)
    assert opened(closed, PASSPHRASE) == NOTE
    assert NOTE.encode() not in b64decode(closed)


@pytest.mark.parametrize("wrong", ["Rain on the roof", "rain on the roof ", ""])
def test_no_other_passphrase_opens_it(wrong):
    with pytest.raises(WrongPassphrase):
        opened(sealed(NOTE, PASSPHRASE), wrong)


def test_two_texts_with_one_passphrase_have_nothing_in_common():
    """So nobody sees that two people chose the same passphrase, or tries one on all texts at once."""
    one, other = (b64decode(sealed(NOTE, PASSPHRASE)) for _ in range(2))
    assert all(one[n : n + 8] not in other for n in range(len(one) - 7))


@pytest.mark.parametrize(("passphrase", "enough"), [("seven ch", True), ("seven c", False), ("", False)])
def test_a_passphrase_has_at_least_eight_characters(passphrase, enough):
    if enough:
        assert opened(sealed(NOTE, passphrase), passphrase) == NOTE
        return
    with pytest.raises(BadInput, match="at least 8 characters"):
        sealed(NOTE, passphrase)
