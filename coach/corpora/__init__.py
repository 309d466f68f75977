"""Many recordings: what there is in a folder, the same analysis for each, here or on a cluster, and tables of all.

    folder ─► items ─► run ─┬─► analysed, in this process, in several or on a cluster ─► NAME.json ─┬─► tables
                            └─► done before: same content, options and version ─────────────────────┘

items       what is one conversation: a file, or a folder with a file for each person (`layouts`)
request     the options that apply to all of them
analysed    the analysis of one item, wherever it runs
workers     where it runs
record      what was done before
run         puts these together
tables      the results as Parquet tables
"""

from coach.corpora.analysed import Failure, Heard, Outcome, Task, part_of
from coach.corpora.items import Item, named, together, walked
from coach.corpora.request import Request
from coach.corpora.run import Counts, outcomes, outcomes_into, output_paths
from coach.corpora.tables import write_tables
from coach.corpora.workers import Where

__all__ = [
    "Counts",
    "Failure",
    "Heard",
    "Item",
    "Outcome",
    "Request",
    "Task",
    "Where",
    "named",
    "outcomes",
    "outcomes_into",
    "output_paths",
    "part_of",
    "together",
    "walked",
    "write_tables",
]
