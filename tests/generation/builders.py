"""What tests about the work need: models, asks, requests, a worker in this process."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from accounts.access import Access
from accounts.models import Project, User
from assets.storage import sha256_of
from generation.actions.models import register_model
from generation.actions.requesting import request_images
from generation.actions.workers import register_worker
from generation.models import GenerationRequest, Lora, ModelVersion
from generation.types import ImageAsk
from generation.worker.hosting import EngineHost
from generation.worker.one_by_one import OneByOne
from generation.worker.runner import Runner
from tests.builders import access_of

SYSTEM = Access.system("tests")
DOG = ImageAsk(
    prompt="一只金毛犬，坐在草地上",
    negative_prompt="低质量，模糊",
    width=128,
    height=128,
    steps=2,
    seed=123456,
)


def make_preview_model() -> ModelVersion:
    """The model of the preview engine, as the default."""
    return register_model(
        access=SYSTEM,
        name="Preview",
        revision="1",
        engine="preview",
        is_preview=True,
        is_default=True,
    )


def make_model(name: str, **columns: object) -> ModelVersion:
    """One more model, drawn by the preview engine unless `engine` says otherwise."""
    given = {"revision": "1", "engine": "preview", **columns}
    return register_model(access=SYSTEM, name=name, **given)


def make_lora(name: str = "watercolour", **columns: object) -> Lora:
    """A registered LoRA that the preview engine takes (and ignores)."""
    given = {"path": f"{name}.safetensors", "sha256": sha256_of(name.encode()), "engine": "preview"}
    return Lora.objects.create(name=name, **{**given, **columns})


def ask_for(project: Project, person: User, **changes: object) -> GenerationRequest:
    """A request of the person for the golden retriever, with changes."""
    if not ModelVersion.objects.exists():
        make_preview_model()
    ask = replace(DOG, **{"ticket": ImageAsk(prompt="").ticket, **changes})
    return request_images(access=access_of(person), project=project, ask=ask)


def make_runner(**engines: object) -> OneByOne:
    """A worker that runs in the test's own thread, with the site's engines or the given ones."""
    host = EngineHost(engines or settings.GENERATION_ENGINES)
    worker = register_worker(access=SYSTEM, slot="test-worker", engines=host.names)
    return OneByOne(host=host, worker=worker)


def run_all(runner: OneByOne) -> int:
    """Run jobs until none is left; return how many ran."""
    count = 0
    while runner.run_next():
        count += 1
    return count


def make_pipeline(**engines: object) -> Runner:
    """The pipeline of a worker, with its threads; its tests need a database with transactions."""
    made = make_runner(**engines)
    return Runner(host=made.host, worker=made.worker)


def run_pipeline(runner: Runner) -> int:
    """Run jobs until none is left and all are settled; return how many were drawn."""
    count = 0
    with runner:
        while drawn := runner.run():
            runner.settle()  # failures wait again, and whoever was at their limit may go on
            count += drawn
    return count
