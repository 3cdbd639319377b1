"""How small everything is and where it lies; `building` and `registering` agree by reading it."""

from typing import Any

TEXT_WIDTH = 64

DIT: dict[str, Any] = {
    "dim": 128,
    "n_layers": 2,
    "n_refiner_layers": 1,
    "n_heads": 4,
    "n_kv_heads": 4,
    "cap_feat_dim": TEXT_WIDTH,
    "axes_dims": [8, 12, 12],
}
IMAGE_READER: dict[str, Any] = {"width": 32, "layers": 2}
OMNI_DIT: dict[str, Any] = {**DIT, "siglip_feat_dim": IMAGE_READER["width"]}
TEXT_ENCODER: dict[str, Any] = {"vocabulary": 640, "width": TEXT_WIDTH, "layers": 3}
VAE: dict[str, Any] = {"base": 8, "groups": 8}

TRANSFORMER_FILE = "transformer/diffusion_pytorch_model.safetensors"
TEXT_ENCODER_FILE = "text_encoder/model.safetensors"
VAE_FILE = "vae/diffusion_pytorch_model.safetensors"
IMAGE_READER_FILE = "siglip/model.safetensors"
