"""The audit trail in words.

Each app says in its module `audit_words` what its actions are called and how an event reads; this
module collects them, so that the page of the trail knows no app by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.html import format_html
from django.utils.module_loading import module_has_submodule
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.errors import Sentence
from accounts.models import AuditEvent

MODULE = "audit_words"


@dataclass(frozen=True, slots=True)
class AuditWords:
    """How one action is called and told.

    `sentence` may name `{actor}`, `{target}` and every key of the event's data; `values` translates
    data values that are words of ours, such as roles. `details` makes lines below the sentence of
    the event's data.
    """

    label: Sentence
    sentence: Sentence
    icon: str = "activity"
    values: Mapping[str, Sentence] = field(default_factory=dict)
    details: Callable[[Mapping[str, Any]], Iterable[str]] | None = None


@cache
def all_words() -> Mapping[str, AuditWords]:
    """The words of every installed app, by action."""
    words: dict[str, AuditWords] = {}
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, MODULE):
            words.update(import_module(f"{app.name}.{MODULE}").WORDS)
    return words


def words_for(action: str) -> AuditWords:
    """The words of an action; one that nobody named shows its own code."""
    return all_words().get(action) or AuditWords(
        label=action, sentence=_("{actor}: {action} {target}")
    )


def sentence_of(event: AuditEvent) -> SafeString:
    """The event as a sentence in the reader's language; names are bold, everything is escaped."""
    words = words_for(event.action)
    values: dict[str, object] = defaultdict(lambda: "…")
    values.update({key: words.values.get(str(value), value) for key, value in event.data.items()})
    values.update(
        actor=format_html("<b>{}</b>", event.actor_label),
        target=format_html("<b>{}</b>", event.target_label),
        action=event.action,
    )
    return _fill(str(words.sentence), values)


def details_of(event: AuditEvent) -> list[str]:
    """What there is to say beyond the sentence, a line each; plain text, to be escaped."""
    details = words_for(event.action).details
    return list(details(event.data)) if details else []


def _fill(sentence: str, values: dict[str, object]) -> SafeString:
    # format_html takes only keywords that it is given, so the missing ones are named first.
    for name in sentence.split("{")[1:]:
        values.setdefault(name.partition("}")[0], "…")
    return format_html(sentence, **values)
