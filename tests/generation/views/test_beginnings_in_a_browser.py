"""The form's parts for LoRAs and a picture to begin with, as a person uses them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from generation.models import GenerationRequest
from tests.assets.builders import make_image
from tests.builders import World
from tests.generation.builders import make_lora, make_model

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TURBO, OMNI, OTHER = "Z-Image-Turbo", "Z-Image-Omni-Base", "Other"


@pytest.fixture
def page(browser: Browser, asgi_server: str, world: World) -> Page:
    """The form, with two models that take LoRAs and one that does not, and two pictures."""
    make_model(TURBO, is_default=True, description="Fast: a picture takes 8 steps.")
    make_model(OMNI)
    make_model(OTHER, engine="diffsynth", takes_input_image=False)
    make_lora(trigger_words="watercolour style", default_weight=0.7)
    make_lora("ink")
    make_image(world.pets, world.uma, size=(256, 128))
    make_image(world.pets, world.uma, size=(128, 256))
    User.objects.update(language="en")
    page = browser.new_context(base_url=asgi_server, reduced_motion="reduce").new_page()
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda line: note(page, line))
    page.goto("/")
    page.fill("input[name=login]", world.uma.email)
    page.fill("input[name=password]", "correct horse battery")
    page.click("form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(f"/projects/{world.pets.pk}/generate/")
    return page


def note(page: Any, line: Any) -> None:
    if line.type == "error":
        page.faults.append(line.text)


def choose_model(page: Page, name: str) -> None:
    fine = page.locator("details", has_text="Fine settings").last
    if fine.get_attribute("open") is None:
        fine.locator("summary").click()
    page.select_option("select[name=model_version]", label=name)


def test_a_picture_is_chosen_looked_at_and_removed_without_leaving_the_page(page: Page) -> None:
    part = page.locator("input-picture")
    page.fill("textarea[name=prompt]", "a quiet harbour")
    part.locator("summary").click()
    part.locator("[data-candidates] a").first.click()

    expect(part.locator("[data-picture] img")).to_be_visible()
    expect(part.locator("[data-candidates]")).to_be_hidden()
    expect(page.locator("input[name=width]")).to_have_value("128")
    expect(page.locator("input[name=height]")).to_have_value("256")
    expect(page.locator("[data-size]")).to_have_text("128 × 256")
    expect(part.locator("output")).to_have_text("0.6 · keeps the composition")
    part.locator("input[type=range]").press("Home")
    expect(part.locator("output")).to_have_text("0.1 · stays close to the picture")

    choose_model(page, OMNI)
    expect(part.locator("[data-strength]")).to_be_hidden()
    expect(part.locator("[data-edits]")).to_be_visible()
    choose_model(page, OTHER)
    expect(part.locator("[data-unused]")).to_be_visible()

    part.locator("[data-remove]").click()
    expect(part.locator("[data-candidates]")).to_be_visible()
    expect(page.locator("input[name=input_image]")).to_have_value("")
    expect(page.locator("textarea[name=prompt]")).to_have_value("a quiet harbour")
    assert page.faults == []  # type: ignore[attr-defined]


def test_loras_bring_their_weight_and_words_and_rows_come_as_needed(page: Page) -> None:
    part = page.locator("lora-choice")
    part.locator("summary").click()
    rows = part.locator("[data-lora-row]")
    expect(rows.nth(0)).to_be_visible()
    expect(rows.nth(1)).to_be_hidden()

    page.select_option("select[name=lora_1]", label="watercolour")
    expect(page.locator("input[name=lora_weight_1]")).to_have_value("0.7")
    expect(rows.nth(0)).to_contain_text("Say in the prompt: watercolour style")
    expect(rows.nth(1)).to_be_visible()
    expect(rows.nth(2)).to_be_hidden()
    page.fill("input[name=lora_weight_1]", "0.5")
    page.select_option("select[name=lora_1]", label="ink")
    expect(page.locator("input[name=lora_weight_1]")).to_have_value("0.5")
    expect(part.locator("summary")).to_contain_text("ink 0.5")

    choose_model(page, OTHER)
    expect(part.locator("details")).to_be_hidden()
    choose_model(page, TURBO)
    expect(part.locator("details")).to_be_visible()
    expect(page.locator("p[data-description]")).to_have_text("Fast: a picture takes 8 steps.")
    assert page.faults == []  # type: ignore[attr-defined]


def test_what_was_chosen_is_asked_for(page: Page, world: World) -> None:
    page.fill("textarea[name=prompt]", "a quiet harbour")
    page.locator("input-picture summary").click()
    page.locator("input-picture [data-candidates] a").first.click()
    page.locator("lora-choice summary").click()
    page.select_option("select[name=lora_1]", label="watercolour")
    page.locator("form button[type=submit]", has_text="Generate").click()
    expect(page).to_have_url(re.compile("again="))

    request = GenerationRequest.objects.get()
    assert (request.input_image.width, request.strength) == (128, 0.6)
    assert [(each["name"], each["weight"]) for each in request.loras] == [("watercolour", 0.7)]


def test_of_a_hidden_part_nothing_is_sent(page: Page) -> None:
    page.fill("textarea[name=prompt]", "a quiet harbour")
    page.locator("lora-choice summary").click()
    page.select_option("select[name=lora_1]", label="watercolour")
    choose_model(page, OTHER)
    page.locator("form button[type=submit]", has_text="Generate").click()
    expect(page).to_have_url(re.compile("again="))

    assert GenerationRequest.objects.get().loras == []


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_use_them(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("input-picture summary").click()
    page.locator("lora-choice summary").click()
    page.select_option("select[name=lora_1]", label="watercolour")
    found = [Axe().run(page).response["violations"]]
    page.locator("input-picture [data-candidates] a").first.click()
    found.append(Axe().run(page).response["violations"])

    assert [[(each["id"], each["nodes"][0]["html"]) for each in faults] for faults in found] == [
        [],
        [],
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
