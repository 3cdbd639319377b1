import pytest

from assets.search.language import FIELDS
from assets.search.language.completing import Part, choices_like, completion_at, fields_like


@pytest.mark.parametrize(
    ("text", "part", "field", "prefix", "replaced"),
    [
        ("|", Part.WORD, None, "", ""),
        ("sta|", Part.WORD, None, "sta", "sta"),
        ("-sta|", Part.WORD, None, "sta", "sta"),
        ("-|", Part.WORD, None, "", ""),
        ("熊猫 |", Part.WORD, None, "", ""),
        ("熊|猫 red", Part.WORD, None, "熊", "熊猫"),
        ("sta|tus:approved", Part.WORD, None, "sta", "status:"),
        ("status:|", Part.VALUE, "status", "", ""),
        ("状态：已|", Part.VALUE, "status", "已", "已"),
        ("status:ap|proved red", Part.VALUE, "status", "ap", "approved"),
        ("status:a,|", Part.VALUE, "status", "", ""),
        ('template:"产|品" red', Part.VALUE, "template", "产", '"产品"'),
        ('template:"产| red', Part.VALUE, "template", "产", '"产'),
        ("tag: |", Part.WORD, None, "", ""),
        ("foo:b|", Part.VALUE, None, "b", "b"),
    ],
)
def test_what_stands_at_the_cursor_is_completed(text, part, field, prefix, replaced):
    cursor = text.index("|")
    text = text.replace("|", "")
    found = completion_at(text, cursor)

    assert (found.part, found.prefix) == (part, prefix)
    assert (found.field and found.field.name) == field
    assert text[found.start : found.end] == replaced


def test_a_suggested_value_is_quoted_where_it_must_be():
    found = completion_at("template:", 9)

    assert found.insertion("hero") == "hero"
    assert found.insertion("Product shot") == '"Product shot"'


def test_fields_are_found_by_name_and_in_chinese():
    assert fields_like("sta")[0].name == "status"
    assert [each.name for each in fields_like("状")] == ["status"]
    assert fields_like("") == list(FIELDS.values())


def test_choices_are_found_by_value_label_and_alias():
    status = FIELDS["status"]

    assert [each.value for each in choices_like(status, "app")] == ["approved"]
    assert [each.value for each in choices_like(status, "In r")] == ["pending"]
    assert [each.value for each in choices_like(status, "已")] == ["approved", "rejected"]
