"""Writing the checkpoint: `python -m tests.engines.tiny_checkpoint.building DIRECTORY`.

The same seed gives the same bytes. Takes half a second plus the import of diffsynth.
"""
# ruff: noqa: PLC0415  # torch and its like are imported only where they are needed

import sys
from pathlib import Path
from typing import Any

from generation.engines.diffsynth.runtime import import_torch
from tests.engines.tiny_checkpoint import sizes
from tests.engines.tiny_checkpoint.registering import note_hashes
from tests.engines.tiny_checkpoint.tokenizing import write_tokenizer


def build(directory: Path, seed: int = 0) -> Path:
    """Write a whole checkpoint below `directory`, as Z-Image-Turbo is published; returns it."""
    torch = import_torch()
    from diffsynth.models.z_image_dit import ZImageDiT

    from tests.engines.tiny_checkpoint.models import TinyDecoder, TinyEncoder, TinyTextEncoder

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        text_encoder = TinyTextEncoder(**sizes.TEXT_ENCODER)
        dit = ZImageDiT(**sizes.DIT)
        _initialise(torch, dit)
        decoder, encoder = TinyDecoder(**sizes.VAE), TinyEncoder(**sizes.VAE)
        # Scaled so that random latents use the whole range of levels.
        sample = decoder(torch.randn(1, 16, 16, 16))
        decoder.conv_out.weight.mul_(0.5 / sample.std())
        decoder.conv_out.bias.zero_()
    _save(directory / sizes.TRANSFORMER_FILE, dit.state_dict())
    _save(directory / sizes.TEXT_ENCODER_FILE, text_encoder.state_dict())
    vae = {
        **_diffusers_names("encoder", encoder.state_dict()),
        **_diffusers_names("decoder", decoder.state_dict()),
    }
    _save(directory / sizes.VAE_FILE, vae)
    write_tokenizer(directory / "tokenizer")
    note_hashes(directory)
    return directory


def build_transformer(directory: Path, seed: int) -> Path:
    """Write a transformer alone, as Z-Image is kept beside Z-Image-Turbo; returns `directory`."""
    torch = import_torch()
    from diffsynth.models.z_image_dit import ZImageDiT

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        dit = ZImageDiT(**sizes.DIT)
        _initialise(torch, dit)
    _save(directory / sizes.TRANSFORMER_FILE, dit.state_dict())
    note_hashes(directory)
    return directory


def build_omni(directory: Path, seed: int) -> Path:
    """Write a transformer that reads images, and what reads them for it; returns `directory`."""
    torch = import_torch()
    from diffsynth.models.z_image_dit import ZImageDiT

    from tests.engines.tiny_checkpoint.models import TinyImageReader

    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        dit = ZImageDiT(**sizes.OMNI_DIT)
        _initialise(torch, dit)
        reader = TinyImageReader(**sizes.IMAGE_READER)
    _save(directory / sizes.TRANSFORMER_FILE, dit.state_dict())
    _save(directory / sizes.IMAGE_READER_FILE, reader.state_dict())
    note_hashes(directory)
    return directory


def _initialise(torch: Any, dit: Any) -> None:
    """Parameters that the constructor leaves empty because a checkpoint always has them."""
    for name, parameter in dit.named_parameters():
        if name.endswith("pad_token"):
            torch.nn.init.normal_(parameter, std=0.02)
        elif parameter.ndim == 1 and "norm" in name:
            torch.nn.init.ones_(parameter)


def _save(file: Path, tensors: dict[str, Any]) -> None:
    import torch
    from safetensors.torch import save_file

    file.parent.mkdir(parents=True, exist_ok=True)
    halved = {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in tensors.items()}
    save_file(halved, file, metadata={"format": "pt"})


def _diffusers_names(side: str, tensors: dict[str, Any]) -> dict[str, Any]:
    """The tensors under the names in which the VAE is published (diffusers AutoencoderKL)."""
    places = _block_names(side)
    renamed = {}
    for name, tensor in tensors.items():
        if name.startswith("blocks."):
            _, index, rest = name.split(".", 2)
            renamed[f"{side}.{places[int(index)]}.{_attention_name(rest)}"] = tensor
        else:
            renamed[f"{side}.{name}"] = tensor
    return renamed


def _block_names(side: str) -> list[str]:
    """What the blocks are called, in the order in which DiffSynth numbers them."""
    middle = ["mid_block.resnets.0", "mid_block.attentions.0", "mid_block.resnets.1"]
    prefix, sampler, resnets = (
        ("down_blocks", "downsamplers", 2) if side == "encoder" else ("up_blocks", "upsamplers", 3)
    )
    stages = []
    for stage in range(4):
        stages += [f"{prefix}.{stage}.resnets.{index}" for index in range(resnets)]
        if stage < 3:
            stages.append(f"{prefix}.{stage}.{sampler}.0")
    return stages + middle if side == "encoder" else middle + stages


def _attention_name(rest: str) -> str:
    """Attention layers are nested one deeper in DiffSynth, and are called differently."""
    rest = rest.removeprefix("transformer_blocks.0.").replace("to_out.", "to_out.0.")
    return rest.replace("norm.", "group_norm.", 1) if rest.startswith("norm.") else rest


if __name__ == "__main__":
    build(Path(sys.argv[1]))
