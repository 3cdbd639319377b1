"""For any query: what is written is read as the same. For any text: nothing is raised."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assets.search.language import (
    FIELDS,
    Condition,
    Kind,
    Pair,
    Query,
    Range,
    Size,
    Sort,
    Stretch,
    Word,
    completion_at,
    corrected,
    parse,
)
from assets.search.language.grammar import cleaned, has_letters
from assets.search.language.value_reading import ME

NAMES = ["状态", "status", "sort", "last", "is", "date", "bytes", "var", "seed", "nonsense"]


def _normal(text):
    return " ".join(cleaned(text).split())


texts = st.text(max_size=12).map(_normal).filter(bool)
worded = texts.filter(has_letters)
loose = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(), max_size=8),
        st.sampled_from(
            [*'"“”：:,、-－\\ 　\x00\ud800\u202e<>=.~', *(f"{each}:" for each in NAMES), ".."]
        ),
    ),
    max_size=30,
).map("".join)


def _numbers(low, high):
    ends = st.integers(max(low, -(10**9)), min(high, 10**12))
    return st.tuples(ends, ends).map(sorted)


def _open_or_closed(pairs, *, can_exclude=True):
    excludes = st.booleans() if can_exclude else st.just(False)
    return st.one_of(
        pairs.map(lambda pair: Range(pair[0], pair[0])),
        pairs.map(lambda pair: Range(*pair)),
        st.builds(lambda pair, out: Range(low=pair[0], excludes_low=out), pairs, excludes),
        st.builds(lambda pair, out: Range(high=pair[1], excludes_high=out), pairs, excludes),
    )


calendar = st.dates(date(1900, 1, 1), date(2999, 12, 31))
stretches = st.one_of(
    calendar.map(lambda day: Stretch(str(day))),
    calendar.map(lambda day: Stretch(str(day)[:7])),
    calendar.map(lambda day: Stretch(str(day)[:4])),
    st.sampled_from([Stretch("today"), Stretch("yesterday"), Stretch("7d"), Stretch("12m")]),
)


def _stretch_pair(first, second):
    if first.is_relative or second.is_relative:
        return (first, second)
    return tuple(sorted((first, second), key=lambda each: each.bounds(date.min)[0]))


apart = texts.map(lambda text: _normal(text.replace("=", "").replace("＝", "")))
VALUES = {
    Kind.WHOLE: lambda field: _open_or_closed(_numbers(field.low, field.high), can_exclude=False),
    Kind.BYTES: lambda field: _open_or_closed(_numbers(field.low, field.high)),
    Kind.DECIMAL: lambda field: _open_or_closed(
        _numbers(field.low, min(field.high, 100)).map(lambda pair: [each / 8 for each in pair])
    ),
    Kind.DATE: lambda _field: _open_or_closed(st.builds(_stretch_pair, stretches, stretches)),
    Kind.SIZE: lambda _field: st.builds(Size, st.integers(0, 99999), st.integers(0, 99999)),
    Kind.UID: lambda _field: st.uuids().map(str),
    Kind.HASH: lambda _field: st.text("0123456789abcdef", min_size=4, max_size=64),
    Kind.CHOICE: lambda field: st.sampled_from([choice.value for choice in field.choices]),
    Kind.PAIR: lambda _field: st.builds(Pair, apart.filter(bool), st.one_of(st.just(""), apart)),
    Kind.PERSON: lambda _field: texts.filter(lambda text: text.lower() not in ME),
    Kind.NAME: lambda _field: texts,
    Kind.WORDS: lambda _field: texts,
}


def _values(field):
    return VALUES[field.kind](field)


def _conditions(field):
    return st.builds(
        Condition,
        st.just(field.name),
        st.lists(_values(field), min_size=1, max_size=3, unique=True).map(tuple),
        st.booleans(),
    )


conditions = st.one_of(
    [_conditions(field) for field in FIELDS.values() if field.kind not in (Kind.ORDER, Kind.COUNT)]
)
queries = st.builds(
    Query,
    st.lists(st.builds(Word, worded, st.booleans(), st.booleans()), max_size=4, unique=True).map(
        tuple
    ),
    st.lists(conditions, max_size=5, unique=True).map(tuple),
    st.sampled_from(Sort),
    st.one_of(st.none(), st.integers(1, 100_000)),
)


@given(queries)
def test_a_query_is_read_from_its_text(query):
    text = str(query)
    if len(text) <= 1000:
        reading = parse(text)
        assert reading.query == query
        assert reading.mistakes == ()
        assert hash(reading.query) == hash(query)


@given(loose)
def test_any_text_is_read_and_its_canonical_text_means_the_same(text):
    reading = parse(text)

    again = parse(str(reading.query))
    assert again.query == reading.query
    assert again.mistakes == ()
    for mistake in reading.mistakes:
        assert mistake.sentence
        assert 1 <= mistake.position <= mistake.position + mistake.length <= len(text) + 1
        parse(corrected(text, mistake))


@given(loose, st.integers(-5, 200))
def test_any_place_of_any_text_can_be_completed(text, cursor):
    completion = completion_at(text, cursor)

    assert 0 <= completion.start <= completion.end <= len(text)
    completed = text[: completion.start] + completion.insertion("x y") + text[completion.end :]
    parse(completed)


@given(loose.filter(bool))
def test_a_very_long_text_is_read(text):
    long = text * (10_000 // len(text))

    assert parse(long).query == parse(long[:1000]).query
    parse('"' + long)


@given(stretches, calendar)
def test_a_stretch_has_at_least_a_day(stretch, today):
    start, end = stretch.bounds(today)

    assert end - start >= timedelta(days=1)
