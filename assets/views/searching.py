"""Help with searching: what could be written next, what there is to choose from, how it works."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from assets.queries.facets import FacetCounts, facet_counts
from assets.queries.facets import FacetValue as Counted
from assets.queries.gallery import GallerySearch
from assets.queries.searching import COUNT_LIMIT
from assets.queries.suggesting import suggest
from assets.search.language import FIELDS, Condition, Field, Kind, Query
from assets.search.language.completing import (
    Completion,
    Part,
    choices_like,
    completion_at,
    fields_like,
)
from assets.search.language.fields import STATUSES, Group
from assets.search.language.grammar import written
from assets.search.language.value_reading import choice_keys, plain, read_value
from assets.views.search_words import counted, search_url, text_url, value_words

MOST: Final = 10
# Where one knows what one wants to write; an example says how.
TYPED: Final = frozenset(
    {Kind.WHOLE, Kind.BYTES, Kind.DECIMAL, Kind.DATE, Kind.UID, Kind.HASH, Kind.WORDS, Kind.COUNT}
)
WORTH_GUESSING: Final = ("tag", "template", "by")
FIRST_FIELDS: Final = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line below the search field. `insert` replaces what stands at the cursor."""

    insert: str
    label: str
    hint: str = ""
    count: str = ""
    done: bool = True

    def to_json(self) -> dict[str, object]:
        """As `search-box.js` reads it."""
        return {
            "insert": self.insert,
            "label": self.label,
            "hint": self.hint,
            "count": self.count,
            "done": self.done,
        }


@require_GET
def suggestions(request: PortalRequest, project_id: int) -> JsonResponse:
    """What could stand at the place `at` of the text `q`, the most likely first."""
    project = project_for(request.access, project_id)
    text = request.GET.get("q", "")
    at = request.GET.get("at", "")
    cursor = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else len(text)
    found = completion_at(text, cursor)
    items = _suggested(request, project.pk, found)
    answer = {
        "start": found.start,
        "end": found.end,
        "unfinished": _is_unfinished(found),
        "items": [item.to_json() for item in items[:MOST]],
    }
    return JsonResponse(answer, headers={"Cache-Control": "private, max-age=30"})


def _is_unfinished(found: Completion) -> bool:
    """Whether a value is begun that cannot be understood yet; searching waits for the rest."""
    if found.part is Part.WORD or found.field is None:
        return False
    if found.field.choices:
        return plain(found.prefix) not in choice_keys(found.field)
    return not found.prefix


def _suggested(request: PortalRequest, project_id: int, found: Completion) -> list[Suggestion]:
    if found.part is Part.VALUE:
        return _values(request, project_id, found.field, found.prefix) if found.field else []
    fields = fields_like(found.prefix)
    names = [_name(field) for field in fields[: None if found.prefix else FIRST_FIELDS]]
    return names + _conditions(request, project_id, found.prefix)


def _name(field: Field) -> Suggestion:
    return Suggestion(f"{field.name}:", f"{field.name}:", str(field.label), done=False)


def _values(request: PortalRequest, project_id: int, field: Field, prefix: str) -> list[Suggestion]:
    """The values of a field that begin so: its choices, or what occurs in the project."""
    if field.choices:
        return [
            Suggestion(choice.value, choice.value, str(choice.label))
            for choice in choices_like(field, prefix)
        ]
    if field.kind in TYPED:
        return [Suggestion(field.example, field.example, str(field.help))] if not prefix else []
    values = [
        Suggestion(written(each.value), each.label, count=counted(each.uses, COUNT_LIMIT))
        for each in suggest(request.access, project_id, [field.name], prefix, most=MOST)
    ]
    if field.kind is Kind.PERSON and "me".startswith(prefix.lower()):
        values.insert(0, Suggestion("me", "me", _("what you made")))
    return values


def _conditions(request: PortalRequest, project_id: int, prefix: str) -> list[Suggestion]:
    """Values that begin so, whatever they are values of, for somebody who types a word."""
    if not prefix:
        return []
    found = suggest(request.access, project_id, WORTH_GUESSING, prefix, most=MOST)
    guesses = [
        Suggestion(
            condition, condition, str(FIELDS[each.field].label), counted(each.uses, COUNT_LIMIT)
        )
        for each in found
        for condition in (f"{each.field}:{written(each.value)}",)
    ]
    flags = [
        Suggestion(
            f"{field.name}:{choice.value}", f"{field.name}:{choice.value}", str(choice.label)
        )
        for field in (FIELDS["status"], FIELDS["is"], FIELDS["has"])
        for choice in choices_like(field, prefix)
        if field.name != "is" or choice not in STATUSES
    ]
    return guesses + flags


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a facet: its words, where it leads, how many it finds, whether it is on."""

    label: str
    url: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """What a field can be narrowed to."""

    title: str
    values: list[FacetValue]


@require_GET
def facets(request: PortalRequest, project_id: int) -> HttpResponse:
    """What there is to choose from in what `q` finds."""
    project = project_for(request.access, project_id)
    search = GallerySearch.from_query(request.GET)
    address = reverse("assets:gallery", kwargs={"project_id": project.pk})
    found = facet_counts(request.access, search.prepared(request.access, project.pk))
    context = {
        "facets": [
            Facet(str(FIELDS[name].label), _facet_values(name, found, search.asked, address))
            for name, values in found.fields.items()
            if values
        ],
        "newest": found.counted if found.is_capped else 0,
    }
    response = render(request, "assets/_facets.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


def _facet_values(name: str, found: FacetCounts, asked: Query, address: str) -> list[FacetValue]:
    labels = Counter(each.label for each in found.fields[name])
    return [
        _facet_value(
            FIELDS[name],
            # A name reads better than a number, where it is one person's.
            each.label if labels[each.label] == 1 else each.value,
            each,
            asked,
            address,
            is_capped=found.is_capped,
        )
        for each in found.fields[name]
    ]


def _facet_value(
    field: Field, spelling: str, each: Counted, asked: Query, address: str, *, is_capped: bool
) -> FacetValue:
    """A choice that is on leads to the search without it, another to the search with it."""
    value = read_value(field, spelling)
    chosen = next((own for own in asked.on(field.name) if not own.negated), None)
    is_on = chosen is not None and value in chosen.values
    without = asked.without(chosen) if chosen else asked
    values = [own for own in (chosen.values if chosen else ()) if own != value]
    if not is_on:
        values.append(value)
    wanted = without.with_(Condition(field.name, tuple(values))) if values else without
    count = counted(each.count, COUNT_LIMIT)
    return FacetValue(
        label=each.label if field.kind is Kind.PERSON else value_words(field, value),
        url=search_url(address, wanted),
        count=f"{count}+" if is_capped and not count.endswith("+") else count,
        current=is_on,
    )


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing that the language can do, by an example that can be tried."""

    text: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """A field in the help: what it is, and an example that can be tried."""

    help: str | Promise
    example: str
    url: str
    values: str


@dataclass(frozen=True, slots=True)
class GroupHelp:
    """Fields of one kind: their names in one line, and each of them."""

    title: str | Promise
    names: str
    fields: list[FieldHelp]
    is_open: bool


@require_GET
def search_help(request: PortalRequest, project_id: int) -> HttpResponse:
    """The language by examples, and every field; for scripts only what goes into a dialog."""
    project = project_for(request.access, project_id)
    request.project = project
    address = reverse("assets:gallery", kwargs={"project_id": project.pk})
    context = {
        "project": project,
        "address": address,
        "lessons": [Lesson(text, meaning, text_url(address, text)) for text, meaning in _lessons()],
        "groups": [_group_help(group, address) for group in Group],
    }
    is_part = bool(request.htmx)
    template = "assets/_search_help.html" if is_part else "assets/search_help.html"
    return render(request, template, context)


def _lessons() -> list[tuple[str, str]]:
    return [
        (_("panda scarf"), _("Both words, in any order: in prompts, tags, comments and names.")),
        (_('"red scarf"'), _("Exactly these words, one behind the other.")),
        (_("panda -grass"), _("A minus leaves out what comes after it, also before a field.")),
        ("status:approved,pending", _("A field and its value. A comma means “or”.")),
        ("steps:>=8 cfg:1..4", _("From a number on, or from one to another.")),
        ("date:2025-01..2025-02", _("From January to February; date:7d is the last week.")),
        ("by:me -is:reused", _("What I made and nobody has used yet.")),
        ("has:comments sort:rating", _("With comments, the best rated first.")),
        ("is:starred last:100", _("Of the pictures that I starred, the newest hundred.")),
    ]


def _group_help(group: Group, address: str) -> GroupHelp:
    fields = [field for field in FIELDS.values() if field.group is group]
    return GroupHelp(
        title=group.value,
        names=" · ".join(field.name for field in fields),
        fields=[
            FieldHelp(
                help=field.help,
                example=f"{field.name}:{field.example}",
                url=text_url(address, f"{field.name}:{field.example}"),
                values=", ".join(choice.value for choice in field.choices),
            )
            for field in fields
        ],
        is_open=group is Group.COMMON,
    )
