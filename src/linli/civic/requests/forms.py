"""The shape of what people type about requests."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.civic.requests.domain.categories import CATEGORIES, DANGERS
from linli.civic.requests.domain.intake import MAX_PICTURES, MAX_TEXT, MAX_TITLE
from linli.civic.requests.domain.workflow import STATUS_WORDS
from linli.ground.kernel.text import fold
from linli.ground.web import forms

CHANNELS = (("phone", _("来电")), ("counter", _("窗口")), ("door", _("上门")), ("patrol", _("巡查")))
WAITING = (
    ("resident", _("等报事人配合")),
    ("material", _("等材料配件")),
    ("owners_decision", _("等业主共同决定")),
    ("outside_unit", _("等外单位")),
    ("weather", _("等天气")),
)
NEEDS_NO_PHOTO = _("收费、噪声、建议类可以不拍")


def category_choices() -> list[tuple[str, str]]:
    """The categories in the reader's language."""
    return [(item.code, gettext(item.name)) for item in CATEGORIES]


class ReportForm(forms.Form):
    """What a resident reports: photo, words, place; the category is guessed when none is chosen.

    ``spots`` are the choices of the place field: ``place-12``, ``unit-7`` or ``facility-3``.
    """

    pictures = forms.Photos(label=_("拍张照片"), most=MAX_PICTURES, required=False)
    text = forms.Text(label=_("说说什么情况"), lines=3, max_length=MAX_TEXT)
    spot_key = forms.Choice(label=_("在哪里"), empty_label=_("请选择楼栋和单元"))
    spot = forms.Text(label=_("具体位置"), max_length=120, required=False)
    category = forms.Choice(label=_("哪一类"), drawn_as="chips", required=False)
    private = django_forms.BooleanField(label=_("只给处理人看，不公开"), required=False)

    def __init__(self, *args: Any, spots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("spot_key", spots)
        self.offer("category", category_choices())

    def place(self) -> dict[str, int | None]:
        """The chosen place as the action takes it."""
        kind, _dash, key = str(self.cleaned_data["spot_key"]).partition("-")
        keys: dict[str, int | None] = {"place_id": None, "unit_id": None, "facility_id": None}
        keys[f"{kind}_id"] = int(key)
        return keys


class OnBehalfForm(ReportForm):
    """What a clerk writes down for a caller or visitor."""

    channel = forms.Choice(label=_("从哪里来的"), drawn_as="chips", choices=CHANNELS)
    title = forms.Text(label=_("标题"), max_length=MAX_TITLE, required=False)
    caller_name = forms.Text(label=_("报事人称呼"), max_length=40, required=False)
    caller_phone = forms.Mobile(label=_("报事人手机号"), required=False)


class NoteForm(forms.Form):
    """One text; ``label`` and ``required`` by the move."""

    note = forms.Text(label=_("说明"), lines=3, max_length=MAX_TEXT)

    def __init__(self, *args: Any, label: str = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if label:
            self.fields["note"].label = label


class DispatchForm(forms.Form):
    """To whom: an organisation, and one of its people if known."""

    target = forms.Choice(label=_("派给谁"), empty_label=_("请选择单位或师傅"))
    note = forms.Text(label=_("交代一句"), lines=2, max_length=MAX_TEXT, required=False)
    seen = forms.Text(max_length=64, required=False, widget=forms.Hidden)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("target", targets)


class CategoryForm(forms.Form):
    """What it is really about, and whether it is dangerous."""

    category = forms.Choice(label=_("哪一类"), drawn_as="chips")
    danger = forms.Choice(label=_("是不是紧急危险"), drawn_as="chips", required=False)
    reason = forms.Text(label=_("为什么改"), lines=2, max_length=MAX_TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("category", category_choices())
        dangers = [(item.code, gettext(item.name)) for item in DANGERS]
        self.offer("danger", [("", gettext("不是")), *dangers])


class ForwardForm(forms.Form):
    """To which unit, and on what ground."""

    organisation = forms.Choice(label=_("转交哪个单位"), empty_label=_("请选择单位"))
    ground = forms.Text(label=_("为什么归它管"), lines=2, max_length=MAX_TEXT)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("organisation", organisations)


class WaitForm(forms.Form):
    """Why the work stands still."""

    waiting_for = forms.Choice(label=_("在等什么"), drawn_as="chips", choices=WAITING)
    reason = forms.Text(label=_("原因"), lines=2, max_length=MAX_TEXT)


class FinishForm(forms.Form):
    """What was done, with photos of it."""

    pictures = forms.Photos(label=_("修好后的照片"), most=MAX_PICTURES, required=False)
    note = forms.Text(label=_("做了什么"), lines=2, max_length=MAX_TEXT)


class RefuseForm(forms.Form):
    """Why not, and where to go instead."""

    ground = forms.Text(label=_("不予受理的原因"), lines=2, max_length=MAX_TEXT)
    other_channel = forms.Text(label=_("可以找哪里"), max_length=200)


class MergeForm(forms.Form):
    """The number of the request it belongs to."""

    number = forms.Text(label=_("并入的单号"), max_length=30)

    def clean_number(self) -> int:
        key = str(self.cleaned_data["number"]).strip().rsplit("-", 1)[-1]
        if not key.isdecimal() or len(key) > 15:
            raise django_forms.ValidationError(gettext("单号像 20261120-1042，请照着写。"))
        return int(key)


class RateForm(forms.Form):
    """One to five stars and a word."""

    stars = forms.Choice(
        label=_("办得怎么样"),
        drawn_as="radios",
        choices=(
            ("5", _("很满意")),
            ("4", _("满意")),
            ("3", _("基本满意")),
            ("2", _("不满意")),
            ("1", _("很不满意")),
        ),
    )
    note = forms.Text(label=_("想说的话"), lines=2, max_length=MAX_TEXT, required=False)


class AttemptForm(forms.Form):
    """How somebody tried to reach the reporter, and what came of it."""

    how = forms.Text(label=_("怎么联系的"), max_length=60)
    result = forms.Text(label=_("结果"), max_length=200)


class StaffNoteForm(forms.Form):
    """A remark for everybody or for staff only."""

    note = forms.Text(label=_("记一笔"), lines=2, max_length=MAX_TEXT)
    is_internal = django_forms.BooleanField(label=_("只给工作人员看"), required=False)


class FilterForm(forms.Form):
    """What a list is narrowed to."""

    words = forms.Text(label=_("找单号或文字"), max_length=60, required=False)
    facility = forms.Text(label=_("设施编号"), max_length=24, required=False)
    status = forms.Choice(label=_("状态"), required=False, empty_label=_("全部状态"))
    category = forms.Choice(label=_("类别"), required=False, empty_label=_("全部类别"))
    which = forms.Choice(
        label=_("范围"),
        required=False,
        empty_label=_("全部"),
        choices=(("open", _("未办结")), ("overdue", _("超时的")), ("mine", _("派给我的"))),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("status", [(code.value, gettext(words)) for code, words in STATUS_WORDS.items()])
        self.offer("category", category_choices())

    def clean_facility(self) -> str:
        """Asset numbers are written in capitals."""
        return fold(str(self.cleaned_data["facility"])).upper()


class RedactForm(forms.Form):
    """The rectangles over faces and plates: ``left,top,width,height`` in per-mille, joined by ``;``."""

    boxes = forms.Text(label=_("要遮住的地方"), max_length=600, required=False)

    def clean_boxes(self) -> list[tuple[int, int, int, int]]:
        boxes = []
        for part in fold(str(self.cleaned_data["boxes"])).split(";"):
            if not part.strip():
                continue
            numbers = [piece.strip() for piece in part.split(",")]
            if len(numbers) != 4 or not all(piece.isdecimal() and int(piece) <= 1000 for piece in numbers):
                raise django_forms.ValidationError(
                    gettext("遮挡框要写四个 0 到 1000 的整数（左、上、宽、高），用逗号隔开。")
                )
            boxes.append((int(numbers[0]), int(numbers[1]), int(numbers[2]), int(numbers[3])))
        return boxes
