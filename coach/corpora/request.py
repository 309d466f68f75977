"""The options that apply to every recording of one run, and what identifies them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from coach import __version__
from coach.core.settings import Settings
from coach.corpora.items import Item
from coach.review import definitions
from coach.runtime import Who
from coach.vad import Detector

_PIECE = 1 << 20  # bytes of a file that are read at once


@dataclass(frozen=True, slots=True)
class Request:
    """The options that apply to every file. `tiers`: the people to read from files of segments; () for all."""

    who: Who
    settings: Settings
    words: bool
    tiers: tuple[str, ...]
    detector: Detector

    def of(self, item: Item) -> Who:
        """What is known about the speakers of `item`: whose file each is, if it has one for each person."""
        if not item.tracks:
            return self.who
        names = tuple(track.who for track in item.tracks)
        return replace(
            self.who, people=names, channels={who: n for n, who in enumerate(names)}, enrolments=(), count=None
        )

    @property
    def identity(self) -> str:
        """The same for two requests that give the same results with this version of the coach and its figures."""
        who = [
            list(self.who.people),
            dict(self.who.channels),
            [[each.who, [[s.start, s.end] for s in each.spans], str(each.clip or "")] for each in self.who.enrolments],
            self.who.count,
        ]
        said = [
            __version__,
            definitions(),
            who,
            self.settings.as_dict(),
            self.words,
            list(self.tiers),
            self.detector.name,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode(errors="backslashreplace")).hexdigest()

    def fingerprint(self, item: Item) -> str:
        """The same for the same content, options and version, whatever the files are called. Raises OSError."""
        digest = hashlib.sha256(self.identity.encode())
        for track in item.tracks:
            digest.update(f"{track.who}\0{track.stream}\0{track.starts_s}\0{item.one_device}\0".encode())
        for path in item.files:
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        return digest.hexdigest()
