"""Where the sound of a WAV, RF64, Wave64 or AIFF file begins and ends, whatever its header says.

These headers state the bytes of sound, and the statement is often wrong: a program that writes into a pipe cannot
know it and leaves a placeholder, a recorder that is switched off leaves the last known value, and 32 bits overflow
after four gigabytes. FFmpeg trims a length that is too long, which hides that a file was cut off, and stops at one that
is too short, which loses sound:

    header | sound ............ | LIST     what follows the stated end are chunks: the statement is true
    header | sound ... | sound ....        no chunks follow: all of it is sound, up to chunks at the very end
    header | sound ....          |         the file ends first: cut off, or a placeholder
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

TAIL = 1 << 20  # bytes at the end of the file in which chunks behind the sound are looked for
# sizes that programs leave when they cannot know better (sox, arecord, ffmpeg, mpg123), each up to its header
PLACEHOLDERS = (range(0x7EFF_F000, 0x7F00_1000), range(0x7FFE_0000, 0x8001_0000), range(0xFFFE_0000, 0x1_0000_0000))
UNKNOWN_64 = 1 << 62  # bytes; more is a placeholder in a field of 64 bits
_TAGS = (b"TAG", b"ID3", b"APETAGEX")  # names and pictures that other programs append
_CHUNKS = frozenset(
    name.encode()
    for name in (
        *("LIST", "list", "id3 ", "ID3 ", "bext", "cue ", "smpl", "inst", "iXML", "_PMX", "PEAK", "fact", "JUNK"),
        *("junk", "PAD ", "FLLR", "acid", "afsp", "DISP", "cart", "axml", "chna", "plst", "levl"),
        *("NAME", "AUTH", "(c) ", "ANNO", "COMT", "MARK", "INST", "MIDI", "APPL", "CHAN", "AESD", "FVER", "COMM"),
    )
)
_UNCOMPRESSED = {b"NONE", b"sowt", b"twos", b"raw ", b"in24", b"in32", b"fl32", b"FL32", b"fl64", b"FL64"}
_W64_TAIL = {  # the last twelve bytes of Wave64's names
    b"riff": bytes.fromhex("2e91cf11a5d628db04c10000"),
    b"data": bytes.fromhex("f3acd3118cd100c04f8edb8a"),
}

Chunk = tuple[bytes, int, int]  # its name, the first byte of its body, and the first byte after it
Walk = Callable[[BinaryIO, int], Chunk | None]


@dataclass(frozen=True, slots=True)
class PcmHeader:
    """The sound of a file in bytes: from `start` to `end`, where the header says `stated` (None: left open).

    `sizes` are the places of that statement, as (first byte, format, what is to be added to the bytes of sound).
    `another` says that a whole second file follows the first one.
    """

    start: int
    end: int
    stated: int | None
    bytes_per_second: float
    sizes: tuple[tuple[int, str, int], ...]
    another: bool = False

    @property
    def seconds(self) -> float:
        """The length that the header states; the one that is there if it states none or too little."""
        return max(self.stated or 0, self.end - self.start) / self.bytes_per_second

    @property
    def missing_s(self) -> float:
        """Seconds of the stated length that are not in the file."""
        return max(0, (self.stated or 0) - (self.end - self.start)) / self.bytes_per_second

    @property
    def unstated_s(self) -> float:
        """Seconds in the file that the header does not count, although it states a length."""
        return max(0, self.end - self.start - (self.stated or self.end)) / self.bytes_per_second

    @property
    def misleads(self) -> bool:
        """Whether a reader that believes the header would read too little, or what is no sound."""
        return self.stated != self.end - self.start and not self.missing_s

    def mended(self, path: Path) -> io.RawIOBase:
        """The file with the true size in its header."""
        size = self.end - self.start
        patches = {}
        for at, form, more in self.sizes:
            width = 8 * struct.calcsize(form)
            value = size + more if size + more < 1 << width else (1 << width) - 1  # the reader then goes to the end
            patches[at] = struct.pack(form, value)
        return _Patched(path, patches)


def pcm_header(path: Path) -> PcmHeader | None:
    """The header of `path`; None for another kind of file, and for sound whose bytes do not tell its length."""
    with path.open("rb") as file:
        magic = file.read(40)
        if magic[:4] in {b"RIFF", b"RF64", b"BW64"} and magic[8:12] == b"WAVE":
            return _wave(file, long=magic[:4] != b"RIFF")
        if magic[:4] == b"riff" and magic[4:16] == _W64_TAIL[b"riff"]:
            return _wave64(file)
        if magic[:4] == b"FORM" and magic[8:12] in {b"AIFF", b"AIFC"}:
            return _aiff(file)
    return None


def _wave(file: BinaryIO, long: bool) -> PcmHeader | None:
    speed, at, bounds = 0, 12, None
    while (chunk := _riff_chunk(file, at)) is not None:
        name, body, after = chunk
        if name == b"ds64":
            bounds = body + 8
        if name == b"fmt ":
            speed = _bytes_per_second(_bytes(file, body, 16))
        if name == b"data":
            (size,) = struct.unpack("<I", _bytes(file, body - 4, 4))
            sizes: tuple[tuple[int, str, int], ...] = ((body - 4, "<I", 0),)
            if long and bounds is not None:
                (whole,) = struct.unpack("<Q", _bytes(file, bounds, 8).ljust(8, b"\0"))
                size = whole if 0 < whole < UNKNOWN_64 else size
                sizes = ((bounds, "<Q", 0),)
            stated = None if size == 0 or any(size in each for each in PLACEHOLDERS) else size
            return _header(file, body, stated, speed, sizes, _riff_chunk)
        at = after
    return None


def _wave64(file: BinaryIO) -> PcmHeader | None:
    speed, at = 0, 40
    while (chunk := _w64_chunk(file, at)) is not None:
        name, body, after = chunk
        if name == b"fmt ":
            speed = _bytes_per_second(_bytes(file, body, 16))
        if name == b"data":
            (size,) = struct.unpack("<Q", _bytes(file, body - 8, 8))
            stated = size - 24 if 24 < size < UNKNOWN_64 else None
            return _header(file, body, stated, speed, ((body - 8, "<Q", 24),), _w64_chunk)
        at = after
    return None


def _aiff(file: BinaryIO) -> PcmHeader | None:
    speed, at = 0.0, 12
    while (chunk := _aiff_chunk(file, at)) is not None:
        name, body, after = chunk
        if name == b"COMM":
            common = _bytes(file, body, 22)
            if len(common) < 18 or (len(common) == 22 and after - body >= 22 and common[18:] not in _UNCOMPRESSED):
                return None
            channels, _, bits, exponent, mantissa = struct.unpack(">HIHHQ", common[:18])
            rate = mantissa * 2.0 ** ((exponent & 0x7FFF) - 16446) if exponent & 0x7FFF < 16400 else 0.0
            speed = channels * ((bits + 7) // 8) * rate
        if name == b"SSND":
            (size, offset) = struct.unpack(">II", _bytes(file, body - 4, 8).ljust(8, b"\0"))
            start = body + 8 + offset
            stated = None if size <= 8 + offset or any(size in each for each in PLACEHOLDERS) else size - 8 - offset
            return _header(file, start, stated, speed, ((body - 4, ">I", 8 + offset),), _aiff_chunk)
        at = after
    return None


def _header(
    file: BinaryIO, start: int, stated: int | None, speed: float, sizes: tuple[tuple[int, str, int], ...], walk: Walk
) -> PcmHeader | None:
    length = file.seek(0, 2)
    if speed <= 0 or start >= length:
        return None
    if stated is not None and start + stated >= length:
        return PcmHeader(start, length, stated, speed, sizes)
    if stated is not None:
        end = start + stated
        rest = _bytes(file, end, 12)
        if rest[:4] in {b"RIFF", b"RF64", b"BW64", b"FORM", b"riff"} and rest[:4] == _bytes(file, 0, 4):
            return PcmHeader(start, end, stated, speed, sizes, another=True)
        if _only_chunks(file, end, length, walk) or _padding(file, end, length):
            return PcmHeader(start, end, stated, speed, sizes)
    return PcmHeader(start, _last_sound(file, max(start, length - TAIL), length, walk), stated, speed, sizes)


def _only_chunks(file: BinaryIO, at: int, length: int, walk: Walk) -> bool:
    """Whether nothing but chunks or tags follows from `at`, or a byte or more of padding later."""
    for begin in range(at, min(at + 8, length)):
        if _bytes(file, begin, 8).startswith(_TAGS):
            return True
        name, here = _bytes(file, begin, 4), begin
        if name in _CHUNKS:
            return True
        while here < length - 8 and (chunk := walk(file, here)) is not None and chunk[2] <= length + 1:
            here = chunk[2]
        if here > begin and here >= length - 8:
            return True
    return False


def _padding(file: BinaryIO, at: int, length: int) -> bool:
    """Whether only a scrap or zeros follow from `at`."""
    if length - at <= 16:
        return True
    file.seek(at)
    while piece := file.read(1 << 20):
        if piece.count(0) != len(piece):
            return False
    return True


def _last_sound(file: BinaryIO, begin: int, length: int, walk: Walk) -> int:
    """Where known chunks begin that fill the file to its end; `length` if there are none."""
    tail = _bytes(file, begin, length - begin)
    places = sorted(begin + at for name in _CHUNKS for at in _places(tail, name))
    return next((at for at in places if _fills(file, at, length, walk)), length)


def _places(tail: bytes, name: bytes) -> list[int]:
    found, at = [], tail.find(name)
    while at >= 0:
        found.append(at)
        at = tail.find(name, at + 1)
    return found


def _fills(file: BinaryIO, at: int, length: int, walk: Walk) -> bool:
    """Whether chunks from `at` end where the file ends, give or take the padding of the last."""
    while at < length and (chunk := walk(file, at)) is not None:
        at = chunk[2]
    return 0 <= at - length <= 1


def _riff_chunk(file: BinaryIO, at: int) -> Chunk | None:
    head = _bytes(file, at, 8)
    if len(head) < 8 or not _is_name(head[:4]):
        return None
    (size,) = struct.unpack("<I", head[4:])
    return head[:4], at + 8, at + 8 + size + size % 2


def _aiff_chunk(file: BinaryIO, at: int) -> Chunk | None:
    head = _bytes(file, at, 8)
    if len(head) < 8 or not _is_name(head[:4]):
        return None
    (size,) = struct.unpack(">I", head[4:])
    return head[:4], at + 8, at + 8 + size + size % 2


def _w64_chunk(file: BinaryIO, at: int) -> Chunk | None:
    head = _bytes(file, at, 24)
    if len(head) < 24 or not _is_name(head[:4]) or head[4:16] not in {_W64_TAIL[b"riff"], _W64_TAIL[b"data"]}:
        return None
    (size,) = struct.unpack("<Q", head[16:])
    return (head[:4], at + 24, at + (size + 7) // 8 * 8) if size >= 24 else (head[:4], at + 24, at + 24)


def _is_name(name: bytes) -> bool:
    return all(0x20 <= byte < 0x7F for byte in name)


def _bytes_per_second(form: bytes) -> int:
    """Of plain samples by the size of a frame, because writers forget the other field; of codecs as it is stated."""
    if len(form) < 16:
        return 0
    kind, _, rate, stated, frame = struct.unpack("<HHIIH", form[:14])
    return int(rate * frame) if kind in {1, 3, 0xFFFE} and frame else int(stated)


def _bytes(file: BinaryIO, at: int, count: int) -> bytes:
    if at >= UNKNOWN_64:  # a size of 64 bits that is no size
        return b""
    file.seek(at)
    return file.read(count)


class _Patched(io.RawIOBase):
    """A file for reading in which some bytes are others."""

    def __init__(self, path: Path, patches: dict[int, bytes]) -> None:
        self._file = path.open("rb")
        self._patches = patches

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        begin = self._file.tell()
        count = self._file.readinto(buffer)
        for at, true in self._patches.items():
            for place, byte in enumerate(true, at - begin):
                if 0 <= place < count:
                    buffer[place] = byte
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
