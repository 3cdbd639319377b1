"""LoRA files for the tiny transformer."""
# ruff: noqa: PLC0415  # torch and its like are imported only where they are needed

import hashlib
from pathlib import Path

from generation.engines.base import LoraRef

LAYER = "layers.0.attention.to_q"
WIDTH = 128


def save_tensors(file: Path, shapes: dict[str, tuple[int, ...]], seed: int = 1) -> str:
    """Write random tensors of these names and shapes; returns the file's SHA-256."""
    import torch
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(seed)
    tensors = {
        name: torch.randn(shape, generator=generator) * 0.3 for name, shape in shapes.items()
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, file)
    return hashlib.sha256(file.read_bytes()).hexdigest()


def save_lora(file: Path, seed: int = 1, layer: str = LAYER, weight: float = 1.0) -> LoraRef:
    """Write a LoRA that fits the tiny transformer, and refer to it."""
    shapes = {f"{layer}.lora_A.weight": (4, WIDTH), f"{layer}.lora_B.weight": (WIDTH, 4)}
    return LoraRef(file, weight, save_tensors(file, shapes, seed))
