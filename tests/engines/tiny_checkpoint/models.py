"""Small variants of the models whose sizes DiffSynth writes into its code.

The transformer needs none: `ZImageDiT` takes every size as a keyword. Only the constructors
differ here; what the models do is inherited.
"""

from itertools import pairwise

import torch
from diffsynth.models.flux_vae import (
    DownSampler,
    FluxVAEDecoder,
    FluxVAEEncoder,
    ResnetBlock,
    UpSampler,
    VAEAttentionBlock,
)
from diffsynth.models.siglip2_image_encoder import Siglip2ImageEncoder428M
from diffsynth.models.z_image_text_encoder import ZImageTextEncoder
from torch import nn
from transformers import (
    Qwen3Config,
    Qwen3Model,
    Siglip2ImageProcessor,
    Siglip2VisionConfig,
    Siglip2VisionModel,
)

LATENT_CHANNELS = 16


class TinyTextEncoder(ZImageTextEncoder):
    """Qwen3 with three layers."""

    def __init__(self, vocabulary: int, width: int, layers: int) -> None:
        nn.Module.__init__(self)
        config = Qwen3Config(
            vocab_size=vocabulary,
            hidden_size=width,
            intermediate_size=width * 3,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=16,
            max_position_embeddings=1024,
            rope_theta=1_000_000,
            tie_word_embeddings=True,
            attention_bias=False,
        )
        self.model = Qwen3Model(config)


class TinyImageReader(Siglip2ImageEncoder428M):
    """SigLIP 2 with two layers; pictures come in at the size of the stock one."""

    def __init__(self, width: int, layers: int) -> None:
        config = Siglip2VisionConfig(
            hidden_size=width,
            intermediate_size=width * 2,
            num_attention_heads=2,
            num_hidden_layers=layers,
            num_patches=256,
            patch_size=16,
            hidden_act="gelu_pytorch_tanh",
        )
        Siglip2VisionModel.__init__(self, config)
        self.processor = Siglip2ImageProcessor(
            image_mean=[0.5] * 3, image_std=[0.5] * 3, max_num_patches=256, patch_size=16
        )


class _Blocks:
    """Makes blocks that share one number of normalisation groups."""

    def __init__(self, groups: int) -> None:
        self.groups = groups

    def resnets(self, count: int, first: int, last: int) -> list[nn.Module]:
        """`count` blocks, the first of which goes from `first` to `last` channels."""
        widths = [first] + [last] * count
        return [
            ResnetBlock(before, after, groups=self.groups, eps=1e-6)
            for before, after in pairwise(widths)
        ]

    def middle(self, width: int) -> list[nn.Module]:
        attention = VAEAttentionBlock(
            1, width, width, 1, norm_num_groups=self.groups, eps=1e-6, use_conv_attention=False
        )
        return [*self.resnets(1, width, width), attention, *self.resnets(1, width, width)]


class TinyDecoder(FluxVAEDecoder):
    """The VAE's decoder; the stock one is `base` 128 with 32 groups."""

    def __init__(self, base: int, groups: int) -> None:
        nn.Module.__init__(self)
        self.scaling_factor, self.shift_factor = 0.3611, 0.1159
        wide, half, narrow = base * 4, base * 2, base
        make = _Blocks(groups)
        self.conv_in = nn.Conv2d(LATENT_CHANNELS, wide, 3, padding=1)
        self.blocks = nn.ModuleList(
            [
                *make.middle(wide),
                *make.resnets(3, wide, wide), UpSampler(wide),
                *make.resnets(3, wide, wide), UpSampler(wide),
                *make.resnets(3, wide, half), UpSampler(half),
                *make.resnets(3, half, narrow),
            ]
        )  # fmt: skip
        self.conv_norm_out = nn.GroupNorm(num_channels=narrow, num_groups=groups, eps=1e-6)
        self.conv_act = nn.SiLU()
        self.conv_out = nn.Conv2d(narrow, 3, 3, padding=1)


class TinyEncoder(FluxVAEEncoder):
    """The VAE's encoder."""

    def __init__(self, base: int, groups: int) -> None:
        nn.Module.__init__(self)
        self.scaling_factor, self.shift_factor = 0.3611, 0.1159
        wide, half, narrow = base * 4, base * 2, base
        make = _Blocks(groups)
        self.conv_in = nn.Conv2d(3, narrow, 3, padding=1)
        self.blocks = nn.ModuleList(
            [
                *make.resnets(2, narrow, narrow), self._halving(narrow),
                *make.resnets(2, narrow, half), self._halving(half),
                *make.resnets(2, half, wide), self._halving(wide),
                *make.resnets(2, wide, wide),
                *make.middle(wide),
            ]
        )  # fmt: skip
        self.conv_norm_out = nn.GroupNorm(num_channels=wide, num_groups=groups, eps=1e-6)
        self.conv_act = nn.SiLU()
        self.conv_out = nn.Conv2d(wide, LATENT_CHANNELS * 2, 3, padding=1)

    @staticmethod
    def _halving(width: int) -> torch.nn.Module:
        return DownSampler(width, padding=0, extra_padding=True)
