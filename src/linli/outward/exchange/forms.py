"""The shape of what is uploaded."""

from __future__ import annotations

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from linli.ground.web import forms


class UploadForm(forms.Form):
    """One file."""

    file = django_forms.FileField(
        label=_("名册文件"),
        allow_empty_file=True,
        help_text=_("Excel 工作簿（.xlsx）或 csv，最大 20 MB"),
        widget=django_forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ConfirmForm(forms.Form):
    """What the preview showed, handed back."""

    seen = forms.Text(label=_("预览"), max_length=60)
