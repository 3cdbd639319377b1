"""The words the preview engine knows, in Chinese and English, and what each one stands for.

One row is one idea. `swatch` names colours, `scenes` says which compositions it speaks for and
how loudly, `extras` are things to add to a composition, `chroma` multiplies how colourful the
picture is and `lightness` brightens or darkens it.
"""

from dataclasses import dataclass, field
from enum import Enum, auto


class Kind(Enum):
    """What part of a picture a word is about."""

    COLOUR = auto()
    SUBJECT = auto()
    PLACE = auto()
    TIME = auto()
    MOOD = auto()
    STYLE = auto()
    WEARABLE = auto()  # what a colour before it belongs to: the scarf of "red scarf"
    BACKDROP = auto()  # likewise: the background of "white background"
    QUALITY = auto()  # of negative prompts: blurry, low quality


@dataclass(frozen=True, slots=True, eq=False)
class Idea:
    kind: Kind
    names: tuple[str, ...]
    swatch: str = ""
    scenes: dict[str, float] = field(default_factory=dict)
    extras: tuple[str, ...] = ()
    chroma: float = 1.0
    lightness: float = 0.0


def _idea(
    kind: Kind,
    names: str,
    swatch: str = "",
    *,
    scenes: str = "",
    extras: str = "",
    chroma: float = 1.0,
    lightness: float = 0.0,
) -> Idea:
    """A row as it is easiest to read: names split at "|", scenes as "ridges:3 tide:1"."""
    votes = dict(vote.split(":") for vote in scenes.split())
    return Idea(
        kind,
        tuple(names.split("|")),
        swatch,
        {scene: float(weight) for scene, weight in votes.items()},
        tuple(extras.split()),
        chroma,
        lightness,
    )


_COLOURS = (
    _idea(Kind.COLOUR, "金色|金黄|金毛|golden|gold", "gold"),
    _idea(Kind.COLOUR, "红色|大红|朱红|绯红|红|red|crimson|scarlet|vermilion", "red"),
    _idea(Kind.COLOUR, "橙色|橘色|橙|orange", "orange"),
    _idea(Kind.COLOUR, "黄色|鹅黄|柠檬|黄|yellow|lemon", "yellow"),
    _idea(Kind.COLOUR, "绿色|翠绿|墨绿|绿|green|emerald", "green"),
    _idea(Kind.COLOUR, "青色|蓝绿|青|teal|cyan|turquoise", "teal"),
    _idea(Kind.COLOUR, "蓝色|天蓝|湛蓝|宝蓝|蓝|blue|azure|cobalt|navy", "blue"),
    _idea(Kind.COLOUR, "紫色|紫罗兰|紫|purple|violet|magenta", "purple"),
    _idea(Kind.COLOUR, "粉色|粉红|粉|pink|rose", "pink"),
    _idea(Kind.COLOUR, "棕色|褐色|棕|brown|wooden|wood|木质|木", "brown"),
    _idea(Kind.COLOUR, "灰色|灰|银色|银|grey|gray|silver", "grey", chroma=0.9),
    _idea(Kind.COLOUR, "白色|纯白|雪白|白|white|ivory", "white", lightness=0.02),
    _idea(Kind.COLOUR, "黑色|黑|black|dark", "black", lightness=-0.03),
    _idea(Kind.COLOUR, "米色|奶油|米白|cream|beige", "cream"),
    _idea(Kind.COLOUR, "薰衣草|丁香|lavender|lilac", "lavender"),
    _idea(Kind.COLOUR, "薄荷|mint", "mint"),
    _idea(Kind.COLOUR, "珊瑚|coral", "coral"),
    _idea(Kind.COLOUR, "桃色|蜜桃|peach|apricot", "peach"),
    _idea(Kind.COLOUR, "青瓷|碧玉|翡翠|玉|jade|celadon", "jade"),
)

_SUBJECTS = (
    _idea(Kind.SUBJECT, "熊猫|panda|pandas", "panda", scenes="figure:4", extras="panda bamboo"),
    _idea(
        Kind.SUBJECT,
        "金毛犬|金毛寻回犬|金毛猎犬|金毛狗|golden retriever",
        "gold",
        scenes="figure:4",
        extras="dog",
    ),
    _idea(
        Kind.SUBJECT,
        "柴犬|柯基|小狗|狗狗|狗|犬|puppy|dog|corgi|shiba",
        "gold",
        scenes="figure:4",
        extras="dog",
    ),
    _idea(
        Kind.SUBJECT,
        "橘猫|小猫|猫咪|猫|kitten|cat|cats",
        "orange",
        scenes="figure:4",
        extras="cat",
    ),
    _idea(Kind.SUBJECT, "兔子|小兔|兔|rabbit|bunny", "cream", scenes="figure:4", extras="rabbit"),
    _idea(Kind.SUBJECT, "狐狸|fox", "orange", scenes="figure:4", extras="cat"),
    _idea(Kind.SUBJECT, "小熊|熊|bear|teddy", "brown", scenes="figure:4", extras="bear"),
    _idea(
        Kind.SUBJECT,
        # No likeness of a person: a mood only.
        "人物|女孩|男孩|女人|男人|少女|肖像|人像|portrait|girl|boy|woman|man|person",
        "peach",
        scenes="silk:1.5 haze:1.5 bloom:1",
    ),
    _idea(
        Kind.SUBJECT,
        "樱花|桃花|梅花|cherry blossom|sakura|plum blossom",
        "blossom",
        scenes="bloom:4",
        extras="petals",
    ),
    _idea(
        Kind.SUBJECT,
        "玫瑰|牡丹|花朵|鲜花|花卉|花|flower|flowers|floral|peony|rose garden|bouquet",
        "blossom",
        scenes="bloom:4",
    ),
    _idea(Kind.SUBJECT, "荷花|莲花|睡莲|lotus|water lily", "blossom", scenes="bloom:4"),
    _idea(
        Kind.SUBJECT,
        "向日葵|sunflower|雏菊|daisy",
        "yellow",
        scenes="bloom:4 meadow:2",
        extras="flowers",
    ),
    _idea(Kind.SUBJECT, "竹子|竹林|竹|bamboo", "jade", scenes="ridges:1.5", extras="bamboo"),
    _idea(
        Kind.SUBJECT,
        "产品|商品|香水|化妆品|护肤|瓶|手表|product|perfume|cosmetics|bottle|watch|packaging",
        scenes="stage:2.5",
    ),
    _idea(Kind.SUBJECT, "杯|咖啡|coffee|cup|mug|latte", "coffee", scenes="stage:2.5"),
    _idea(Kind.SUBJECT, "茶|茶叶|tea", "tea", scenes="stage:2 ridges:1"),
    _idea(
        Kind.SUBJECT,
        "蛋糕|甜点|水果|草莓|食物|美食|cake|dessert|fruit|strawberry|food",
        "coral",
        scenes="stage:2.5",
    ),
    _idea(Kind.SUBJECT, "丝绸|绸缎|布料|面料|silk|satin|fabric|velvet", scenes="silk:4"),
    _idea(
        Kind.SUBJECT,
        "龙|凤凰|灯笼|春节|新年|中秋|dragon|phoenix|lantern|new year|festival",
        "festive",
        scenes="paper:2.5 silk:2 city:1",
    ),
    _idea(
        Kind.SUBJECT,
        "标志|图标|海报|logo|icon|poster",
        scenes="stage:1.5 contour:1.5 paper:1.5",
    ),
    _idea(Kind.SUBJECT, "汽车|跑车|赛车|car|racing", "red", scenes="silk:2", extras="motion"),
    _idea(Kind.SUBJECT, "鱼|锦鲤|水母|鲸|fish|koi|jellyfish|whale", "sea", scenes="tide:3 silk:1"),
    _idea(Kind.SUBJECT, "鸟|鹤|鸟儿|bird|crane|birds", "mountain", scenes="ridges:2.5"),
    _idea(
        Kind.SUBJECT,
        "建筑|房子|室内|客厅|architecture|house|interior|building",
        "cream",
        scenes="stage:3 paper:1",
    ),
)

_PLACES = (
    _idea(
        Kind.PLACE,
        "草地|草坪|草原|草丛|田野|麦田|草|grass|lawn|meadow|field|prairie",
        "grass",
        scenes="meadow:3",
        extras="grass",
    ),
    _idea(
        Kind.PLACE,
        "森林|树林|丛林|雨林|树|forest|jungle|woods|tree|trees",
        "forest",
        scenes="ridges:3 meadow:1",
        extras="pines",
    ),
    _idea(
        Kind.PLACE,
        "大海|海洋|海浪|海边|沙滩|波浪|浪|海|ocean|sea|wave|waves|beach|surf",
        "sea",
        scenes="tide:3.5",
    ),
    _idea(
        Kind.PLACE,
        "湖泊|湖面|湖|江|河|溪|lake|river|stream|pond",
        "sea",
        scenes="ridges:2.5 tide:1",
        extras="mirror",
    ),
    _idea(
        Kind.PLACE,
        "雪山|山脉|山水|山峰|群山|山谷|山|mountain|mountains|alps|valley|peak|hills|hill",
        "mountain",
        scenes="ridges:4",
    ),
    _idea(
        Kind.PLACE,
        "城市|都市|街道|街头|夜市|高楼|上海|香港|city|street|skyline|downtown|tokyo|shanghai",
        "night",
        scenes="city:3.5",
    ),
    _idea(
        Kind.PLACE, "天空|云朵|云海|云|sky|cloud|clouds", "sky", scenes="haze:2 ridges:1 tide:0.5"
    ),
    _idea(
        Kind.PLACE,
        "星空|宇宙|银河|太空|星云|星球|galaxy|space|cosmos|nebula|universe|planet|starry",
        "night",
        scenes="cosmos:4",
        extras="stars",
    ),
    _idea(Kind.PLACE, "沙漠|沙丘|戈壁|desert|dune|dunes|sand", "desert", scenes="ridges:3 silk:1"),
    _idea(
        Kind.PLACE,
        "花园|花海|garden|flower field",
        "blossom",
        scenes="bloom:2.5 meadow:2.5",
        extras="flowers",
    ),
    _idea(Kind.PLACE, "极光|aurora|northern lights", "night", scenes="ridges:3", extras="aurora"),
)

_TIMES = (
    _idea(Kind.TIME, "春天|春日|春|spring", "blossom", extras="petals"),
    _idea(Kind.TIME, "夏天|夏日|夏|summer", "summer", chroma=1.08),
    _idea(Kind.TIME, "秋天|秋日|枫叶|秋|autumn|fall|maple", "autumn", scenes="paper:1 ridges:1"),
    _idea(
        Kind.TIME,
        "冬天|冬日|雪景|下雪|雪|冬|winter|snow|snowy|ice",
        "snow",
        scenes="ridges:1",
        extras="snow",
    ),
    _idea(
        Kind.TIME,
        "日落|夕阳|黄昏|晚霞|落日|sunset|dusk|golden hour",
        "sunset",
        scenes="tide:1 ridges:1",
        extras="sun",
    ),
    _idea(
        Kind.TIME,
        "日出|清晨|早晨|晨光|黎明|朝霞|sunrise|dawn|morning",
        "dawn",
        scenes="ridges:1 haze:0.5",
        extras="sun",
    ),
    _idea(
        Kind.TIME,
        "夜晚|夜景|深夜|午夜|夜|night|midnight",
        "night",
        scenes="city:0.7 cosmos:0.7",
        extras="moon night",
    ),
    _idea(Kind.TIME, "月亮|月光|明月|月|moon|moonlight", "night", scenes="ridges:1", extras="moon"),
    _idea(Kind.TIME, "阳光|太阳|sunshine|sunlight|sunny|sun", extras="sun", lightness=0.02),
)

_MOODS = (
    _idea(Kind.MOOD, "可爱|萌|cute|kawaii|adorable", chroma=1.06, lightness=0.03),
    _idea(Kind.MOOD, "柔和|温柔|soft|gentle|pastel|淡雅", chroma=0.82, lightness=0.05),
    _idea(Kind.MOOD, "温暖|温馨|warm|cozy|cosy", "peach", lightness=0.02),
    _idea(Kind.MOOD, "清新|fresh|清爽", "mint", lightness=0.03),
    _idea(Kind.MOOD, "梦幻|梦境|奇幻|dream|dreamy|fantasy|ethereal|magic", "lavender",
          scenes="cosmos:1 haze:1 silk:1"),
    _idea(Kind.MOOD, "神秘|忧郁|mysterious|melancholy|moody", chroma=0.8, lightness=-0.05),
    _idea(Kind.MOOD, "宁静|安静|平静|calm|serene|quiet|peaceful", chroma=0.88,
          scenes="ridges:0.5 haze:0.5"),
    _idea(Kind.MOOD, "鲜艳|明亮|活力|vivid|vibrant|bright|energetic", chroma=1.18),
    _idea(Kind.MOOD, "奢华|高级|luxury|elegant|premium|奢侈", "black", scenes="contour:1 silk:1.5"),
    _idea(Kind.MOOD,
          "奔跑|跑步|飞奔|跳跃|动态模糊|动态|动感|running|run|jumping|motion blur|dynamic",
          scenes="silk:0.5", extras="motion"),
)  # fmt: skip

_STYLES = (
    _idea(Kind.STYLE, "机器人|科技|芯片|数据|人工智能|robot|tech|technology|chip|data|circuit",
          "tech", scenes="contour:3 city:1"),
    _idea(Kind.STYLE, "渐变|渐变色|gradient|gradients", scenes="haze:3"),
    _idea(Kind.STYLE, "极简|简约|现代简约|简洁|minimal|minimalist|minimalism|simple|clean",
          scenes="stage:1.5 haze:1.2", chroma=0.9, lightness=0.03),
    _idea(Kind.STYLE, "水墨|国画|中国风|书法|ink wash|ink|calligraphy|sumi-e|shan shui", "ink",
          scenes="ridges:4", extras="ink", chroma=0.7),
    _idea(Kind.STYLE, "剪纸|折纸|纸艺|paper cut|papercut|paper|origami", scenes="paper:5"),
    _idea(Kind.STYLE, "卡通|插画|绘本|cartoon|illustration|flat", scenes="paper:1.2", chroma=1.05),
    _idea(Kind.STYLE, "霓虹|赛博朋克|蒸汽波|neon|cyberpunk|synthwave|vaporwave", "neon",
          scenes="city:4"),
    _idea(Kind.STYLE, "抽象|艺术|abstract|art", scenes="silk:1.5 contour:1.5 paper:1"),
    _idea(Kind.STYLE, "几何|线条|等高线|geometric|line art|lines|contour|topographic",
          scenes="contour:4"),
    _idea(Kind.STYLE, "流体|流动|丝滑|fluid|flowing|liquid|swirl", scenes="silk:4"),
    _idea(Kind.STYLE, "水彩|watercolor|watercolour", scenes="haze:1.5 bloom:1", chroma=0.9,
          lightness=0.03),
    _idea(Kind.STYLE, "复古|胶片|vintage|retro|film", "tea", chroma=0.85),
    _idea(Kind.STYLE, "大理石|marble", "white", scenes="silk:3 contour:1"),
    _idea(Kind.STYLE, "玻璃|磨砂|glass|frosted", scenes="haze:2.5"),
)  # fmt: skip

_LINKS = (
    _idea(Kind.WEARABLE, "围巾|丝带|飘带|领巾|scarf|ribbon|bow", extras="ribbon"),
    _idea(Kind.WEARABLE, "裙子|连衣裙|帽子|雨伞|气球|dress|hat|umbrella|balloon|flag"),
    _idea(Kind.BACKDROP, "背景|底色|地板|桌面|墙|background|backdrop|wall|floor|table"),
    _idea(Kind.QUALITY, "模糊|低质量|低画质|噪点|blurry|blur|low quality|worst quality|noise"),
)

IDEAS: tuple[Idea, ...] = (
    *_COLOURS, *_SUBJECTS, *_PLACES, *_TIMES, *_MOODS, *_STYLES, *_LINKS,
)  # fmt: skip
