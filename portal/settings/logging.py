"""Logs: readable lines for a person at a terminal, one JSON object a line in service."""

from __future__ import annotations

import logging.config
from typing import Any

import structlog

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(log_format: str, level: str) -> dict[str, Any]:
    """The `logging` dictionary for a format of `console` or `json`."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    before = [structlog.processors.format_exc_info] if log_format == "json" else [_short]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *before,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "uvicorn.access": {"level": "WARNING"},
            "rq.worker": {"level": "WARNING"},
            "django.security.DisallowedHost": {"level": "ERROR"},
        },
    }


def _short(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is written for programs: a picture's record fills a screen."""
    event.pop("snapshot", None)
    return event


def configure(config: dict[str, Any]) -> None:
    """Apply the dictionary and let structlog write through it (Django's LOGGING_CONFIG hook)."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
