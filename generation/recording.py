"""From a finished job to the snapshot that the archive keeps for ever."""

from __future__ import annotations

from django.utils import timezone

from assets.snapshot import (
    EngineRun,
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
from generation.engines.base import EngineFacts, EngineResult
from generation.input_use import InputUse, input_use
from generation.models import GenerationJob, GenerationRequest, Worker

SCHEDULE = "Simple"  # the sigmas of Z-Image run evenly from 1 to 0 before they are shifted
SAMPLER = "Euler"
MADE_SMALLER = "The memory of the GPU was short; its maker had allowed a smaller picture."


def snapshot_of(job: GenerationJob, result: EngineResult, worker: Worker) -> MetadataSnapshot:
    """Everything known about the picture; its file's hash and length are added by the archive."""
    request, facts = job.request, result.facts
    return MetadataSnapshot(
        words=_words(request),
        picture=_picture(job, facts),
        origin=_origin(request),
        model=Model(
            name=request.model_version.name,
            revision=request.model_version.revision,
            main_hash=_main_hash(facts),
            weight_hashes=dict(facts.weight_hashes),
            loras=tuple(
                Lora(name=each["name"], weight=each["weight"], sha256=each["sha256"])
                for each in request.loras
            ),
        ),
        engine=_engine_run(facts),
        timing=_timing(job, facts),
        who=_who(job, worker),
        verdicts=Verdicts(policy=Verdict(result=request.policy_verdict.get("result", "allowed"))),
        created_at=timezone.now(),
    )


def _words(request: GenerationRequest) -> Words:
    version = request.template_version
    return Words(
        prompt=request.prompt_typed,
        final_prompt=request.prompt,
        negative_prompt=request.negative_prompt or None,
        template=TemplateUse(
            template=Named(id=str(version.template_id), name=version.template.name),
            version_number=version.number,
            values=request.template_values,
        )
        if version
        else None,
    )


def _origin(request: GenerationRequest) -> Origin:
    """Where the picture comes from. A picture that was changed as the prompt says has no strength:
    that number says how much of it was drawn anew, and there all of it was."""
    image = request.input_image
    begins = image is not None and input_use(request.model_version) == InputUse.BEGINS
    return Origin(
        input_image=InputImage(id=str(image.uid), uploaded=False, sha256=image.sha256)
        if image
        else None,
        strength=request.strength if begins else None,
        parent_image_id=str(request.parent_image.uid) if request.parent_image else None,
    )


def _picture(job: GenerationJob, facts: EngineFacts) -> Picture:
    request = job.request
    width, height = facts.made_size
    return Picture(
        width=width,
        height=height,
        seed=job.seed,
        steps=request.steps,
        cfg=request.cfg,
        sampler=None if facts.is_preview else SAMPLER,
        schedule=None if facts.is_preview else SCHEDULE,
        asked_width=request.width,
        asked_height=request.height,
        size_reason=facts.size_reason
        or (None if (width, height) == (request.width, request.height) else MADE_SMALLER),
    )


def _main_hash(facts: EngineFacts) -> str | None:
    """The hash of the network that draws: its file lies in `transformer/`."""
    for file, sha256 in sorted(facts.weight_hashes.items()):
        if file.startswith("transformer/"):
            return sha256
    return None


def _engine_run(facts: EngineFacts) -> EngineRun:
    libraries: dict[str, str | None] = dict(facts.libraries)
    if facts.driver:
        libraries["driver"] = facts.driver
    return EngineRun(
        engine=facts.engine,
        version=facts.engine_version,
        is_preview=facts.is_preview,
        libraries=libraries,
        device=facts.device_name or facts.device,
        dtype=facts.dtype,
        load_mode=facts.load_mode,
        vram_tier=facts.vram_tier,
        peak_vram_bytes=facts.peak_vram_bytes,
    )


def _timing(job: GenerationJob, facts: EngineFacts) -> Timing:
    started = job.started_at or job.queued_at
    seconds = facts.seconds
    return Timing(
        queue_wait=round((started - job.queued_at).total_seconds(), 3),
        load=round(seconds.load, 4),
        encode=round(seconds.encode, 4),
        denoise=round(seconds.denoise, 4),
        decode=round(seconds.decode, 4),
    )


def _who(job: GenerationJob, worker: Worker) -> Who:
    organization = job.project.organization
    return Who(
        organization=Named(id=str(organization.pk), name=organization.name),
        project=Named(id=str(job.project_id), name=job.project.name),
        person=Named(id=str(job.created_by_id), name=str(job.created_by)),
        request_id=str(job.request_id),
        job_id=str(job.pk),
        worker=worker.name,
    )
