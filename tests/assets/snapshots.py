"""One complete, believable snapshot for the tests to vary."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from assets.snapshot import (
    EngineRun,
    File,
    InputImage,
    Lora,
    MetadataSnapshot,
    Model,
    Named,
    Origin,
    Picture,
    TemplateUse,
    Timing,
    Verdict,
    Verdicts,
    Who,
    Words,
)

WEIGHTS = "a1" * 32


def make_snapshot(**groups: Any) -> MetadataSnapshot:
    """A picture of a dog that Uma made from a template; `groups` replace whole groups."""
    snapshot = MetadataSnapshot(
        words=Words(
            prompt="一只金毛犬，坐在草地上",
            final_prompt="一只金毛犬，坐在草地上, soft light",
            negative_prompt="低质量，模糊",
            template=TemplateUse(
                template=Named(id="7", name="宠物主题"), version_number=3, values={"主体": "金毛犬"}
            ),
        ),
        picture=Picture(
            width=1024,
            height=1024,
            seed=123456,
            steps=8,
            cfg=1.0,
            sigma_shift=3.0,
            sampler="Euler",
            asked_width=1030,
            asked_height=1024,
            size_reason="Sizes are multiples of 16.",
        ),
        model=Model(
            name="Z-Image-Turbo",
            revision="2025-11",
            main_hash=WEIGHTS,
            weight_hashes={"transformer": WEIGHTS, "vae": "b2" * 32},
            loras=(Lora(name="watercolour", weight=0.8, sha256="c3" * 32),),
        ),
        engine=EngineRun(
            engine="diffsynth",
            version="2.1.12",
            is_preview=False,
            libraries={"diffsynth": "2.1.12", "torch": "2.13.0", "cuda": None},
            device="NVIDIA L4",
            dtype="bfloat16",
            load_mode="resident",
            vram_tier="24",
            peak_vram_bytes=20_000_000_000,
        ),
        who=Who(
            organization=Named(id="1", name="Paws"),
            project=Named(id="2", name="宠物主题"),
            person=Named(id="3", name="Uma"),
            request_id="req-1",
            job_id="job-1",
            worker="gpu-1",
        ),
        created_at=datetime(2025, 1, 5, 9, 30, 0, 250_000, tzinfo=UTC),
        origin=Origin(
            input_image=InputImage(id="11", uploaded=False, sha256="d4" * 32),
            strength=0.6,
            parent_image_id="11",
        ),
        timing=Timing(queue_wait=1.5, load=0.0, encode=0.1, denoise=4.2, decode=0.3, save=0.1),
        file=File(sha256="e5" * 32, bytes=1234, format="PNG", archive_name="宠物主题_0001.png"),
        verdicts=Verdicts(
            moderation=Verdict(result="allowed", rules="words-4"),
            policy=Verdict(result="reduced", reasons=("largest side 1024",)),
        ),
    )
    return replace(snapshot, **groups)
