"""The audit trail in words."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from django.utils.translation import override

from accounts.models import AuditEvent
from accounts.wording import all_words, sentence_of, words_for

SPRITE = Path("portal/static/portal/vendor/icons.svg")


def event(action: str, **data: object) -> AuditEvent:
    return AuditEvent(actor_label="Ada", target_label="Uma", action=action, data=data)


def test_role_change_reads_as_a_sentence_with_roles_in_words() -> None:
    told = sentence_of(event("accounts.member.role_changed", before="user", after="reviewer"))

    assert told == "<b>Ada</b> changed the role of <b>Uma</b> from User to Reviewer"


def test_action_that_nobody_named_shows_its_code() -> None:
    assert sentence_of(event("future.thing.done")) == "<b>Ada</b>: future.thing.done <b>Uma</b>"
    assert words_for("future.thing.done").label == "future.thing.done"


def test_missing_data_leaves_a_gap_and_no_error() -> None:
    assert "from … to …" in sentence_of(event("accounts.member.role_changed"))


def test_names_cannot_carry_markup_or_placeholders() -> None:
    hostile = AuditEvent(
        actor_label="<script>",
        target_label="{before.__class__}",
        action="accounts.project.renamed",
        data={"before": "<img src=x>", "actor": "Eve"},
    )

    told = sentence_of(hostile)

    assert "<script>" not in told
    assert "<img" not in told
    assert "{before.__class__}" in told
    assert "Eve" not in told


@pytest.mark.parametrize("action", sorted(all_words()))
def test_every_sentence_can_be_told_and_has_its_icon(action: str) -> None:
    words = all_words()[action]
    with override("en"):
        names = {
            name for _text, name, _spec, _conv in string.Formatter().parse(str(words.sentence))
        }

    assert "target" in names  # a sentence names what it is about
    assert sentence_of(event(action))
    assert f'id="{words.icon}"' in SPRITE.read_text(encoding="utf-8")
