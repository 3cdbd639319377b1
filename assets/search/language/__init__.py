"""The query language: one text that box, address, API, chips and saved searches share.

    熊猫 -草地 "红色围巾" by:li status:approved steps:>=8 date:2025-01..2025-02 sort:rating

`parse(text)` answers a `Reading` for any string: a typed `Query` and the mistakes that were left
out of it. `str(query)` is the same in canonical spelling. `FIELDS` is everything that can be
asked about.
"""

from assets.search.language.completing import Completion, Part, completion_at
from assets.search.language.days import Stretch, moments
from assets.search.language.fields import FIELDS, Field, Kind, field_named
from assets.search.language.mistakes import Mistake, corrected
from assets.search.language.query import Chip, Condition, Query, Sort, Word
from assets.search.language.reading import LENGTH_LIMIT, Reading, parse
from assets.search.language.values import Pair, Range, Size

__all__ = [
    "FIELDS",
    "LENGTH_LIMIT",
    "Chip",
    "Completion",
    "Condition",
    "Field",
    "Kind",
    "Mistake",
    "Pair",
    "Part",
    "Query",
    "Range",
    "Reading",
    "Size",
    "Sort",
    "Stretch",
    "Word",
    "completion_at",
    "corrected",
    "field_named",
    "moments",
    "parse",
]
