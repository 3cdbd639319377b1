"""Fixtures that tests outside this package use too; exposed by the root conftest."""
# ruff: noqa: PLC0415  # the checkpoint needs torch, which most tests can do without

from pathlib import Path

import pytest


def build_tiny_checkpoint(directory: Path) -> Path:
    """Write the tiny Z-Image checkpoint below `directory` and return its root."""
    from tests.engines.tiny_checkpoint.building import build

    return build(directory)


def build_tiny_line(directory: Path) -> Path:
    """Write the three models of the line below `directory`, as an operator would keep them.

    Z-Image is a transformer alone, Z-Image-Omni-Base a transformer and its image reader; both
    take the rest from Z-Image-Turbo.
    """
    from tests.engines.tiny_checkpoint.building import build, build_omni, build_transformer

    build(directory / "Tongyi-MAI/Z-Image-Turbo")
    build_transformer(directory / "Tongyi-MAI/Z-Image", seed=1)
    build_omni(directory / "Tongyi-MAI/Z-Image-Omni-Base", seed=2)
    return directory


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random-weight checkpoint in the layout of Z-Image-Turbo; copy it to spoil it."""
    pytest.importorskip("torch")
    pytest.importorskip("tokenizers")
    return build_tiny_checkpoint(tmp_path_factory.mktemp("models") / "z-image-tiny")


@pytest.fixture(scope="session")
def tiny_line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with tiny versions of all three models; copy it to spoil it."""
    pytest.importorskip("torch")
    pytest.importorskip("tokenizers")
    return build_tiny_line(tmp_path_factory.mktemp("line"))
