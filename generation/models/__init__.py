"""Rows about the work."""

from generation.models.canary_run import CanaryRun
from generation.models.circuit_breaker import CircuitBreaker
from generation.models.demand import ROW_FORMAT, Demand
from generation.models.generation_job import GenerationJob, GenerationJobQuerySet
from generation.models.generation_request import GenerationRequest
from generation.models.lora import Lora
from generation.models.model_version import ModelVersion
from generation.models.share_account import ShareAccount
from generation.models.usage_counter import EVERY, UsageCounter
from generation.models.usage_policy import OrganizationPolicy, UsagePolicy
from generation.models.worker import Worker
from generation.models.worker_slot import WorkerSlot

__all__ = [
    "EVERY",
    "ROW_FORMAT",
    "CanaryRun",
    "CircuitBreaker",
    "Demand",
    "GenerationJob",
    "GenerationJobQuerySet",
    "GenerationRequest",
    "Lora",
    "ModelVersion",
    "OrganizationPolicy",
    "ShareAccount",
    "UsageCounter",
    "UsagePolicy",
    "Worker",
    "WorkerSlot",
]
