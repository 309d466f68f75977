"""A session for other programs: what leaves the coach, and in which form.

    events ─► (anonymous) ─► Account ─┬─► json     "coach.analysis/1", docs/analysis.md
                                      ├─► csv      tables of turns, transfers and cues
                                      ├─► textgrid, eaf    tiers for Praat and ELAN
                                      ├─► rttm     who spoke when
                                      └─► vtt      captions

Every form is a pure function from an `Account` to bytes. Times are seconds with three decimals, or whole milliseconds:
those of the JSON object, to the digit.
"""

from coach.review.exports.account import Account, as_json
from coach.review.exports.anonymity import anonymous
from coach.review.exports.eaf import as_eaf
from coach.review.exports.rttm import as_rttm
from coach.review.exports.tables import TABLES, as_csv
from coach.review.exports.textgrid import as_textgrid
from coach.review.exports.vtt import as_vtt

__all__ = [
    "TABLES",
    "Account",
    "anonymous",
    "as_csv",
    "as_eaf",
    "as_json",
    "as_rttm",
    "as_textgrid",
    "as_vtt",
]
