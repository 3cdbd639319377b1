"""`manage.py register_models`: describe the models whose engines are configured."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.access import Access
from generation.actions.models import disable_models_without_engine, register_model


class Command(BaseCommand):
    """Keep the rows of models in step with the configured engines."""

    help = "Register the models that the configured engines serve and hide the others."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the rows; running it again changes nothing."""
        access = Access.system("register-models")
        engines = list(settings.GENERATION_ENGINES)
        disable_models_without_engine(access=access, engines=engines)
        real = "diffsynth" in engines
        register_model(
            access=access,
            name="Preview",
            revision="1",
            engine="preview",
            is_preview=True,
            is_default=not real,
        )
        if real:
            register_model(
                access=access,
                name="Z-Image-Turbo",
                revision="Tongyi-MAI/Z-Image-Turbo",
                engine="diffsynth",
                licence="Apache-2.0",
                default_steps=8,
                default_cfg=1.0,
                is_default=True,
            )
