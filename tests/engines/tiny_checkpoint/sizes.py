"""How small everything is; read by `building` and `registering`, so that both agree."""

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
TEXT_ENCODER: dict[str, Any] = {"vocabulary": 640, "width": TEXT_WIDTH, "layers": 3}
VAE: dict[str, Any] = {"base": 8, "groups": 8}
