"""The form that asks for pictures: LoRAs and a picture to begin with."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from assets.models import Image
from generation.actions.policies import change_policy
from generation.limits import PolicyValues
from generation.models import GenerationRequest, Lora, ModelVersion
from generation.types import LoraChoice
from tests.assets.builders import make_image
from tests.builders import World, access_of
from tests.generation.builders import ask_for, make_lora, make_model, make_runner, run_all
from tests.generation.views.test_asking import address, filled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model(world: World) -> ModelVersion:
    return make_model("Z-Image-Turbo", is_default=True)


def open_form(client, world: World, **query: object):
    return client.get(address(world.pets), query)


class TestInputImage:
    """Chosen by its address, shown, kept, and sent."""

    def test_the_page_of_a_picture_leads_to_the_form(self, world: World, client_for) -> None:
        image = make_image(world.pets, world.rita)

        page = client_for(world.uma).get(reverse("assets:image", kwargs={"uid": image.uid}))

        assert f"{address(world.pets)}?input={image.uid}" in page.content.decode()

    def test_it_is_shown_with_its_shape_and_a_strength(self, world: World, client_for) -> None:
        image = make_image(world.pets, world.rita, size=(512, 256))

        page = open_form(client_for(world.uma), world, input=image.uid)

        form, text = page.context["form"], page.content.decode()
        assert form.input_picture == image
        assert f'name="input_image" value="{image.uid}"' in text
        assert reverse("assets:rendition", kwargs={"uid": image.uid, "kind": "thumb"}) in text
        assert (form["width"].value(), form["height"].value()) == (512, 256)
        assert form["strength"].value() == 0.6

    def test_a_picture_larger_than_the_limits_keeps_its_shape(
        self, world: World, client_for
    ) -> None:
        values = PolicyValues(max_side=512)
        change_policy(access=access_of(world.ada), project=world.pets, values=values)
        image = make_image(world.pets, world.rita, size=(1024, 512))

        form = open_form(client_for(world.uma), world, input=image.uid).context["form"]

        assert (form["width"].value(), form["height"].value()) == (512, 256)

    def test_it_is_asked_for(self, world: World, client_for) -> None:
        image = make_image(world.products, world.rita)

        answer = client_for(world.uma).post(
            address(world.pets), filled(input_image=str(image.uid), strength="0.35")
        )

        request = GenerationRequest.objects.get()
        assert (request.input_image, request.strength) == (image, 0.35)
        again = client_for(world.uma).get(answer.url).context["form"]
        assert again.input_picture == image
        assert again["strength"].value() == 0.35

    def test_without_a_picture_the_slider_means_nothing(self, world: World, client_for) -> None:
        client_for(world.uma).post(address(world.pets), filled(strength="0.35"))

        request = GenerationRequest.objects.get()
        assert (request.input_uid, request.strength) == (None, 1.0)

    def test_with_a_model_that_changes_pictures_the_slider_means_nothing(
        self, world: World, client_for
    ) -> None:
        omni, image = make_model("Z-Image-Omni-Base"), make_image(world.pets, world.uma)

        client_for(world.uma).post(
            address(world.pets),
            filled(input_image=str(image.uid), strength="0.35", model_version=str(omni.pk)),
        )

        request = GenerationRequest.objects.get()
        assert (request.input_image, request.strength) == (image, 1.0)

    def test_a_model_that_takes_none_says_so_beside_the_picture(
        self, world: World, client_for
    ) -> None:
        sketch = make_model("Sketch", takes_input_image=False)
        image = make_image(world.pets, world.uma)

        answer = client_for(world.uma).post(
            address(world.pets), filled(input_image=str(image.uid), model_version=str(sketch.pk))
        )

        assert answer.status_code == 422
        assert "cannot begin with a picture" in str(answer.context["form"].errors["input_image"])
        assert answer.context["form"].input_picture == image

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [("0", "between 0.1 and 1"), ("2", "between 0.1 and 1"), ("x", "Enter a number.")],
    )
    def test_a_strength_that_cannot_be_gets_a_sentence(
        self, world: World, client_for, typed: str, sentence: str
    ) -> None:
        image = make_image(world.pets, world.uma)

        answer = client_for(world.uma).post(
            address(world.pets), filled(input_image=str(image.uid), strength=typed)
        )

        assert answer.status_code == 422
        assert sentence in str(answer.context["form"].errors["strength"])

    @pytest.mark.parametrize("uid", ["not-a-uid", "00000000-0000-0000-0000-000000000000"])
    def test_an_address_that_names_no_picture_leads_nowhere(
        self, world: World, client_for, uid: str
    ) -> None:
        assert open_form(client_for(world.uma), world, input=uid).status_code == 404

    def test_a_foreign_picture_is_neither_shown_nor_taken(self, world: World, client_for) -> None:
        foreign = make_image(world.harbour_project, world.mallory)
        client = client_for(world.uma)

        assert open_form(client, world, input=foreign.uid).status_code == 404
        answer = client.post(address(world.pets), filled(input_image=str(foreign.uid)))
        assert answer.status_code == 422
        assert "no longer there" in str(answer.context["form"].errors["input_image"])
        assert str(reverse("assets:rendition", args=[foreign.uid, "thumb"])) not in answer.text

    def test_garbage_instead_of_a_picture_gets_a_sentence(self, world: World, client_for) -> None:
        answer = client_for(world.uma).post(address(world.pets), filled(input_image="x\0y"))

        assert answer.status_code == 422

    def test_ones_latest_pictures_are_offered(self, world: World, client_for) -> None:
        mine, others = make_image(world.pets, world.uma), make_image(world.pets, world.rita)

        page = open_form(client_for(world.uma), world).content.decode()

        assert f'data-uid="{mine.uid}"' in page
        assert f'data-uid="{others.uid}"' not in page

    def test_settings_of_a_picture_are_kept_beside_another_to_begin_with(
        self, world: World, client_for
    ) -> None:
        request = ask_for(world.pets, world.uma, seed=77)
        image = make_image(world.pets, world.uma)

        page = open_form(client_for(world.uma), world, again=request.pk, input=image.uid)

        form = page.context["form"]
        assert (form["seed"].value(), form.input_picture) == (77, image)


class TestLoras:
    """Hidden until there are any, up to three, each with a weight."""

    def test_without_loras_there_is_no_such_part(self, world: World, client_for) -> None:
        page = open_form(client_for(world.uma), world).content.decode()

        assert "lora" not in page.lower()

    def test_loras_that_no_model_takes_are_not_offered(self, world: World, client_for) -> None:
        make_lora(engine="diffsynth")

        page = open_form(client_for(world.uma), world).content.decode()

        assert "watercolour" not in page

    def test_they_are_offered_with_their_usual_weight_and_words(
        self, world: World, client_for
    ) -> None:
        lora = make_lora(trigger_words="水彩", default_weight=0.7)
        make_lora("old", is_enabled=False)

        text = open_form(client_for(world.uma), world).content.decode()

        option = f'<option value="{lora.pk}" data-weight="0.7" data-words="水彩"'
        assert text.count(option) == 3
        assert "old" not in text.split("lora-choice")[1]

    def test_they_are_asked_for_and_stay_in_the_form(self, world: World, client_for) -> None:
        first, second = make_lora("watercolour"), make_lora("ink", default_weight=0.7)

        answer = client_for(world.uma).post(
            address(world.pets),
            filled(
                lora_1=str(second.pk), lora_weight_1="", lora_2=str(first.pk), lora_weight_2="1.2"
            ),
        )

        request = GenerationRequest.objects.get()
        assert [(each["name"], each["weight"]) for each in request.loras] == [
            ("ink", 0.7),
            ("watercolour", 1.2),
        ]
        form = client_for(world.uma).get(answer.url).context["form"]
        rows = [(row.lora.value(), row.weight.value()) for row in form.rows()]
        assert rows[:2] == [(second.pk, "0.7"), (first.pk, "1.2")]

    @pytest.mark.parametrize(
        ("sent", "field", "sentence"),
        [
            ({"lora_weight_1": "9"}, "lora_1", "between -4 and 4"),
            ({"lora_weight_1": "x"}, "lora_weight_1", "Enter a number."),
            ({"lora_2": "same"}, "lora_2", "chosen twice"),
            ({"lora_1": "424242"}, "lora_1", "not available any more"),
        ],
    )
    def test_what_cannot_be_gets_a_sentence_beside_it(
        self, world: World, client_for, *, sent, field, sentence
    ) -> None:
        lora = make_lora()
        sent = {name: str(lora.pk) if value == "same" else value for name, value in sent.items()}

        answer = client_for(world.uma).post(
            address(world.pets), filled(**{"lora_1": str(lora.pk), **sent})
        )

        assert answer.status_code == 422
        assert sentence in str(answer.context["form"].errors[field])
        assert not GenerationRequest.objects.exists()

    def test_one_that_was_disabled_meanwhile_gets_a_sentence(
        self, world: World, client_for
    ) -> None:
        make_lora("other")
        lora = make_lora(is_enabled=False)

        answer = client_for(world.uma).post(address(world.pets), filled(lora_1=str(lora.pk)))

        assert "not available any more" in str(answer.context["form"].errors["lora_1"])

    def test_another_models_loras_get_a_sentence(self, world: World, client_for) -> None:
        lora = make_lora()
        other = make_model("Other", engine="diffsynth")

        answer = client_for(world.uma).post(
            address(world.pets), filled(lora_1=str(lora.pk), model_version=str(other.pk))
        )

        assert "does not take this LoRA" in str(answer.context["form"].errors["lora_1"])


class TestRecall:
    """“Use these settings” brings everything back, and says what it cannot."""

    @pytest.fixture
    def made(self, transactional_db: None, world: World) -> Image:
        """A picture that began with another one and a LoRA."""
        begun = make_image(world.pets, world.paul)
        ask_for(
            world.pets,
            world.uma,
            input_image_uid=begun.uid,
            strength=0.45,
            loras=(LoraChoice(make_lora().pk, 0.8),),
        )
        run_all(make_runner())
        return Image.objects.latest("id")

    def test_from_a_picture(self, world: World, client_for, made: Image) -> None:
        form = open_form(client_for(world.uma), world, **{"from": made.uid}).context["form"]

        assert form.input_picture == made.parent
        assert form["strength"].value() == 0.45
        row = next(form.rows())
        assert (row.lora.value(), row.weight.value()) == (Lora.objects.get().pk, "0.8")

    def test_from_a_request(self, world: World, client_for, made: Image) -> None:
        page = open_form(client_for(world.uma), world, again=made.request_id)

        form = page.context["form"]
        assert (form.input_picture, form["strength"].value()) == (made.parent, 0.45)
        assert form.has_loras

    def test_what_is_not_there_any_more_is_said(
        self, world: World, client_for, made: Image
    ) -> None:
        Lora.objects.update(is_enabled=False)
        begun = made.parent
        GenerationRequest.objects.update(parent_image=None, input_image=None)
        Image.objects.filter(pk=made.pk).update(parent=None)
        Image.objects.filter(pk=begun.pk).update(project=world.harbour_project)

        for query in ({"from": made.uid}, {"again": made.request_id}):
            page = open_form(client_for(world.uma), world, **query)
            text = page.content.decode()
            assert "The LoRA “watercolour” is not available any more." in text
            assert "The input image is not there any more." in text
            assert page.context["form"].input_picture is None

    def test_a_renamed_lora_is_known_by_its_file(
        self, world: World, client_for, made: Image
    ) -> None:
        Lora.objects.update(name="aquarelle")

        form = open_form(client_for(world.uma), world, **{"from": made.uid}).context["form"]

        assert next(form.rows()).lora.value() == Lora.objects.get().pk

    def test_the_page_of_the_request_shows_them(
        self, world: World, client_for, made: Image
    ) -> None:
        page = client_for(world.uma).get(
            reverse("generation:request", kwargs={"request_id": made.request_id})
        )

        text = page.content.decode()
        assert "watercolour × 0.8" in text
        assert reverse("assets:image", kwargs={"uid": made.parent.uid}) in text
        assert "0.45" in text
        assert "an earlier picture" not in text

    def test_a_deleted_beginning_is_said_on_the_page_of_the_request(
        self, world: World, client_for, made: Image
    ) -> None:
        GenerationRequest.objects.update(input_image=None, parent_image=None)

        page = client_for(world.uma).get(
            reverse("generation:request", kwargs={"request_id": made.request_id})
        )

        assert "no longer there" in page.content.decode()


def test_the_form_tells_what_a_model_is_good_for(world: World, client_for) -> None:
    ModelVersion.objects.update(description="Fast: a picture takes 8 steps.")
    client = client_for(world.uma)

    assert "Fast: a picture takes 8 steps." in open_form(client, world).content.decode()
    world.uma.language = "zh-hans"
    world.uma.save()
    assert "速度快：一张图只要 8 步。" in open_form(client, world).content.decode()
    ModelVersion.objects.update(description="<b>Ours</b>")
    assert "&lt;b&gt;Ours" in open_form(client, world).content.decode()


def test_a_stranger_learns_nothing_of_the_picture(world: World, client_for) -> None:
    image = make_image(world.pets, world.uma)

    answer = client_for(world.mallory).get(address(world.harbour_project), {"input": image.uid})

    assert answer.status_code == 404
    assert client_for(world.mallory).get(address(world.pets), {"input": uuid4()}).status_code == 404


def test_editing_shows_what_a_request_begins_with_and_changes_it(world: World, client_for) -> None:
    image, lora, ink = make_image(world.pets, world.uma), make_lora(), make_lora("ink")
    request = ask_for(
        world.pets,
        world.uma,
        input_image_uid=image.uid,
        strength=0.45,
        loras=(LoraChoice(lora.pk, 0.8),),
    )
    edit = reverse("generation:request-edit", kwargs={"request_id": request.pk})
    client = client_for(world.uma)

    form = client.get(edit).context["form"]
    assert (form.input_picture, form["strength"].value()) == (image, 0.45)
    assert [row.lora.value() for row in form.rows()][:1] == [lora.pk]

    sent = filled(
        count="1", input_image="", lora_1=str(ink.pk), lora_weight_1="1", start="now", seen=""
    )
    answer = client.post(edit, sent)

    assert answer.status_code == 302, answer.context["form"].errors
    request.refresh_from_db()
    assert (request.input_image, request.input_uid, request.strength) == (None, None, 1.0)
    assert [each["name"] for each in request.loras] == ["ink"]
