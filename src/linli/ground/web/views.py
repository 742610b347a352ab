"""Pages of the house itself."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from linli.ground.kernel.actor import RoleName
from linli.ground.web import access, display, forms, htmx, uploads
from linli.ground.web.access import ActorRequest
from linli.ground.web.charts import Series


class DisplayForm(forms.Form):
    """Edition, theme and language."""

    mode = forms.Choice(
        label=gettext_lazy("版式"),
        drawn_as="radios",
        choices=[
            ("standard", gettext_lazy("标准版")),
            ("care", gettext_lazy("关怀版：字大、按钮大，一屏少几样")),
        ],
    )
    theme = forms.Choice(
        label=gettext_lazy("颜色"),
        drawn_as="chips",
        choices=[
            ("auto", gettext_lazy("跟手机一样")),
            ("light", gettext_lazy("浅色")),
            ("dark", gettext_lazy("深色")),
        ],
    )
    language = forms.Choice(
        label=gettext_lazy("语言"), drawn_as="chips", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    next = forms.Text(required=False, max_length=800, widget=forms.Hidden)


@access.public
def display_settings(request: ActorRequest) -> HttpResponse:
    """Choose edition, theme and language; kept on this device."""
    if request.method == "POST":
        form = DisplayForm(request.POST)
        if not form.is_valid():
            return htmx.page(request, "web/display.html", {"form": form}, status=422)
        wished = display.changed(request.display, form.cleaned_data)
        with override(wished.language):
            messages.success(request, _("已经换好了，只对这台设备有效。"))
        response = htmx.redirect(request, _ours(request, form.cleaned_data["next"]) or "web:display")
        display.write(response, wished)
        return response
    shown = request.display
    start = {
        "mode": shown.mode,
        "theme": shown.theme,
        "language": shown.language,
        "next": _came_from(request),
    }
    return htmx.page(request, "web/display.html", {"form": DisplayForm(initial=start)})


@access.public
def kept_picture(request: ActorRequest, token: str) -> FileResponse:  # noqa: ARG001
    """The thumbnail of a photo that a form keeps over an error; the signed word is the permission."""
    return uploads.serve_picture(uploads.from_token(token).sha256, thumb=True)


class SampleForm(forms.Form):
    """A form with every kind of field, for the style guide."""

    photos = forms.Photos(label="拍张照片", most=3, required=False)
    what = forms.Text(label="说说什么情况", lines=3, max_length=500)
    where = forms.Choice(
        label="在哪里",
        empty_label="请选择楼栋和单元",
        choices=[("3-2", "3号楼2单元"), ("3-1", "3号楼1单元")],
        error_messages={"required": "请选一下在哪里，师傅好找到"},
    )
    kind = forms.Choice(
        label="哪一类",
        help_text="已帮您选好，不对可改",
        drawn_as="chips",
        choices=[
            ("door", "单元门"),
            ("lift", "电梯"),
            ("light", "照明"),
            ("clean", "卫生"),
            ("other", "其他"),
        ],
    )
    amount = forms.Money(label="金额", required=False)
    phone = forms.Mobile(label="手机号", required=False, help_text="只给处理这件事的人看")
    on = forms.Day(label="哪一天", required=False)
    who = forms.Choice(
        label="谁来看",
        drawn_as="radios",
        choices=[("all", "小区的人都能看"), ("staff", "只给业委会和物业看")],
    )
    agree = forms.Box(label="我知道照片会公开", error_messages={"required": "请先勾选这一项"})


@access.roles_or_debugging(RoleName.OPERATOR)
def style(request: ActorRequest) -> HttpResponse:
    """The living style guide: every component in its states."""
    sheet = (Path(__file__).parent / "static/web/icons.svg").read_text(encoding="utf-8")
    context = {
        "form": SampleForm(initial={"kind": "door"}),
        "icons": re.findall(r'<symbol id="([a-z-]+)"', sheet),
        "months": [f"{month}月" for month in (12, *range(1, 12))],
        "lines": [
            Series("诉求", [1480, 1320, 1610, 1700, 1655, 1820, 1945, 2010, 1890, 1975, 2110, 2204]),
            Series("办结", [1310, 1240, 1500, 1620, 1640, 1760, 1900, 1990, 1905, 1950, 2080, 2171]),
        ],
        "topics": [
            ("停车秩序", 683),
            ("公共设施维修", 529),
            ("环境卫生", 375),
            ("噪声扰民", 242),
            ("充电安全", 198),
            ("其他", 176),
        ],
    }
    return htmx.page(request, "web/style.html", context)


@access.roles_or_debugging(RoleName.OPERATOR)
def style_desk(request: ActorRequest) -> HttpResponse:
    """The style guide's console."""
    return htmx.page(request, "web/style_desk.html")


@access.roles_or_debugging(RoleName.OPERATOR)
def style_sheet(request: ActorRequest) -> HttpResponse:
    """The style guide's sheet of paper."""
    return htmx.page(request, "web/style_sheet.html")


@access.roles_or_debugging(RoleName.OPERATOR)
def style_form(request: ActorRequest) -> HttpResponse:
    """The sample form, answered with its errors or with thanks; nothing is kept."""
    if request.method != "POST":
        return htmx.redirect(request, "web:style")
    form = SampleForm(request.POST, request.FILES)
    if not form.is_valid():
        return htmx.fragment(request, "web/_style_form.html", {"form": form, "title": "表单"}, status=422)
    messages.success(request, "收到了。")
    return htmx.redirect(request, "web:style")


def _ours(request: ActorRequest, address: str) -> str:
    """The address, if it leads to a page of ours; else nothing."""
    host = {request.get_host()}
    return address if url_has_allowed_host_and_scheme(address, host, request.is_secure()) else ""


def _came_from(request: ActorRequest) -> str:
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path if parts.netloc == request.get_host() else ""
