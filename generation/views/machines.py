"""The workers: what there is, what it does, and what an operator tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotVisible
from accounts.http import PortalRequest
from accounts.models import Organization
from accounts.queries.projects import organization_for
from accounts.roles import Permission
from accounts.views.answering import done, say
from generation.actions.slots import forget_slot, reset_breakers, set_slot_state
from generation.forms.machines import ResetForm
from generation.models import GenerationJob
from generation.queries.machines import Machine, machines_of, slot_for, troubles_now
from generation.queries.waiting import waiting_count
from generation.types import WorkerState
from generation.wording import ago_words, progress_words, tier_words

MOST_WAITING_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a GPU as parts of a bar: sizes in bytes, widths in thousandths of the whole."""

    total: int
    free: int
    held: int

    @property
    def others(self) -> int:
        """What is taken by something else than this worker."""
        return max(0, self.total - self.free - self.held)

    @property
    def held_width(self) -> int:
        """The part that the worker holds."""
        return round(1000 * self.held / self.total)

    @property
    def others_width(self) -> int:
        """The part that others hold."""
        return round(1000 * self.others / self.total)


@dataclass(frozen=True, slots=True)
class MachineCard:
    """A machine as the page shows it.

    `job` is the picture that it makes and `words` how far that is; `claimed` are those that it has
    taken to begin right after. They are known to operators only.
    """

    machine: Machine
    memory: Memory | None
    tier: str
    seen: str
    job: GenerationJob | None
    words: str
    claimed: Sequence[GenerationJob]


@require_GET
def workers(request: PortalRequest) -> HttpResponse:
    """Every machine of the site, for those who operate it."""
    request.access.require_operator()
    return render(request, "generation/workers.html", _site(request))


@require_GET
def workers_now(request: PortalRequest) -> HttpResponse:
    """The part of the page that changes, fetched again every few seconds."""
    request.access.require_operator()
    return render(request, "generation/_machines.html", _site(request))


@require_GET
def organization_workers(request: PortalRequest, slug: str) -> HttpResponse:
    """The same for an organization's admins: to look at, without anybody's work."""
    organization = _organization(request, slug)
    context = _of_organization(request, organization)
    return render(request, "generation/workers.html", context)


@require_GET
def organization_workers_now(request: PortalRequest, slug: str) -> HttpResponse:
    """The part of that page that changes."""
    organization = _organization(request, slug)
    context = _of_organization(request, organization)
    return render(request, "generation/_machines.html", context)


@require_POST
def slot_pause(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Let a worker take nothing new."""
    sentence = _("%(worker)s takes no more pictures until you let it go on.")
    return _tell(request, slot_id, WorkerState.PAUSED, sentence)


@require_POST
def slot_resume(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Let a worker go on."""
    return _tell(request, slot_id, WorkerState.ACTIVE, _("%(worker)s goes on."))


@require_POST
def slot_drain(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Let a worker take nothing new and give the memory of its GPU back."""
    sentence = _("%(worker)s gives the memory of its GPU back and takes no more pictures.")
    return _tell(request, slot_id, WorkerState.DRAINING, sentence)


@require_POST
def slot_reset(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Forget the failures of a worker, with one model or with all."""
    slot = slot_for(request.access, slot_id)
    form = ResetForm(request.POST)
    if not form.is_valid():
        raise NotVisible
    reset_breakers(access=request.access, slot=slot, model_version=form.cleaned_data["model"])
    return _answer(request, _("%(worker)s tries again.") % {"worker": slot})


@require_POST
def slot_forget(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Take a place that nobody fills off the list."""
    slot = slot_for(request.access, slot_id)
    forget_slot(access=request.access, slot=slot)
    return _answer(request, _("%(worker)s is off the list.") % {"worker": slot})


def _tell(request: PortalRequest, slot_id: int, state: WorkerState, sentence: str) -> HttpResponse:
    slot = slot_for(request.access, slot_id)
    set_slot_state(access=request.access, slot=slot, state=state)
    return _answer(request, sentence % {"worker": slot})


def _answer(request: PortalRequest, sentence: str | Promise) -> HttpResponse:
    if request.htmx:
        return say(render(request, "generation/_machines.html", _site(request)), sentence)
    return done(request, sentence, "generation:workers")


def _site(request: PortalRequest) -> dict[str, object]:
    return {
        **_page(request),
        "may_operate": True,
        "now_url": reverse("generation:workers-now"),
        "waiting": waiting_count(up_to=MOST_WAITING_COUNTED),
    }


def _of_organization(request: PortalRequest, organization: Organization) -> dict[str, object]:
    return {
        **_page(request),
        "organization": organization,
        "may_operate": False,
        "now_url": reverse("generation:organization-workers-now", args=[organization.slug]),
    }


def _page(request: PortalRequest) -> dict[str, object]:
    machines = machines_of(request.access)
    live = [each for each in machines if each.is_live]
    return {
        "cards": [_card(each) for each in machines],
        "live": len(live),
        "busy": sum(each.busy for each in live),
        "troubles": troubles_now(),
        "version": settings.VERSION,
    }


def _card(machine: Machine) -> MachineCard:
    worker = machine.worker
    job = machine.jobs[0] if machine.jobs else None
    memory = None
    if machine.is_live and worker.total_bytes and worker.free_bytes is not None:
        taken = max(0, worker.total_bytes - worker.free_bytes)
        held = min(worker.held_bytes or 0, taken)
        memory = Memory(total=worker.total_bytes, free=worker.free_bytes, held=held)
    return MachineCard(
        machine=machine,
        memory=memory,
        tier=tier_words(machine.tier) if machine.tier else "",
        seen=ago_words(worker.last_seen_at),
        job=job,
        words=progress_words(job) if job else "",
        claimed=machine.jobs[1:],
    )


def _organization(request: PortalRequest, slug: str) -> Organization:
    organization = organization_for(request.access, slug)
    request.access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
    request.organization = organization
    return organization
