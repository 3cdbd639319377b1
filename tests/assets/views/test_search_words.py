import pytest
from django.utils import translation

from assets.search.language import parse
from assets.views.search_words import chips_of, counted, droppable, mistakes_of


def words_of(text):
    return [chip.label for chip in chips_of(parse(text).query, "/")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cat", "“cat”"),
        ('-"red scarf"', "Without “red scarf”"),
        ("status:in-review,draft", "Status: In review or Draft"),
        ("-status:draft", "Status not: Draft"),
        ("is:starred", "Starred by me"),
        ("-is:reused", "Not: Reused"),
        ("has:comments", "With: Comments"),
        ("-has:tags", "Without: Tags"),
        ("by:me,Li", "Made by: me or Li"),
        ("steps:8", "Steps: 8"),
        ("steps:>=8", "Steps: ≥ 8"),
        ("cfg:1.5..4", "CFG: 1.5 – 4"),
        ("cfg:<2", "CFG: < 2"),
        ("seed:88415", "Seed: 88415"),
        ("bytes:>2MB", "Size of the file: > 2MB"),
        ("size:1024x768", "Size: 1024 × 768"),
        ("var:style=ink", "Variable: style=ink"),
        ("date:2025", "Made on: 2025"),
        ("date:2025-01..2025-02-03", "Made on: January 2025 – Feb. 3, 2025"),
        ("date:today", "Made on: today"),
        ("date:7d", "Made on: the last 7 days"),
        ("date:1y", "Made on: the last year"),
        ("last:1", "The newest one"),
        ("last:100", "The newest 100"),
        ("sort:rating", "Best rated first"),
    ],
)
def test_parts_of_a_query_are_words(text, words):
    assert words_of(text) == [words]


def test_parts_are_said_in_the_language_of_the_reader():
    with translation.override("zh-hans"):
        assert words_of("-status:approved is:starred date:7d") == [
            "状态不是：已通过",
            "我加了星标",
            "生成时间：最近 7 天",
        ]


def test_each_part_can_be_dropped_alone():
    chips = chips_of(parse("cat -tag:a,b last:5 sort:oldest").query, "/p/")

    assert [chip.url for chip in chips] == [
        "/p/?q=-tag%3Aa%2Cb+last%3A5+sort%3Aoldest",
        "/p/?q=cat+last%3A5+sort%3Aoldest",
        "/p/?q=cat+-tag%3Aa%2Cb+sort%3Aoldest",
        "/p/?q=cat+-tag%3Aa%2Cb+last%3A5",
    ]
    assert [chip.negated for chip in chips] == [False, True, False, False]
    assert [chip.url for chip in chips_of(parse("cat").query, "/p/")] == ["/p/"]


def test_an_order_narrows_nothing():
    assert [label for label, _rest in droppable(parse("cat sort:oldest").query)] == ["“cat”"]


def test_a_correction_leads_to_the_corrected_text():
    text = "猫 stauts:draft steps:x"
    first, second = mistakes_of(text, parse(text).mistakes, "/p/")

    assert first.question == "Did you mean status:draft?"
    assert first.url == "/p/?q=%E7%8C%AB+status%3Adraft+steps%3Ax"
    assert (second.question, second.url) == ("", "")


def test_counts_stop_at_a_limit():
    assert [counted(number, 1000) for number in (0, 1000, 1001)] == ["0", "1000", "1000+"]
