"""Rows about the work."""

from generation.models.generation_job import GenerationJob, GenerationJobQuerySet
from generation.models.generation_request import GenerationRequest
from generation.models.model_version import ModelVersion
from generation.models.share_account import ShareAccount
from generation.models.usage_policy import UsagePolicy
from generation.models.worker import Worker

__all__ = [
    "GenerationJob",
    "GenerationJobQuerySet",
    "GenerationRequest",
    "ModelVersion",
    "ShareAccount",
    "UsagePolicy",
    "Worker",
]
