"""Everything that can be asked about: the fields, their names, their values and their help.

Canonical names are English; the Chinese ones are read as well, whichever language the site is
shown in. `paths` names what of a snapshot a field covers, so that a test can tell that nothing
is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.types import ReviewStatus

Label = str | Promise
LARGEST: Final = 2**63 - 1
LARGEST_COLUMN: Final = 2**31 - 1


class Kind(Enum):
    """What the values of a field are, and so what a condition holds.

    `NAME` is a whole name in upper or lower case, `WORDS` are words anywhere in a text, `HASH` is
    the beginning of one: all of them `str`. So are `CHOICE`, `UID` (with hyphens) and `PERSON`: a
    login name or a shown name, `me`, or `#12` for the account of this number. `WHOLE`, `BYTES` and
    `DECIMAL` are a `Range` of numbers, `DATE` a `Range` of `Stretch`, `SIZE` a `Size`, `PAIR` a
    `Pair`. `ORDER` and `COUNT` say how to list, not what.
    """

    NAME = auto()
    WORDS = auto()
    HASH = auto()
    CHOICE = auto()
    PERSON = auto()
    UID = auto()
    WHOLE = auto()
    BYTES = auto()
    DECIMAL = auto()
    DATE = auto()
    SIZE = auto()
    PAIR = auto()
    ORDER = auto()
    COUNT = auto()


class Group(Enum):
    """Where a field stands in the help."""

    COMMON = _("Asked for most")
    WORDS = _("Words")
    PICTURE = _("Picture")
    ORIGIN = _("Origin")
    MODEL = _("Model")
    ENGINE = _("Engine")
    TIME = _("Time")
    WHO = _("Who")
    FILE = pgettext_lazy("group of facts", "File")
    CHECKS = _("Checks")
    ORDER = _("Order")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field that has a list of them."""

    value: str
    label: Label
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something that can be asked about.

    `example` is a value that can be asked for as it stands; `low` and `high` are the bounds of a
    number.
    """

    name: str
    kind: Kind
    group: Group
    label: Label
    help: Label
    example: str
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    low: int = 0
    high: int = LARGEST_COLUMN
    paths: tuple[str, ...] = ()

    def choice(self, value: str) -> Choice | None:
        """The choice of this value; `None` when there is none."""
        return next((each for each in self.choices if each.value == value), None)


STATUSES: Final = (
    Choice(ReviewStatus.DRAFT.value, ReviewStatus.DRAFT.label, ("草稿",)),
    Choice(
        ReviewStatus.PENDING.value,
        ReviewStatus.PENDING.label,
        ("审核中", "待审核", "in-review", "review"),
    ),
    Choice(
        ReviewStatus.CHANGES_REQUESTED.value,
        ReviewStatus.CHANGES_REQUESTED.label,
        ("待修改", "changes-requested", "changes"),
    ),
    Choice(ReviewStatus.APPROVED.value, ReviewStatus.APPROVED.label, ("已通过", "通过")),
    Choice(ReviewStatus.REJECTED.value, ReviewStatus.REJECTED.label, ("已驳回", "驳回", "拒绝")),
)

FLAGS: Final = (
    *STATUSES,
    Choice("mine", _("Made by me"), ("我的",)),
    Choice("starred", _("Starred by me"), ("星标", "收藏", "favourite", "favorite")),
    Choice("reused", _("Reused"), ("已复用", "复用")),
    Choice("unused", _("Never reused or downloaded"), ("未使用", "未用过")),
    Choice("downloaded", _("Downloaded"), ("已下载", "下载过")),
    Choice("duplicate", _("Has a near-duplicate"), ("重复", "近似重复")),
    Choice("imported", _("Imported"), ("导入", "已导入")),
    Choice("preview", _("Preview without a model"), ("预览",)),
    Choice("resized", _("Made in another size than asked for"), ("改过尺寸",)),
    Choice("trashed", _("In the trash"), ("回收站", "已删除", "trash")),
)

PARTS: Final = (
    Choice("comments", _("Comments"), ("评论", "comment")),
    Choice("tags", _("Tags"), ("标签", "tag")),
    Choice("collection", _("Collection"), ("合集", "collections")),
    Choice("template", _("Template"), ("模板",)),
    Choice("lora", _("LoRA"), ("loras",)),
    Choice("input", _("Input image"), ("参考图", "输入图")),
    Choice("upload", _("Uploaded input image"), ("上传",)),
    Choice("parent", _("Made from another picture"), ("来源", "父图")),
    Choice("children", _("Others were made from it"), ("衍生", "子图", "child")),
    Choice("negative", _("Negative prompt"), ("反向提示词", "负面提示词")),
    Choice("name", _("Archive name"), ("归档名", "名称")),
    Choice("rating", _("Rating"), ("评分",)),
)

FORMATS: Final = (
    Choice("png", "PNG"),
    Choice("jpeg", "JPEG", ("jpg",)),
    Choice("webp", "WebP"),
)

ORDERS: Final = (
    Choice("newest", _("Newest first"), ("最新", "new", "date")),
    Choice("oldest", _("Oldest first"), ("最早", "最旧", "old")),
    Choice("rating", _("Best rated first"), ("评分", "最高评分", "best")),
    Choice("reused", _("Most reused first"), ("复用", "最多复用")),
    Choice("downloads", _("Most downloaded first"), ("下载", "最多下载")),
)

_COMMON: Final = (
    Field(
        name="by",
        kind=Kind.PERSON,
        group=Group.COMMON,
        label=_("Made by"),
        help=_("Whoever made it: a login name, a name, or me."),
        example="me",
        aliases=("person", "maker", "作者", "制作人", "创建者"),
        paths=("who.person",),
    ),
    Field(
        name="status",
        kind=Kind.CHOICE,
        group=Group.COMMON,
        label=_("Status"),
        help=_("Where it stands in review."),
        example="approved",
        aliases=("review", "状态", "审核"),
        choices=STATUSES,
    ),
    Field(
        name="model",
        kind=Kind.NAME,
        group=Group.COMMON,
        label=_("Model"),
        help=_("The model that painted it."),
        example="z-image-turbo",
        aliases=("模型",),
        paths=("model.name",),
    ),
    Field(
        name="tag",
        kind=Kind.NAME,
        group=Group.COMMON,
        label=_("Tag"),
        help=_("A tag it carries."),
        example="hero",
        aliases=("tags", "标签"),
    ),
    Field(
        name="collection",
        kind=Kind.NAME,
        group=Group.COMMON,
        label=_("Collection"),
        help=_("A collection it lies in."),
        example='"Spring campaign"',
        aliases=("collections", "合集"),
    ),
    Field(
        name="rating",
        kind=Kind.WHOLE,
        group=Group.COMMON,
        label=_("Rating"),
        help=_("Stars from 1 to 5; 0 is not rated."),
        example=">=4",
        aliases=("stars", "评分", "评级"),
        high=5,
    ),
    Field(
        name="date",
        kind=Kind.DATE,
        group=Group.COMMON,
        label=_("Made on"),
        help=_("The day it was made: a year, a month, a day, today, 7d, or a range of them."),
        example="2025-01..2025-02",
        aliases=("made", "created", "日期", "制作日期"),
        paths=("created_at",),
    ),
    Field(
        name="is",
        kind=Kind.CHOICE,
        group=Group.COMMON,
        label=_("It is"),
        help=_("What it is."),
        example="starred",
        aliases=("是",),
        choices=FLAGS,
        paths=("engine.is_preview", "picture.size_reason"),
    ),
    Field(
        name="has",
        kind=Kind.CHOICE,
        group=Group.COMMON,
        label=_("It has"),
        help=_("What it has."),
        example="comments",
        aliases=("有", "含有"),
        choices=PARTS,
        paths=("origin.input_image.uploaded",),
    ),
)

_WORDS: Final = (
    Field(
        name="prompt",
        kind=Kind.WORDS,
        group=Group.WORDS,
        label=_("Prompt"),
        help=_("Words of the prompt alone, as typed."),
        example="panda",
        aliases=("提示词", "正向提示词"),
        paths=("words.prompt",),
    ),
    Field(
        name="final",
        kind=Kind.WORDS,
        group=Group.WORDS,
        label=_("Final prompt"),
        help=_("Words of the prompt that reached the model."),
        example="panda",
        aliases=("final-prompt", "最终提示词"),
        paths=("words.final_prompt",),
    ),
    Field(
        name="negative",
        kind=Kind.WORDS,
        group=Group.WORDS,
        label=_("Negative prompt"),
        help=_("Words of the negative prompt."),
        example="blurry",
        aliases=("negative-prompt", "反向提示词", "负面提示词"),
        paths=("words.negative_prompt",),
    ),
    Field(
        name="template",
        kind=Kind.NAME,
        group=Group.WORDS,
        label=_("Template"),
        help=_("The template its prompt was filled from."),
        example='"Product shot"',
        aliases=("模板",),
        paths=("words.template.template",),
    ),
    Field(
        name="version",
        kind=Kind.WHOLE,
        group=Group.WORDS,
        label=_("Template version"),
        help=_("The version of the template."),
        example="3",
        aliases=("template-version", "模板版本", "版本"),
        low=1,
        paths=("words.template.version_number",),
    ),
    Field(
        name="var",
        kind=Kind.PAIR,
        group=Group.WORDS,
        label=_("Variable"),
        help=_("A variable of the template and what was filled in."),
        example="style=ink",
        aliases=("variable", "变量"),
        paths=("words.template.values",),
    ),
)

_PICTURE: Final = (
    Field(
        name="size",
        kind=Kind.SIZE,
        group=Group.PICTURE,
        label=_("Size"),
        help=_("Width and height in pixels."),
        example="1024x1024",
        aliases=("尺寸", "大小"),
        paths=("picture.width", "picture.height"),
    ),
    Field(
        name="width",
        kind=Kind.WHOLE,
        group=Group.PICTURE,
        label=_("Width"),
        help=_("Width in pixels."),
        example=">=1024",
        aliases=("宽", "宽度"),
        paths=("picture.width",),
    ),
    Field(
        name="height",
        kind=Kind.WHOLE,
        group=Group.PICTURE,
        label=_("Height"),
        help=_("Height in pixels."),
        example="512..768",
        aliases=("高", "高度"),
        paths=("picture.height",),
    ),
    Field(
        name="asked",
        kind=Kind.SIZE,
        group=Group.PICTURE,
        label=_("Size asked for"),
        help=_("The size that was asked for, where it differs from the one made."),
        example="1000x1000",
        aliases=("asked-size", "请求尺寸"),
        paths=("picture.asked_width", "picture.asked_height"),
    ),
    Field(
        name="seed",
        kind=Kind.WHOLE,
        group=Group.PICTURE,
        label=_("Seed"),
        help=_("The seed."),
        example="88415",
        aliases=("种子",),
        low=-LARGEST,
        high=LARGEST,
        paths=("picture.seed",),
    ),
    Field(
        name="steps",
        kind=Kind.WHOLE,
        group=Group.PICTURE,
        label=_("Steps"),
        help=_("How many steps it took."),
        example=">=8",
        aliases=("step", "步数"),
        paths=("picture.steps",),
    ),
    Field(
        name="cfg",
        kind=Kind.DECIMAL,
        group=Group.PICTURE,
        label=_("CFG"),
        help=_("The CFG scale."),
        example="1..4",
        aliases=("guidance", "引导", "引导系数"),
        paths=("picture.cfg",),
    ),
    Field(
        name="shift",
        kind=Kind.DECIMAL,
        group=Group.PICTURE,
        label=_("Sigma shift"),
        help=_("The sigma shift."),
        example="3",
        aliases=("sigma-shift", "偏移"),
        paths=("picture.sigma_shift",),
    ),
    Field(
        name="sampler",
        kind=Kind.NAME,
        group=Group.PICTURE,
        label=_("Sampler"),
        help=_("The sampler."),
        example="euler",
        aliases=("采样器",),
        paths=("picture.sampler",),
    ),
    Field(
        name="schedule",
        kind=Kind.NAME,
        group=Group.PICTURE,
        label=_("Schedule"),
        help=_("The schedule of the sampler."),
        example="simple",
        aliases=("scheduler", "调度", "调度器"),
        paths=("picture.schedule",),
    ),
)

_ORIGIN: Final = (
    Field(
        name="parent",
        kind=Kind.UID,
        group=Group.ORIGIN,
        label=_("Made from image"),
        help=_("The picture it was made from, by its id."),
        example="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
        aliases=("来源", "父图"),
        paths=("origin.parent_image_id",),
    ),
    Field(
        name="input",
        kind=Kind.UID,
        group=Group.ORIGIN,
        label=_("Input image"),
        help=_("The picture that was put in, by its id."),
        example="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
        aliases=("参考图", "输入图"),
        paths=("origin.input_image.id",),
    ),
    Field(
        name="strength",
        kind=Kind.DECIMAL,
        group=Group.ORIGIN,
        label=_("Strength"),
        help=_("How far it went from the input image, from 0 to 1."),
        example="0.4..0.7",
        aliases=("强度", "重绘强度"),
        high=1,
        paths=("origin.strength",),
    ),
    Field(
        name="tool",
        kind=Kind.NAME,
        group=Group.ORIGIN,
        label=_("Tool"),
        help=_("The program that made an imported picture."),
        example="ComfyUI",
        aliases=("工具",),
        paths=("origin.imported.tool",),
    ),
    Field(
        name="tool-version",
        kind=Kind.NAME,
        group=Group.ORIGIN,
        label=_("Version of the tool"),
        help=_("The version of that program."),
        example="1.10.1",
        aliases=("工具版本",),
        paths=("origin.imported.tool_version",),
    ),
    Field(
        name="original",
        kind=Kind.CHOICE,
        group=Group.ORIGIN,
        label=_("Format of the imported file"),
        help=_("The format of the file that an imported picture came in."),
        example="png",
        aliases=("原格式",),
        choices=FORMATS,
        paths=("origin.imported.format",),
    ),
    Field(
        name="label",
        kind=Kind.PAIR,
        group=Group.ORIGIN,
        label=_("AIGC label"),
        help=_("A key of the AIGC label that an imported file brought, and its value."),
        example="Label=1",
        aliases=("标识",),
        paths=("origin.imported.label",),
    ),
)

_MODEL: Final = (
    Field(
        name="revision",
        kind=Kind.NAME,
        group=Group.MODEL,
        label=_("Revision"),
        help=_("The revision of the model."),
        example="v1.0",
        aliases=("修订",),
        paths=("model.revision",),
    ),
    Field(
        name="lora",
        kind=Kind.NAME,
        group=Group.MODEL,
        label=_("LoRA"),
        help=_("A LoRA that was active."),
        example="ink-style",
        aliases=("loras",),
        paths=("model.loras",),
    ),
    Field(
        name="weight",
        kind=Kind.DECIMAL,
        group=Group.MODEL,
        label=_("LoRA weight"),
        help=_("The weight of one of its LoRAs."),
        example=">=0.8",
        aliases=("lora-weight", "权重"),
        low=-100,
        high=100,
        paths=("model.loras",),
    ),
    Field(
        name="hash",
        kind=Kind.HASH,
        group=Group.MODEL,
        label=_("Any SHA-256"),
        help=_("The beginning of a SHA-256: of the file, the model, a LoRA or the input image."),
        example="3f2b8a61",
        aliases=("哈希",),
        paths=(
            "model.main_hash",
            "model.weight_hashes",
            "model.loras",
            "origin.input_image.sha256",
            "origin.imported.sha256",
            "file.sha256",
        ),
    ),
)

_ENGINE: Final = (
    Field(
        name="engine",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("Engine"),
        help=_("The program that ran the model."),
        example="diffsynth",
        aliases=("引擎",),
        paths=("engine.engine",),
    ),
    Field(
        name="engine-version",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("Engine version"),
        help=_("The version of the engine."),
        example="2.1.12",
        aliases=("引擎版本",),
        paths=("engine.version",),
    ),
    Field(
        name="diffsynth",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label="DiffSynth",
        help=_("The version of DiffSynth-Studio."),
        example="2.1.12",
        paths=("engine.libraries",),
    ),
    Field(
        name="torch",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label="PyTorch",
        help=_("The version of PyTorch."),
        example="2.8.0",
        aliases=("pytorch",),
        paths=("engine.libraries",),
    ),
    Field(
        name="cuda",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label="CUDA",
        help=_("The version of CUDA."),
        example="12.8",
        paths=("engine.libraries",),
    ),
    Field(
        name="driver",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("Driver"),
        help=_("The version of the driver of the GPU."),
        example="570.86",
        aliases=("驱动",),
        paths=("engine.libraries",),
    ),
    Field(
        name="library",
        kind=Kind.PAIR,
        group=Group.ENGINE,
        label=_("Library"),
        help=_("Any library and its version."),
        example="safetensors=0.6.2",
        aliases=("lib", "库"),
        paths=("engine.libraries",),
    ),
    Field(
        name="device",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("Device"),
        help=_("The GPU."),
        example='"NVIDIA GeForce RTX 4090"',
        aliases=("gpu", "设备", "显卡"),
        paths=("engine.device",),
    ),
    Field(
        name="dtype",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("Number format"),
        help=_("The format of the numbers of the model."),
        example="bfloat16",
        aliases=("精度",),
        paths=("engine.dtype",),
    ),
    Field(
        name="load-mode",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("Load mode"),
        help=_("How the model lay in memory."),
        example="resident",
        aliases=("加载方式",),
        paths=("engine.load_mode",),
    ),
    Field(
        name="vram-tier",
        kind=Kind.NAME,
        group=Group.ENGINE,
        label=_("VRAM tier"),
        help=_("The class of GPU memory that it was made in."),
        example="24gb",
        aliases=("tier", "显存档位"),
        paths=("engine.vram_tier",),
    ),
    Field(
        name="peak-vram",
        kind=Kind.BYTES,
        group=Group.ENGINE,
        label=_("Peak VRAM"),
        help=_("The most GPU memory that was in use."),
        example=">12GB",
        aliases=("vram", "显存", "显存峰值"),
        high=LARGEST,
        paths=("engine.peak_vram_bytes",),
    ),
)

_TIME: Final = (
    Field(
        name="added",
        kind=Kind.DATE,
        group=Group.TIME,
        label=_("Added on"),
        help=_("The day it came into this archive, which is later for imported pictures."),
        example="7d",
        aliases=("arrived", "入库", "入库日期"),
    ),
    Field(
        name="wait",
        kind=Kind.DECIMAL,
        group=Group.TIME,
        label=_("Waited"),
        help=_("Seconds in the queue."),
        example=">60",
        aliases=("queue", "等待"),
        paths=("timing.queue_wait",),
    ),
    Field(
        name="load",
        kind=Kind.DECIMAL,
        group=Group.TIME,
        label=pgettext_lazy("duration", "Loading the model"),
        help=_("Seconds of loading the model."),
        example=">30",
        aliases=("loading", "加载"),
        paths=("timing.load",),
    ),
    Field(
        name="encode",
        kind=Kind.DECIMAL,
        group=Group.TIME,
        label=_("Reading the words"),
        help=_("Seconds of reading the words."),
        example="<1",
        aliases=("encoding", "编码"),
        paths=("timing.encode",),
    ),
    Field(
        name="denoise",
        kind=Kind.DECIMAL,
        group=Group.TIME,
        label=_("Painting"),
        help=_("Seconds of painting."),
        example="<5",
        aliases=("painting", "绘制", "去噪"),
        paths=("timing.denoise",),
    ),
    Field(
        name="decode",
        kind=Kind.DECIMAL,
        group=Group.TIME,
        label=_("Decoding"),
        help=_("Seconds of decoding."),
        example="<2",
        aliases=("decoding", "解码"),
        paths=("timing.decode",),
    ),
    Field(
        name="save",
        kind=Kind.DECIMAL,
        group=Group.TIME,
        label=_("Archiving"),
        help=_("Seconds of archiving."),
        example="<1",
        aliases=("saving", "归档"),
        paths=("timing.save",),
    ),
)

_WHO: Final = (
    Field(
        name="organization",
        kind=Kind.NAME,
        group=Group.WHO,
        label=_("Organization"),
        help=_("The organization it was made for."),
        example='"Blue Studio"',
        aliases=("org", "组织"),
        paths=("who.organization",),
    ),
    Field(
        name="project",
        kind=Kind.NAME,
        group=Group.WHO,
        label=_("Project"),
        help=_("The project it was made for, even if it was moved since."),
        example='"Spring campaign"',
        aliases=("项目",),
        paths=("who.project",),
    ),
    Field(
        name="request",
        kind=Kind.UID,
        group=Group.WHO,
        label=_("Request"),
        help=_("The request it was made for, by its id."),
        example="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
        aliases=("请求",),
        paths=("who.request_id",),
    ),
    Field(
        name="job",
        kind=Kind.UID,
        group=Group.WHO,
        label=_("Job"),
        help=_("The job that made it, by its id."),
        example="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
        aliases=("任务",),
        paths=("who.job_id",),
    ),
    Field(
        name="worker",
        kind=Kind.NAME,
        group=Group.WHO,
        label=_("Worker"),
        help=_("The worker that made it."),
        example="gpu-0",
        aliases=("工作进程",),
        paths=("who.worker",),
    ),
)

_FILE: Final = (
    Field(
        name="name",
        kind=Kind.WORDS,
        group=Group.FILE,
        label=_("Archive name"),
        help=_("Words of the name it was archived under, or that its imported file had."),
        example="BLUE-0042",
        aliases=("归档名", "名称", "文件名"),
        paths=("file.archive_name", "origin.imported.name"),
    ),
    Field(
        name="id",
        kind=Kind.UID,
        group=Group.FILE,
        label=_("Id"),
        help=_("This one picture, by its id."),
        example="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
        aliases=("uid", "编号"),
    ),
    Field(
        name="format",
        kind=Kind.CHOICE,
        group=Group.FILE,
        label=_("Format"),
        help=_("The format of the file."),
        example="png",
        aliases=("格式",),
        choices=FORMATS,
        paths=("file.format",),
    ),
    Field(
        name="bytes",
        kind=Kind.BYTES,
        group=Group.FILE,
        label=_("Size of the file"),
        help=_("The size of the file."),
        example=">2MB",
        aliases=("filesize", "file-size", "文件大小"),
        high=LARGEST,
        paths=("file.bytes",),
    ),
    Field(
        name="sha256",
        kind=Kind.HASH,
        group=Group.FILE,
        label=_("SHA-256"),
        help=_("The beginning of the SHA-256 of the file."),
        example="3f2b8a61",
        aliases=("sha",),
        paths=("file.sha256",),
    ),
)

_CHECKS: Final = (
    Field(
        name="moderation",
        kind=Kind.NAME,
        group=Group.CHECKS,
        label=_("Moderation"),
        help=_("What moderation said."),
        example="allowed",
        aliases=("内容审核",),
        paths=("verdicts.moderation.result",),
    ),
    Field(
        name="policy",
        kind=Kind.NAME,
        group=Group.CHECKS,
        label=_("Policy"),
        help=_("What the rules of the project said."),
        example="allowed",
        aliases=("策略", "规则"),
        paths=("verdicts.policy.result",),
    ),
    Field(
        name="reason",
        kind=Kind.WORDS,
        group=Group.CHECKS,
        label=_("Reason"),
        help=_("Words of the reasons that moderation or the rules gave."),
        example="violence",
        aliases=("理由", "原因"),
        paths=("verdicts.moderation.reasons", "verdicts.policy.reasons"),
    ),
    Field(
        name="rules",
        kind=Kind.NAME,
        group=Group.CHECKS,
        label=_("Set of rules"),
        help=_("The set of rules that said so."),
        example="default",
        aliases=("规则集",),
        paths=("verdicts.moderation.rules", "verdicts.policy.rules"),
    ),
)

_ORDER: Final = (
    Field(
        name="sort",
        kind=Kind.ORDER,
        group=Group.ORDER,
        label=_("Order"),
        help=_("What comes first."),
        example="rating",
        aliases=("order", "排序"),
        choices=ORDERS,
    ),
    Field(
        name="last",
        kind=Kind.COUNT,
        group=Group.ORDER,
        label=_("Newest only"),
        help=_("Only so many of the newest that are found."),
        example="100",
        aliases=("newest", "最近"),
        low=1,
        high=100_000,
    ),
)

FIELDS: Final[Mapping[str, Field]] = {
    each.name: each
    for group in (
        _COMMON,
        _WORDS,
        _PICTURE,
        _ORIGIN,
        _MODEL,
        _ENGINE,
        _TIME,
        _WHO,
        _FILE,
        _CHECKS,
        _ORDER,
    )
    for each in group
}

NAMES: Final[Mapping[str, Field]] = {
    name: each for each in FIELDS.values() for name in (each.name, *each.aliases)
}


def field_named(written: str) -> Field | None:
    """The field of this name or alias, in upper or lower case; `None` when there is none."""
    return NAMES.get(written.lower().replace("_", "-"))
