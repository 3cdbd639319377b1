import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assets.variables import Reason, VariableError, escape, fill, variables_in

braces_and_words = st.text(st.sampled_from("{} ab1_-主体\né"), max_size=30) | st.text(max_size=30)


def test_names_come_in_order_and_once():
    text = "{主体}, {style} of {主体} with { art style }"

    assert variables_in(text) == ("主体", "style", "art style")


def test_values_go_in_wherever_their_name_stands():
    text = "一只{主体}，坐在{地点}上，{主体}"

    assert fill(text, {"主体": "金毛犬", "地点": "草地", "unused": "x"}) == (
        "一只金毛犬，坐在草地上，金毛犬"
    )


def test_an_empty_value_is_a_value():
    assert fill("a {mood} dog", {"mood": ""}) == "a  dog"


def test_braces_in_values_mean_nothing():
    assert fill("{a} {b}", {"a": "{b}", "b": "}}{"}) == "{b} }}{"


def test_doubled_braces_are_braces():
    assert fill("{{subject}} {{{subject}}} }}{{", {"subject": "dog"}) == "{subject} {dog} }{"
    assert variables_in("{{subject}}") == ()


def test_names_written_with_other_code_points_are_the_same_name():
    decomposed = unicodedata.normalize("NFD", "café")

    assert variables_in("{" + decomposed + "} {café}") == ("café",)
    assert fill("{café}", {decomposed: "tea"}) == "tea"


def test_a_missing_value_is_named_with_its_place():
    with pytest.raises(VariableError, match=r"no value for \{place\}") as caught:
        fill("a {subject} in {place}", {"subject": "dog"})

    assert (caught.value.name, caught.value.reason) == ("place", Reason.MISSING)
    assert caught.value.position == 15


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        ("a {subject", Reason.UNCLOSED, 2),
        ("a {sub{ject}", Reason.UNCLOSED, 2),
        ("{", Reason.UNCLOSED, 0),
        ("a } b", Reason.UNOPENED, 2),
        ("{a}}", Reason.UNOPENED, 3),
        ("x {} y", Reason.BAD_NAME, 2),
        ("x { } y", Reason.BAD_NAME, 2),
        ("{red|blue}", Reason.BAD_NAME, 0),
        ("{1st}", Reason.BAD_NAME, 0),
        ("{a\nb}", Reason.BAD_NAME, 0),
        ("{a.__class__}", Reason.BAD_NAME, 0),
        ("{" + "n" * 41 + "}", Reason.BAD_NAME, 0),
    ],
)
def test_a_misplaced_brace_is_shown_where_it_stands(text, reason, position):
    with pytest.raises(VariableError) as caught:
        variables_in(text)

    assert (caught.value.reason, caught.value.position) == (reason, position)
    assert f"character {position + 1}" in str(caught.value)


@given(st.text())
@example("{{a}} {b}")
def test_any_prompt_can_be_made_a_template(prompt):
    assert variables_in(escape(prompt)) == ()
    assert fill(escape(prompt), {}) == prompt


@given(braces_and_words, st.text())
def test_a_template_fills_with_its_own_variables_or_says_why_not(text, value):
    try:
        names = variables_in(text)
    except VariableError as error:
        wrong = error
    else:
        wrong = None
    if wrong is not None:
        assert wrong.reason is not Reason.MISSING
        assert text[wrong.position] in "{}"
        return

    assert fill(text, dict.fromkeys(names, value)).count(value) >= bool(names)
    for name in names:
        with pytest.raises(VariableError, match="no value"):
            fill(text, dict.fromkeys(set(names) - {name}, value))


@given(st.lists(st.text(), min_size=1, max_size=4), st.text())
def test_literal_text_and_values_arrive_unchanged(texts, value):
    template = "{subject}".join(escape(text) for text in texts)

    assert fill(template, {"subject": value}) == value.join(texts)
