"""Text that opens only with a passphrase: libsodium's secret box, with a key made by Argon2id.

Each text has its own salt, so that two with the same passphrase have nothing in common. Whoever forgets the passphrase
has lost the text: there is no other key.
"""

from __future__ import annotations

from base64 import b64decode, b64encode

from coach.core.errors import BadInput

SHORTEST = 8  # characters of a passphrase


class WrongPassphrase(BadInput):
    """The passphrase is not the one with which the text was closed."""


def sealed(text: str, passphrase: str) -> str:
    """`text` closed with `passphrase`, as letters and digits. Raises BadInput if the passphrase is too short."""
    from nacl import pwhash, secret, utils

    if len(passphrase) < SHORTEST:
        raise BadInput(f"a passphrase has at least {SHORTEST} characters; a few words of your own are easy to keep")
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    return b64encode(salt + secret.SecretBox(_key(passphrase, salt)).encrypt(text.encode())).decode()


def opened(closed: str, passphrase: str) -> str:
    """The text in `closed`. Raises WrongPassphrase."""
    from nacl import exceptions, pwhash, secret

    raw = b64decode(closed)
    salt, box = raw[: pwhash.argon2id.SALTBYTES], raw[pwhash.argon2id.SALTBYTES :]
    try:
        return secret.SecretBox(_key(passphrase, salt)).decrypt(box).decode()
    except exceptions.CryptoError:
        raise WrongPassphrase("that is not the passphrase with which this was closed") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    from nacl import pwhash, secret

    kdf = pwhash.argon2id
    ops, memory = kdf.OPSLIMIT_INTERACTIVE, kdf.MEMLIMIT_INTERACTIVE  # 64 MB, a tenth of a second
    return kdf.kdf(secret.SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=ops, memlimit=memory)
