import pytest

from assets.search.language import (
    Condition,
    Pair,
    Query,
    Range,
    Size,
    Sort,
    Stretch,
    Word,
    corrected,
    parse,
)

EVERYTHING = (
    '熊猫 -草地 "红色围巾" by:li status:approved model:z-image-turbo seed:88415 size:1024x1024 '
    "steps:>=8 cfg:1..4 date:2025-01..2025-02 template:产品背景 tag:hero rating:>=4 has:comments "
    "is:reused parent:0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4 last:100 sort:rating"
)


def condition_of(text):
    reading = parse(text)
    assert not reading.mistakes
    (condition,) = reading.query.conditions
    return condition


def mistake_of(text):
    (mistake,) = parse(text).mistakes
    return mistake


def test_a_whole_query_is_understood():
    reading = parse(EVERYTHING)

    assert reading.mistakes == ()
    assert reading.query == Query(
        words=(Word("熊猫"), Word("草地", negated=True), Word("红色围巾", is_phrase=True)),
        conditions=(
            Condition("by", ("li",)),
            Condition("status", ("approved",)),
            Condition("model", ("z-image-turbo",)),
            Condition("seed", (Range(88415, 88415),)),
            Condition("size", (Size(1024, 1024),)),
            Condition("steps", (Range(low=8),)),
            Condition("cfg", (Range(1.0, 4.0),)),
            Condition("date", (Range(Stretch("2025-01"), Stretch("2025-02")),)),
            Condition("template", ("产品背景",)),
            Condition("tag", ("hero",)),
            Condition("rating", (Range(low=4),)),
            Condition("has", ("comments",)),
            Condition("is", ("reused",)),
            Condition("parent", ("0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",)),
        ),
        sort=Sort.RATING,
        last=100,
    )


def test_the_canonical_text_of_a_canonical_text_is_the_same():
    assert str(parse(EVERYTHING).query) == EVERYTHING


def test_what_chinese_keyboards_type_means_the_same():
    typed = "状态：已通过　作者：我　步数：≥８　日期：今天　-标签：海报、主图　“红色 围巾”"

    assert str(parse(typed).query) == (
        '"红色 围巾" status:approved by:me steps:>=8 date:today -tag:海报,主图'
    )


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("-tag:a,b", "-tag:a,b"),
        ("tag:a tag:b tag:a", "tag:a tag:b"),
        ('template:"Product shot"', 'template:"Product shot"'),
        ('var:风格="水 彩"', 'var:"风格=水 彩"'),
        ("var:style", "var:style"),
        ("is:approved", "status:approved"),
        ("-is:draft,rejected", "-status:draft,rejected"),
        ("is:draft,mine", "is:draft,mine"),
        ("review:In_Review", "status:pending"),
        ("rating:>3", "rating:>=4"),
        ("cfg:>1.50", "cfg:>1.5"),
        ("cfg:=2.0", "cfg:2"),
        ("cfg:..4", "cfg:<=4"),
        ("seed:-1...5", "seed:-1..5"),
        ("bytes:>2mb", "bytes:>2MB"),
        ("bytes:1.5KB", "bytes:1536"),
        ("peak-vram:8GiB..12g", "peak-vram:8GB..12GB"),
        ("wait:<60s", "wait:<60"),
        ("size:1024×768", "size:1024x768"),
        ("id:0190A6C25B7E7C3A9D513F2B8A61E0C4", "id:0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4"),
        ("sha256:AB12", "sha256:ab12"),
        ("date:2025年1月", "date:2025-01"),
        ("date:<7天", "date:<7d"),
        ("last:100 last:20", "last:20"),
        ("sort:newest", ""),
        ("排序：最早", "sort:oldest"),
        ("FORMAT:JPG", "format:jpeg"),
        ("load_mode:resident", "load-mode:resident"),
        ("--dark", '-"-dark"'),
        ("－夜", "-夜"),
        ("4:3 (cat:1.2)", "4:3 (cat:1.2)"),
        (r'"say \"cheese\""', r'"say \"cheese\""'),
        ("- , \x00 \ud800 \u202e", ""),
    ],
)
def test_spellings_become_canonical(text, canonical):
    reading = parse(text)

    assert str(reading.query) == canonical
    assert not reading.mistakes


def test_a_variable_has_a_name_and_a_value():
    assert condition_of("var:style=ink=dark").values == (Pair("style", "ink=dark"),)


@pytest.mark.parametrize(
    ("text", "position", "length", "suggestion", "understood"),
    [
        ("猫 stauts:approved", 3, 15, "status:approved", "猫"),
        ("-状太：已通过 猫", 1, 7, "-状态:已通过", "猫"),
        ("status:aproved 猫", 1, 14, "status:approved", "猫"),
        ("-status:aproved", 1, 15, "-status:approved", ""),
        ("status:aproved,draft", 8, 7, "approved", "status:draft"),
        ("http://x.y 猫", 1, 10, '"http://x.y"', "猫"),
        ("steps: 8", 1, 8, "steps:8", "8"),
        ("tag: by:li", 1, 4, "", "by:li"),
        ("model:， 猫", 1, 9, "model:猫", "猫"),
        ("cfg:4..1", 1, 8, "cfg:1..4", ""),
        ("date:2025-02..2025-01", 1, 21, "date:2025-01..2025-02", ""),
        ("steps:>=many", 1, 12, "", ""),
        ("steps:..", 1, 8, "", ""),
        ("rating:9", 1, 8, "", ""),
        ("rating:>5", 1, 9, "", ""),
        ("seed:99999999999999999999", 1, 25, "", ""),
        ("date:2025-02-30", 1, 15, "", ""),
        ("size:1024", 1, 9, "", ""),
        ("parent:42", 1, 9, "", ""),
        ("hash:xyz", 1, 8, "", ""),
        ("bytes:big", 1, 9, "", ""),
        ("var:=ink", 1, 8, "", ""),
        ("-sort:oldest", 1, 12, "sort:oldest", ""),
        ("sort:oldest sort:rating", 13, 11, "", "sort:rating"),
        ("last:1..3", 1, 9, "last:100", ""),
        ('"red scarf', 1, 10, '"red scarf"', '"red scarf"'),
        ("tag:" + "a" * 201, 1, 205, "tag:" + "a" * 200, ""),
    ],
)
def test_a_mistake_names_its_place_and_the_rest_is_understood(
    text, position, length, suggestion, understood
):
    mistake = mistake_of(text)

    assert (mistake.position, mistake.length) == (position, length)
    assert mistake.suggestion == suggestion
    assert str(parse(text).query) == understood


def test_a_suggestion_in_its_place_is_understood():
    text = "猫 status:aproved,draft -tag:x"

    assert not parse(corrected(text, mistake_of(text))).mistakes


def test_a_mistake_is_said_with_its_place_and_a_question():
    mistake = mistake_of("猫 status:aproved")

    assert str(mistake) == (
        "Character 3: “aproved” is not a value of status; there are draft, pending, "
        "changes_requested, approved, rejected. Did you mean status:approved?"
    )


def test_several_mistakes_stand_in_the_order_of_the_text():
    assert [each.position for each in parse("a:1 猫 b:2 steps:x").mistakes] == [1, 7, 11]


def test_only_the_beginning_of_a_long_text_is_read():
    reading = parse("a" * 2000)

    assert str(reading.query) == "a" * 1000
    assert [each.position for each in reading.mistakes] == [1001]


def test_only_so_many_conditions_are_read():
    reading = parse(" ".join(f"t{number}" for number in range(60)))

    assert len(reading.query.words) == 50
    assert len(reading.mistakes) == 1


def test_chips_come_and_go():
    query = parse("猫 status:approved").query
    tag = Condition("tag", ("hero",))

    assert str(query.with_(tag, Word("猫"), Word("狗"))) == "猫 狗 status:approved tag:hero"
    assert query.with_(tag).without(tag) == query
    assert str(query.without(Word("猫"))) == "status:approved"
    assert str(query.without_field("status")) == "猫"
    assert query.on("status") == (Condition("status", ("approved",)),)


def test_an_order_alone_leaves_a_query_empty():
    assert parse("sort:rating").query.is_empty
    assert not parse("last:5").query.is_empty
