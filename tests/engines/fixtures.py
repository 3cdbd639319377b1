"""Fixtures that tests outside this package use too; exposed by the root conftest."""
# ruff: noqa: PLC0415  # the checkpoint needs torch, which most tests can do without

from pathlib import Path

import pytest


def build_tiny_checkpoint(directory: Path) -> Path:
    """Write the tiny Z-Image checkpoint below `directory` and return its root."""
    from tests.engines.tiny_checkpoint.building import build

    return build(directory)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random-weight checkpoint in the layout of Z-Image-Turbo; copy it to spoil it."""
    pytest.importorskip("torch")
    pytest.importorskip("tokenizers")
    return build_tiny_checkpoint(tmp_path_factory.mktemp("models") / "z-image-tiny")
