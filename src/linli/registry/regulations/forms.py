"""The shape of a year's holiday table as it is typed, pasted or uploaded."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms

LARGEST_BYTES = 64 * 1024


class HolidaysForm(forms.Form):
    """The table, as lines or as a file, and the notice it comes from."""

    source = forms.Text(
        label=_("依据"), max_length=200, help_text=_("国务院办公厅通知的文号，例如：国办发明电〔2026〕X号")
    )
    text = forms.Text(
        label=_("放假和调休上班的日子"),
        lines=12,
        max_length=20_000,
        required=False,
        help_text=_(
            "一行一段：2027-02-05 至 2027-02-11 春节 休；单独一天写一个日期；调休上班写“班”。也可以直接粘贴 csv。"
        ),
    )
    file = django_forms.FileField(
        label=_("或者选一个 csv 文件"),
        required=False,
        allow_empty_file=True,
        help_text=_("表头 date,name,is_off_day；1 休息，0 上班"),
        widget=django_forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of lines and file; a file is read as the text it is."""
        data = super().clean() or self.cleaned_data
        file, text = data.get("file"), (data.get("text") or "").strip()
        if file and text:
            self.add_error("file", _("文字和文件只能用一种，请清空一处。"))
        elif not file and not text and not self.errors:
            self.add_error("text", _("请填写放假安排，或者选一个文件。"))
        elif file:
            self._read(file, data)
        return data

    def _read(self, file: Any, data: dict[str, Any]) -> None:
        if file.size > LARGEST_BYTES:
            self.add_error("file", _("文件太大，一年的放假安排不会超过 64 KB。"))
            return
        file.seek(0)
        raw = file.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                data["text"] = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            return
        self.add_error("file", _("文件不是文本，请另存为 csv 再传。"))


class ConfirmForm(forms.Form):
    """What the preview showed, handed back."""

    source = forms.Text(label=_("依据"), max_length=200)
    text = forms.Text(label=_("放假安排"), max_length=40_000)
    seen = forms.Text(label=_("预览"), max_length=64)
