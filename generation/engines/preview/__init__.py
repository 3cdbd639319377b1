"""Pictures without a model: see `engine.PreviewEngine`."""

from generation.engines.preview.engine import PreviewEngine

__all__ = ["PreviewEngine"]
