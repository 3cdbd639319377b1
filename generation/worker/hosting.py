"""The engines that live in a worker process: made once, kept warm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.module_loading import import_string

from generation.engines.base import ImageEngine, ModelRef, ModelUnavailable

EngineSettings = Mapping[str, Mapping[str, Any]]


class EngineHost:
    """Makes engines by name, as `settings.GENERATION_ENGINES` describes them."""

    def __init__(self, engines: EngineSettings) -> None:
        self._settings = engines
        self._engines: dict[str, ImageEngine] = {}

    @property
    def names(self) -> list[str]:
        """The engines that this process can serve."""
        return sorted(self._settings)

    def engine(self, name: str) -> ImageEngine:
        """The engine, made when it is first asked for.

        Raises:
            ModelUnavailable: this process has no engine of that name.
        """
        if name not in self._settings:
            raise ModelUnavailable(f"This worker has no engine called {name}.")
        if name not in self._engines:
            entry = self._settings[name]
            self._engines[name] = import_string(str(entry["ENGINE"]))(**entry.get("OPTIONS", {}))
        return self._engines[name]

    def warm_up(self, name: str, model: ModelRef) -> None:
        """Load a model before anybody waits for it."""
        self.engine(name).load(model)

    def close(self) -> None:
        """Give all memory back."""
        for engine in self._engines.values():
            engine.unload()
        self._engines.clear()
