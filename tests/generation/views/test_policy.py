"""The pages of the limits, of an organization and of a project."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Role
from generation.actions.policies import change_policy
from generation.forms.policy_numbers import NUMBERS
from generation.limits import NOTHING_SAID, HoursRule, PolicyValues
from generation.models import UsageCounter
from generation.queries.limits import policy_of, policy_of_organization
from tests.builders import World, access_of, join, make_person, open_at_all_hours
from tests.clock import Clock
from tests.generation.builders import ask_for, make_preview_model, make_runner, run_all

pytestmark = pytest.mark.django_db

PLACES = ["project", "organization"]


def address(world: World, place: str = "project", *, reset: bool = False) -> str:
    if place == "organization":
        name, parts = "organization-policy", {"slug": world.lantern.slug}
    else:
        name, parts = "policy", {"project_id": world.pets.pk}
    return reverse(f"generation:{name}{'-reset' if reset else ''}", kwargs=parts)


def said(world: World, place: str) -> PolicyValues:
    if place == "organization":
        return policy_of_organization(world.lantern.pk)
    return policy_of(world.pets.pk)


def typed(**changes: object) -> dict[str, object]:
    """The form as a browser sends it when everything is empty; a change of `None` is not sent."""
    form: dict[str, object] = dict.fromkeys(NUMBERS, "")
    form |= {f"hours_{day}": "9:00-18:00" if day < 5 else "" for day in range(7)}
    form |= {
        "hours_rule": "",
        "hours_holidays": "",
        "hours_extra_days": "",
        "hours_timezone": "Asia/Shanghai",
        "every_model": "on",
        "shrink": "",
        **changes,
    }
    return {name: value for name, value in form.items() if value is not None}


@pytest.mark.parametrize("place", PLACES)
def test_ada_says_everything_that_a_policy_can_say(world: World, client_for, place: str) -> None:
    model = make_preview_model()
    numbers = dict.fromkeys(NUMBERS, 300) | {
        "max_pixels": 262_144,
        "min_steps": 4,
        "max_steps": 12,
        "max_images_per_request": 100,
        "max_running_per_person": 3,
    }
    form = typed(
        **numbers,
        hours_rule="refuse",
        hours_0="9:00-12:00，13:00-18:00",
        hours_5="22:00-6:00",
        hours_holidays="2026-10-01..2026-10-03",
        hours_extra_days="2026-10-10",
        hours_timezone="Europe/Berlin",
        every_model=None,
        allowed_models=[str(model.pk)],
        shrink="yes",
    )

    answer = client_for(world.ada).post(address(world, place), form)

    assert answer.status_code == 302
    assert answer.url == address(world, place)
    assert said(world, place) == PolicyValues(
        **numbers,
        allowed_models=[model.pk],
        hours_rule="refuse",
        hours={
            "timezone": "Europe/Berlin",
            "windows": {
                "0": [["09:00", "12:00"], ["13:00", "18:00"]],
                **{str(day): [["09:00", "18:00"]] for day in range(1, 5)},
                "5": [["22:00", "06:00"]],
            },
            "holidays": ["2026-10-01", "2026-10-02", "2026-10-03"],
            "extra_days": ["2026-10-10"],
        },
        shrink=True,
    )
    assert AuditEvent.objects.filter(action="generation.policy.changed").count() == 1
    page = client_for(world.ada).get(answer.url).content.decode()
    assert 'value="09:00-12:00, 13:00-18:00"' in page
    assert "2026-10-01..2026-10-03" in page


@pytest.mark.parametrize("place", PLACES)
def test_what_is_shown_can_be_sent_back_and_changes_nothing(
    world: World, client_for, place: str
) -> None:
    make_preview_model()
    client = client_for(world.ada)
    client.post(
        address(world, place),
        typed(max_side="512", hours_rule="keep", hours_5="10-14", shrink="no"),
    )
    before = said(world, place)
    form = client.get(address(world, place)).context["form"]
    shown: dict[str, Any] = {field.name: field.value() for field in form}
    again = {name: value for name, value in shown.items() if value not in (None, False, [])}

    answer = client.post(address(world, place), again)

    assert answer.status_code == 302
    assert said(world, place) == before
    assert before.max_side == 512


@pytest.mark.parametrize("place", PLACES)
def test_an_empty_form_says_nothing(world: World, client_for, place: str) -> None:
    answer = client_for(world.ada).post(address(world, place), typed())

    assert answer.status_code == 302
    assert said(world, place) == NOTHING_SAID


def test_empty_inputs_show_what_holds_instead(world: World, client_for) -> None:
    open_at_all_hours(world.lantern, max_side=768, images_per_day=500)
    client = client_for(world.ada)

    above = client.get(address(world, "organization")).context["form"]
    own = client.get(address(world, "project")).context["form"]

    def shown(form: Any, name: str) -> str:
        return form[name].field.widget.attrs["placeholder"]

    assert shown(above, "max_steps") == "usual: 50"
    assert shown(above, "max_running") == "usual: no limit"
    assert shown(above, "retention_days") == "usual: for good"
    assert shown(own, "max_side") == "as the organization says: 768"
    assert shown(own, "max_steps") == "as the organization says: 50"
    assert shown(own, "images_per_day") == "none of its own"
    assert "limit of 500 holds as well" in own["images_per_day"].help_text
    assert "limit of 2 holds as well" in own["max_running_per_person"].help_text


def test_a_number_that_is_looser_than_the_organizations_is_explained(
    world: World, client_for
) -> None:
    client = client_for(world.ada)
    client.post(address(world), typed(max_side="2048"))

    page = client.get(address(world)).content.decode()

    assert "The organization says 1,024, and that is what holds." in page


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "case",
    [
        ("max_side", "255", "greater than or equal to 256"),
        ("max_side", "4097", "less than or equal to 4096"),
        ("max_steps", "0", "greater than or equal to 1"),
        ("max_steps", "NaN", "Enter a whole number."),
        ("min_steps", "90", "Choose at most 50, the most steps."),
        ("max_images_per_request", "201", "less than or equal to 200"),
        ("max_waiting_per_person", "9" * 30, "less than or equal to 10000"),
        ("retention_days", "0", "greater than or equal to 1"),
        ("hours_0", "9-25", "“9-25” is not a span of hours. Write it such as 9:00-18:00."),
        ("hours_6", "morning", "“morning” is not a span of hours."),
        ("hours_2", "9-12, 11-13", "09:00-12:00 and 11:00-13:00 overlap."),
        ("hours_holidays", "2026-02-30", "“2026-02-30” is not a date."),
        ("hours_holidays", "2026-01-02..2026-01-01", "ends before it begins"),
        ("hours_extra_days", "tomorrow", "“tomorrow” is not a date."),
        ("hours_timezone", "Mars/Olympus", "“Mars/Olympus” is not a time zone."),
        ("hours_timezone", "../../etc/passwd", "is not a time zone."),
        ("hours_rule", "sometimes", "Select a valid choice."),
        ("shrink", "perhaps", "Select a valid choice."),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_kept_on_the_page(
    world: World, client_for, place: str, case: tuple[str, str, str]
) -> None:
    field, value, sentence = case
    before = said(world, place)

    answer = client_for(world.ada).post(address(world, place), typed(**{field: value}))

    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors.keys() == {field}
    assert sentence in str(form.errors[field][0])
    assert form[field].value() == value
    assert answer.content.decode().count(" autofocus") == (field not in {"hours_rule", "shrink"})
    assert said(world, place) == before
    assert not AuditEvent.objects.filter(action="generation.policy.changed").exists()


def test_errors_are_said_in_the_language_of_the_reader(world: World, client_for) -> None:
    world.ada.language = "zh-hans"
    world.ada.save(update_fields=["language"])

    answer = client_for(world.ada).post(address(world), typed(hours_0="早上"))

    assert answer.status_code == 422
    assert "“早上”不是有效时段" in answer.content.decode()


@pytest.mark.parametrize("rule", ["keep", "refuse"])
def test_hours_without_an_hour_are_refused(world: World, client_for, rule: str) -> None:
    empty = {f"hours_{day}": "" for day in range(7)}

    answer = client_for(world.ada).post(address(world), typed(hours_rule=rule, **empty))

    assert answer.status_code == 422
    assert "Say when pictures are made" in str(answer.context["form"].errors["hours_0"])


def test_no_model_at_all_is_refused(world: World, client_for) -> None:
    make_preview_model()

    answer = client_for(world.ada).post(address(world), typed(every_model=None))

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"allowed_models"}


def test_a_project_offers_the_models_that_its_organization_allows(world: World, client_for) -> None:
    model = make_preview_model()
    other = type(model).objects.create(name="Other", revision="1", engine="preview")
    gone = type(model).objects.create(name="Gone", revision="1", engine="preview", is_enabled=False)
    open_at_all_hours(world.lantern, allowed_models=[model.pk, gone.pk])

    def offered(place: str) -> list[str]:
        form = client_for(world.ada).get(address(world, place)).context["form"]
        return [label for _key, label in form.fields["allowed_models"].choices]

    assert offered("project") == ["Preview"]
    assert offered("organization") == ["Preview", "Gone", "Other"]
    answer = client_for(world.ada).post(
        address(world), typed(every_model=None, allowed_models=[str(other.pk)])
    )
    assert answer.status_code == 422


def test_the_button_fills_in_the_hours_of_an_office_and_saves_nothing(
    world: World, client_for
) -> None:
    make_preview_model()
    before = policy_of(world.pets.pk)
    form = typed(
        hours_0="",
        hours_6="1-2",
        max_side="5",
        every_model=None,
        hours_holidays="Christmas",
        office_hours="1",
    )

    answer = client_for(world.ada).post(address(world), form)

    assert answer.status_code == 200
    shown = answer.context["form"]
    assert [row.value() for row in shown.day_rows()] == ["09:00-18:00"] * 5 + ["", ""]
    assert shown["hours_rule"].value() == HoursRule.KEEP
    assert shown["max_side"].value() == "5"
    assert shown["hours_holidays"].value() == "Christmas"
    assert shown["every_model"].value() is False
    assert not shown.errors
    assert policy_of(world.pets.pk) == before


def test_at_all_hours_the_week_is_kept_for_later(world: World, client_for) -> None:
    client = client_for(world.ada)
    client.post(address(world), typed(hours_rule="keep", hours_5="10-12"))
    kept = policy_of(world.pets.pk).hours

    client.post(address(world), typed(hours_rule="always", hours_5="10-12"))
    assert policy_of(world.pets.pk).hours == kept
    client.post(address(world), typed(hours_rule="", hours_5="10-12"))

    assert policy_of(world.pets.pk) == NOTHING_SAID


@pytest.mark.parametrize("place", PLACES)
def test_taking_back_empties_the_policy(world: World, client_for, place: str) -> None:
    client = client_for(world.ada)
    client.post(address(world, place), typed(max_side="512"))

    answer = client.post(address(world, place, reset=True))

    assert (answer.status_code, answer.url) == (302, address(world, place))
    assert said(world, place) == NOTHING_SAID
    assert "limits hold again" in client.get(answer.url).content.decode()
    page = client.get(address(world, place)).content.decode()
    assert 'id="reset"' not in page, "there is nothing left to take back"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("person", "status"), [("uma", 403), ("rita", 403), ("paul", 403), ("mallory", 404)]
)
def test_the_pages_are_for_admins(
    world: World, client_for, place: str, person: str, status: int
) -> None:
    client = client_for(getattr(world, person))

    assert client.get(address(world, place)).status_code == status
    assert client.post(address(world, place), typed(max_side="512")).status_code == status
    assert client.post(address(world, place, reset=True)).status_code == status
    assert policy_of(world.pets.pk) == NOTHING_SAID


def test_an_admin_of_one_project_limits_that_project_only(world: World, client_for) -> None:
    nora = make_person("nora")
    join(nora, world.lantern, Role.ADMIN, project=world.pets)
    client = client_for(nora)

    assert client.post(address(world), typed(max_side="512")).status_code == 302
    assert client.get(address(world, "organization")).status_code == 403
    assert address(world, "organization") not in client.get("/").content.decode()


def test_the_way_to_the_pages_is_in_the_navigation(world: World, client_for) -> None:
    page = client_for(world.ada).get("/").content.decode()
    assert f'href="{address(world, "organization")}"' in page
    assert address(world, "organization") not in client_for(world.uma).get("/").content.decode()

    settings = reverse("accounts:project-settings", kwargs={"project_id": world.pets.pk})
    assert f'href="{address(world)}"' in client_for(world.ada).get(settings).content.decode()


def test_what_holds_is_told_beside_the_form(world: World, client_for, clock: Clock) -> None:
    clock.set("2026-12-05T10:00:00+08:00")
    open_at_all_hours(world.lantern, hours_rule=HoursRule.KEEP, images_per_day=50)
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_side=512, max_running_per_person=1, retention_days=30),
    )

    facts = client_for(world.ada).get(address(world)).context["facts"]

    told = {label: lines for group in facts for label, lines in group.rows}
    assert told["Largest side in pixels"] == ["512"]
    assert told["Steps"] == ["1 to 50"]
    assert told["Pictures of one person at once"] == ["1 in this project", "2 in the organization"]
    assert told["Pictures of everybody at once"] == ["no limit"]
    assert told["Pictures of everybody in a day"] == ["50 in the organization"]
    assert told["Pictures are made"] == ["Mon–Fri 09:00-18:00"]
    assert told["Outside these hours"] == ["requests wait"]
    assert told["Now"] == ["Closed now, opens Mon at 09:00"]
    assert told["Models"] == ["every model"]
    assert told["Days that finished requests are kept"] == ["30 days"]


def test_the_page_shows_how_full_the_quotas_are_and_who_fills_them(
    world: World, client_for, clock: Clock
) -> None:
    clock.set("2026-12-05T10:00:00+08:00")
    open_at_all_hours(world.lantern, person_images_per_day=4, images_per_month=10)
    ask_for(world.pets, world.uma, count=3)
    ask_for(world.products, world.rita)
    run_all(make_runner())
    ask_for(world.pets, world.rita)

    above = client_for(world.ada).get(address(world, "organization")).context["meters"]
    own = client_for(world.ada).get(address(world)).context["meters"]

    assert [(each.owner, each.sentence, each.percent) for each in above] == [
        (
            "Everybody, in the organization",
            "5 of 10 pictures this month; anew on January 1",
            50,
        ),
        ("Uma", "3 of 4 pictures today; anew at 00:00", 75),
        ("Rita", "1 of 4 pictures today; anew at 00:00", 25),
    ]
    assert above[0].waiting == "1 of them waits or runs"
    assert [each.owner for each in own] == [
        "Everybody, in the organization",
        "You, in the organization",
    ]


def test_people_who_left_are_not_named(world: World, client_for) -> None:
    """Counters outlive people."""
    open_at_all_hours(world.lantern, person_images_per_day=4)
    ask_for(world.pets, world.uma)
    run_all(make_runner())
    UsageCounter.objects.filter(person_key=world.uma.pk).update(person_key=999_999)

    assert client_for(world.ada).get(address(world, "organization")).context["meters"] == []


def test_labels_and_inputs_belong_together(world: World, client_for) -> None:
    make_preview_model()
    for place in PLACES:
        page = client_for(world.ada).get(address(world, place)).content.decode()
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'<label[^>]* for="([^"]+)"', page)) <= set(ids)
        assert {f"id_{name}" for name in asdict(NOTHING_SAID)} - set(ids) == {
            "id_hours",
            "id_hours_rule",
            "id_allowed_models",
            "id_shrink",
        } - set(ids)
