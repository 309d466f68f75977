"""Export of a session for other programs.

    events ─► (anonymous) ─► Exported ┬─► json     "coach.analysis/1", docs/analysis.md
                                      ├─► csv      tables of turns, transfers, cues and statistics
                                      ├─► parquet  these and more, with types and meanings; also of many recordings
                                      ├─► textgrid, eaf    tiers for Praat and ELAN
                                      ├─► rttm     who spoke when
                                      ├─► vtt, srt captions
                                      └─► md       a transcript to read

Every format is a pure function from an `Exported` session to bytes. Times are exactly those of the JSON object: seconds
with three decimals, or whole milliseconds.
"""

from coach.review.exports.anonymity import anonymous
from coach.review.exports.eaf import as_eaf
from coach.review.exports.exported import Exported, as_json
from coach.review.exports.markdown import as_markdown
from coach.review.exports.parquet import PARQUET_TABLES, ParquetTables, as_parquet, described, rows_of_analysis
from coach.review.exports.rttm import as_rttm
from coach.review.exports.srt import as_srt
from coach.review.exports.tables import TABLES, as_csv
from coach.review.exports.textgrid import as_textgrid
from coach.review.exports.vtt import as_vtt

__all__ = [
    "PARQUET_TABLES",
    "TABLES",
    "Exported",
    "ParquetTables",
    "anonymous",
    "as_csv",
    "as_eaf",
    "as_json",
    "as_markdown",
    "as_parquet",
    "as_rttm",
    "as_srt",
    "as_textgrid",
    "as_vtt",
    "described",
    "rows_of_analysis",
]
