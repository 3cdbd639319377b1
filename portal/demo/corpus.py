"""Prompts by the thousand: the same seed gives the same prompts, and a smaller number gives the
first of a larger one.

The mixture is that of a team in China: 55 % of the prompts are Chinese, 35 % English, 10 % both.
Some words are planted with known shares, so that a search for a rare or a common word means the
same at every size (`PLANTED`). The long tail is made up: pairs of common characters and invented
English words, which no dictionary knows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PLANTED: Final = (
    ("axolotl", 0.0002),
    ("蝾螈", 0.0003),
    ("masterpiece", 0.30),
    ("熊猫", 0.014),
    ("猫", 0.018),
    ("红色围巾", 0.008),
    ("围巾", 0.006),
    ("赛博朋克城市", 0.004),
)

_SUBJECTS_ZH = [
    "金毛犬",
    "柴犬",
    "橘色小狗",
    "兔子",
    "狐狸",
    "白鹤",
    "锦鲤",
    "小鹿",
    "香水瓶",
    "陶瓷茶杯",
    "运动鞋",
    "蓝牙音箱",
    "护肤品套装",
    "月饼礼盒",
    "年轻女孩",
    "老工匠",
    "宇航员",
    "骑士",
    "舞者",
    "古镇",
    "雪山",
    "竹林",
    "海边灯塔",
    "稻田",
    "敦煌壁画",
    "未来列车",
    "机器人",
    "咖啡馆",
    "书店",
    "花园",
]
_SCENES_ZH = [
    "坐在草地上",
    "站在窗前",
    "漂浮在云海里",
    "在雨后的街道",
    "在大理石台面上",
    "在樱花树下",
    "在雪地里奔跑",
    "在木质桌面",
    "在霓虹灯下",
    "在山顶看日出",
    "在旧书堆旁",
    "被萤火虫围绕",
    "在水面倒影中",
    "在剧场舞台中央",
]
_STYLES_ZH = [
    "水彩风格",
    "国潮插画",
    "极简海报",
    "产品摄影",
    "电影质感",
    "柔和的光线",
    "浅景深",
    "高细节",
    "复古胶片",
    "扁平插画",
    "宫崎骏式的天空",
    "工笔画",
    "剪纸风格",
    "低多边形",
    "温暖的色调",
    "冷色调",
    "逆光",
    "微距镜头",
    "对称构图",
    "留白",
]
_SUBJECTS_EN = [
    "golden retriever",
    "red panda",
    "ceramic teapot",
    "perfume bottle",
    "running shoe",
    "old fisherman",
    "paper lantern",
    "mountain cabin",
    "city skyline",
    "glass greenhouse",
    "vintage camera",
    "astronaut",
    "koi pond",
    "lighthouse",
    "desk lamp",
    "bowl of ramen",
    "origami crane",
    "steam train",
    "jazz singer",
    "desert road",
]
_SCENES_EN = [
    "on a marble table",
    "in soft morning light",
    "under neon signs",
    "at golden hour",
    "in heavy rain",
    "on a plain studio background",
    "seen from above",
    "floating in the clouds",
    "in a quiet library",
    "by the sea",
]
_STYLES_EN = [
    "watercolour",
    "product photography",
    "cinematic",
    "shallow depth of field",
    "flat illustration",
    "35mm film",
    "high detail",
    "minimal poster",
    "isometric",
    "pastel colours",
    "dramatic shadows",
    "macro lens",
    "8k",
    "soft focus",
]
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比"
    "或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总"
    "次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
)
_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "ka",
    "ke",
    "ki",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ra",
    "re",
]
_NEGATIVES = (
    "",
    "",
    "",
    "低质量，模糊",
    "模糊，多余的手指，水印",
    "blurry, low quality, watermark",
    "text, logo, extra fingers",
)


@dataclass(frozen=True, slots=True)
class Written:
    """The words of one request."""

    prompt: str
    negative_prompt: str


def prompts(seed: int) -> Iterator[Written]:
    """Prompts without end."""
    chance = random.Random(seed)
    while True:
        kind = chance.random()
        if kind < 0.55:
            words = _chinese(chance)
        elif kind < 0.90:
            words = _english(chance)
        else:
            words = f"{_english(chance)}, {_chinese(chance)}"
        planted = [word for word, share in PLANTED if chance.random() < share]
        if planted:
            comma = "，" if kind < 0.55 else ", "
            words = comma.join([words, *planted])
        yield Written(words, chance.choice(_NEGATIVES))


def _chinese(chance: random.Random) -> str:
    parts = [chance.choice(_SUBJECTS_ZH) + chance.choice(_SCENES_ZH)]
    parts += chance.sample(_STYLES_ZH, chance.randint(1, 6))
    parts += [
        "".join(chance.choice(_COMMON) for _ in range(chance.randint(2, 4)))
        for _ in range(chance.randint(0, 6))
    ]
    chance.shuffle(parts)
    return "，".join(parts)


def _english(chance: random.Random) -> str:
    parts = [f"{chance.choice(_SUBJECTS_EN)} {chance.choice(_SCENES_EN)}"]
    parts += chance.sample(_STYLES_EN, chance.randint(1, 6))
    parts += [
        "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))
        for _ in range(chance.randint(0, 5))
    ]
    return ", ".join(parts)
