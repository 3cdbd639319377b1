from assets.suggestions import Suggestions


def test_only_what_was_chosen_is_stored_and_it_is_read_back():
    suggestions = Suggestions(width=1024, cfg=0.0, examples={"主体": "金毛犬"})

    stored = suggestions.to_json()

    assert stored == {"width": 1024, "cfg": 0.0, "examples": {"主体": "金毛犬"}}
    assert Suggestions.from_json(stored) == suggestions
    assert Suggestions.from_json({"unknown": 1}) == Suggestions()


def test_examples_follow_the_variables():
    suggestions = Suggestions(examples={"b": " two ", "gone": "x", "a": "one", "empty": " "})

    assert list(suggestions.for_variables(("a", "b", "empty")).examples.items()) == [
        ("a", "one"),
        ("b", "two"),
    ]
