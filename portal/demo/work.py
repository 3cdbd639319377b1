"""What the people of the demo made: projects, templates, prompts and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.types import Decision
from portal.demo.people import ADA, LIWEI, MALLORY, NOOR, RITA, UMA, DemoPerson

SQUARE, WIDE, TALL = (768, 768), (1024, 672), (672, 896)
BANNER, POSTER = (1024, 576), (576, 1024)


@dataclass(frozen=True, slots=True)
class DemoAsk:
    """One request of the demo. `fates` says what became of its pictures, in their order.

    A fate is a decision, "pending" for handed in and waiting, or "draft"; pictures beyond the list
    stay drafts.
    """

    maker: DemoPerson
    prompt: str
    size: tuple[int, int] = SQUARE
    negative: str = ""
    seed: int | None = None
    count: int = 1
    cfg: float = 1.0
    template: str = ""
    values: dict[str, str] = field(default_factory=dict)
    fates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoTemplate:
    """A published entry of a prompt library, with an example for each variable."""

    name: str
    description: str
    prompt: str
    negative: str = ""
    examples: dict[str, str] = field(default_factory=dict)
    size: tuple[int, int] = SQUARE


@dataclass(frozen=True, slots=True)
class DemoProject:
    """A project with its asks, oldest first."""

    name: str
    description: str
    asks: tuple[DemoAsk, ...]


APPROVE, REJECT, CHANGES = Decision.APPROVE, Decision.REJECT, Decision.REQUEST_CHANGES
PENDING, DRAFT = "pending", "draft"

COMMENTS = {
    Decision.APPROVE: "",
    Decision.REJECT: "主体太满，和系列风格不一致。 / Too busy for the series.",
    Decision.REQUEST_CHANGES: "构图很好，背景再干净一点。 / Lovely; please calm the background.",
}

LANTERN_TEMPLATES = (
    DemoTemplate(
        name="产品背景",
        description="现代简约的产品主图背景",
        prompt="现代简约风格的产品背景，{色调}渐变色，{质感}，留白",
        negative="文字，水印",
        examples={"色调": "柔和", "质感": "磨砂玻璃"},
        size=WIDE,
    ),
    DemoTemplate(
        name="宠物肖像",
        description="同一系列的宠物形象",
        prompt="可爱的卡通{动物}，穿着{服装}，{姿势}，{背景}",
        negative="低质量，模糊",
        examples={"动物": "熊猫", "服装": "红色围巾", "姿势": "站立姿势", "背景": "白色背景"},
    ),
    DemoTemplate(
        name="Campaign landscape",
        description="Wide scenery for banners",
        prompt="{place} at {time}, soft light, layered hills, quiet composition",
        examples={"place": "A mountain lake", "time": "dawn"},
        size=BANNER,
    ),
)

HARBOUR_TEMPLATES = (
    DemoTemplate(
        name="Autumn poster",
        description="Key visual of the season",
        prompt="{subject} in autumn, warm amber and rust, falling leaves, {mood} mood",
        examples={"subject": "A harbour town", "mood": "nostalgic"},
        size=POSTER,
    ),
)

PETS = DemoProject(
    name="宠物主题",
    description="春季宠物用品系列的形象与插画",
    asks=(
        DemoAsk(
            LIWEI,
            "一只金毛犬，坐在草地上",
            (1024, 1024),
            "低质量，模糊",
            seed=123456,
            count=2,
            fates=(APPROVE, PENDING),
        ),
        DemoAsk(
            LIWEI,
            "可爱的卡通熊猫，穿着红色围巾，站立姿势，白色背景",
            SQUARE,
            "低质量，模糊",
            seed=88415,
            count=2,
            fates=(APPROVE, REJECT),
        ),
        DemoAsk(
            LIWEI,
            "相同的卡通熊猫，穿着红色围巾，奔跑姿势，草地背景，动态模糊",
            SQUARE,
            "低质量，模糊",
            seed=88415,
            count=2,
            fates=(CHANGES, PENDING),
        ),
        DemoAsk(
            UMA,
            "A sleepy orange cat on a windowsill, golden hour",
            TALL,
            count=2,
            fates=(APPROVE, DRAFT),
        ),
        DemoAsk(
            LIWEI, "水墨风格的仙鹤，远山，晨雾", WIDE, count=3, fates=(APPROVE, PENDING, DRAFT)
        ),
        DemoAsk(
            UMA,
            "Two goldfish in a deep blue pond, lotus leaves, calm",
            SQUARE,
            count=2,
            fates=(PENDING, REJECT),
        ),
        DemoAsk(
            LIWEI,
            "",
            SQUARE,
            template="宠物肖像",
            values={"动物": "柴犬", "服装": "蓝色毛衣", "姿势": "坐姿", "背景": "樱花背景"},
            count=2,
            fates=(PENDING, DRAFT),
        ),
        DemoAsk(RITA, "夜空下的猫头鹰，星光，森林", POSTER, count=2, fates=(APPROVE, DRAFT)),
        DemoAsk(
            UMA,
            "A rabbit in spring meadow, cherry blossom, pastel",
            WIDE,
            count=3,
            fates=(APPROVE, CHANGES, DRAFT),
        ),
        DemoAsk(LIWEI, "雪地里的狐狸，日落，暖色调", BANNER, count=2, fates=(PENDING, DRAFT)),
        DemoAsk(
            LIWEI,
            "森林里的小熊，秋天，枫叶，温暖的阳光",
            TALL,
            count=2,
            fates=(APPROVE, PENDING),
        ),
        DemoAsk(
            UMA, "A bear under the northern lights, snow, night", WIDE, count=2, fates=(PENDING,)
        ),
    ),
)

BACKGROUNDS = DemoProject(
    name="产品背景",
    description="主图与详情页的背景素材",
    asks=(
        DemoAsk(
            LIWEI,
            "现代简约风格的产品背景，柔和渐变色",
            WIDE,
            cfg=8.0,
            seed=2025,
            count=4,
            fates=(APPROVE, APPROVE, REJECT, DRAFT),
        ),
        DemoAsk(
            LIWEI,
            "现代简约风格的产品背景，柔和渐变色",
            WIDE,
            cfg=8.0,
            seed=2029,
            count=4,
            fates=(REJECT, APPROVE, DRAFT, DRAFT),
        ),
        DemoAsk(
            LIWEI,
            "现代简约风格的产品背景，柔和渐变色",
            WIDE,
            cfg=8.0,
            seed=2033,
            count=2,
            fates=(PENDING, DRAFT),
        ),
        DemoAsk(
            LIWEI,
            "",
            WIDE,
            template="产品背景",
            values={"色调": "薄荷绿", "质感": "丝绸"},
            count=2,
            fates=(PENDING, DRAFT),
        ),
        DemoAsk(
            UMA,
            "Minimal perfume pedestal, marble, soft pink light",
            TALL,
            count=3,
            fates=(APPROVE, PENDING, DRAFT),
        ),
        DemoAsk(
            UMA,
            "Dark luxury backdrop, black and gold, silk folds",
            BANNER,
            count=2,
            fates=(CHANGES, DRAFT),
        ),
        DemoAsk(ADA, "海边日出，波浪，宁静，极简", BANNER, count=2, fates=(PENDING, DRAFT)),
    ),
)

AUTUMN = DemoProject(
    name="Autumn campaign",
    description="Key visuals for the harbour festival",
    asks=(
        DemoAsk(
            NOOR,
            "",
            POSTER,
            template="Autumn poster",
            values={"subject": "A harbour town", "mood": "nostalgic"},
            count=3,
            fates=(APPROVE, PENDING, DRAFT),
        ),
        DemoAsk(
            MALLORY,
            "Neon city at night, rain, reflections, cyberpunk",
            WIDE,
            count=3,
            fates=(APPROVE, REJECT, DRAFT),
        ),
        DemoAsk(
            NOOR,
            "Mountain ridges in fog, autumn forest, dawn",
            BANNER,
            count=3,
            fates=(APPROVE, PENDING, DRAFT),
        ),
        DemoAsk(
            MALLORY,
            "A lighthouse in a storm, dramatic waves",
            TALL,
            count=2,
            fates=(PENDING, DRAFT),
        ),
        DemoAsk(
            NOOR,
            "Golden maple forest, sun rays, peaceful morning",
            POSTER,
            count=2,
            fates=(APPROVE,),
        ),
        DemoAsk(
            MALLORY,
            "Lanterns over a quiet harbour, dusk, reflections",
            BANNER,
            count=2,
            fates=(PENDING,),
        ),
    ),
)
