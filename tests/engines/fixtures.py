"""Fixtures that tests outside this package use too; exposed by the root conftest."""

from pathlib import Path

import pytest


def build_tiny_checkpoint(directory: Path) -> Path:
    """Write the tiny Z-Image checkpoint below `directory` and return its root."""
    from tests.engines.tiny_checkpoint.building import build

    return build(directory)


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a random-weight checkpoint in the layout of Z-Image-Turbo. Read only: copy to spoil."""
    pytest.importorskip("torch")
    pytest.importorskip("tokenizers")
    return build_tiny_checkpoint(tmp_path_factory.mktemp("models") / "z-image-tiny")
