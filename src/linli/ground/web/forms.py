"""The shape of what people type: fields with Chinese sentences, drawn by our macros.

A form never writes. What was typed stays in it, with errors or without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.ground.kernel.area import parse_area
from linli.ground.kernel.codes import check_mobile
from linli.ground.kernel.errors import Refusal
from linli.ground.kernel.money import parse_yuan
from linli.ground.web import uploads

_PLEASE_FILL = gettext_noop("请填写%(label)s")
_PLEASE_CHOOSE = gettext_noop("请选择%(label)s")
_TOO_LONG = gettext_noop("%(label)s最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请删短一些")
_TOO_SHORT = gettext_noop("%(label)s至少 %(limit_value)d 个字")
_NOT_OFFERED = gettext_noop("请从列出的里面选一个")


class Form(forms.Form):
    """The base of every form: warm sentences, and refusals of the rules beside the right field."""

    required_css_class = "req"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _speak(type(self), name, field)

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set what a field of choices offers."""
        field: Any = self.fields[name]
        field.choices = list(choices)

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Show a refusal of a rule in the form, beside ``field`` or above all of them.

        A refusal of what others changed meanwhile tells what is to be ``seen`` now; the form carries that
        from here on, so that whoever sends it again has read it.
        """
        self.add_error(field, _told(refusal))
        if "seen" in refusal.data and "seen" in self.fields:
            sent: Any = self.data
            self.data = sent.copy()
            self.data["seen"] = refusal.data["seen"]  # type: ignore[index]


class Text(forms.CharField):
    """Typed text: one line, or several with ``lines``; line ends are one character, as people count."""

    def __init__(self, *, lines: int = 1, max_length: int = 200, **kwargs: Any) -> None:
        self.lines = lines
        widget = kwargs.pop("widget", forms.Textarea if lines > 1 else forms.TextInput)
        super().__init__(max_length=max_length, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


Hidden = forms.HiddenInput
"""The widget of a field that is sent along unseen."""


class Box(forms.BooleanField):
    """One box to tick; required means it must be ticked."""


class Parsed(forms.CharField):
    """Text that a pure rule reads; the rule's refusal is the error."""

    read: Callable[[str], Any]
    keyboard = "text"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return type(self).read(text)
        except Refusal as refusal:
            raise ValidationError(_told(refusal), code=refusal.code) from refusal


class Money(Parsed):
    """An amount in yuan, cleaned to fen."""

    read = staticmethod(parse_yuan)
    keyboard = "decimal"


class Area(Parsed):
    """An area in square metres, cleaned to units of 0.01 m²."""

    read = staticmethod(parse_area)
    keyboard = "decimal"


class Mobile(Parsed):
    """A mainland mobile number, cleaned to eleven digits."""

    read = staticmethod(check_mobile)
    keyboard = "tel"


class Choice(forms.ChoiceField):
    """One of a few: ``drawn_as`` is ``select``, ``radios`` or ``chips``. Nothing is chosen beforehand."""

    def __init__(self, *, drawn_as: str = "select", empty_label: Any = "", **kwargs: Any) -> None:
        self.drawn_as = drawn_as
        self.empty_label = empty_label
        super().__init__(**kwargs)


class Choices(forms.MultipleChoiceField):
    """Several of a few, drawn as boxes or chips."""

    def __init__(self, *, drawn_as: str = "boxes", **kwargs: Any) -> None:
        self.drawn_as = drawn_as
        super().__init__(**kwargs)


class Day(forms.DateField):
    """A day, picked or typed as 2026-11-22; ``min_day`` and ``max_day`` only help the picker."""

    widget = forms.DateInput(format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d"])
        super().__init__(**kwargs)


class PhotosWidget(forms.FileInput):
    """Several photos at once, and those that a previous try already brought."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        new = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        kept = data.getlist(f"{name}-kept") if hasattr(data, "getlist") else data.get(f"{name}-kept", [])
        return {"new": [file for file in new if file], "kept": list(kept)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002
        return False


class Photos(forms.Field):
    """Up to ``most`` photos, cleaned to a list of ``uploads.Picture``.

    They are kept when another field has an error, so that nobody takes a photo twice.
    """

    widget = PhotosWidget

    def __init__(self, *, most: int = 3, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[uploads.Picture]:
        value = value or {"new": [], "kept": []}
        pictures, errors = _take_in(value)
        if len(pictures) > self.most:
            errors.append(
                _("最多 %(most)d 张照片，现在有 %(count)d 张。") % {"most": self.most, "count": len(pictures)}
            )
        if errors:
            raise ValidationError([ValidationError(text) for text in errors])
        if self.required and not pictures:
            raise ValidationError(self.error_messages["required"], code="required")
        return pictures


def _take_in(value: dict[str, list[Any]]) -> tuple[list[uploads.Picture], list[str]]:
    pictures: dict[str, uploads.Picture] = {}
    errors: list[str] = []
    jobs: Iterable[tuple[Callable[[Any], uploads.Picture], Any]] = [
        *((uploads.from_token, token) for token in value["kept"]),
        *((uploads.take_in, file) for file in value["new"]),
    ]
    for job, argument in jobs:
        try:
            picture = job(argument)
        except Refusal as refusal:
            errors.append(_told(refusal))
        else:
            pictures[picture.sha256] = picture
    return list(pictures.values()), errors


def kept_pictures(field: BoundField) -> list[uploads.Picture]:
    """The photos of a sent form that were fine, to be shown and sent along again."""
    value = field.data if field.form.is_bound else None
    inner: Any = field.field
    return _take_in(value)[0][: inner.most] if value else []


def kind_of(field: BoundField) -> str:
    """What our macros draw for a field."""
    inner: Any = field.field
    if isinstance(inner, Photos):
        return "photos"
    if isinstance(inner, forms.BooleanField):
        return "box"
    if isinstance(inner, forms.MultipleChoiceField):
        return str(getattr(inner, "drawn_as", "boxes"))
    if isinstance(inner, forms.ChoiceField):
        return str(getattr(inner, "drawn_as", "select"))
    if isinstance(inner, forms.FileField):
        return "file"
    if isinstance(inner.widget, forms.HiddenInput):
        return "hidden"
    return "text" if not isinstance(inner.widget, forms.Textarea) else "lines"


def facts_of(field: BoundField) -> dict[str, Any]:
    """What our macros need to draw a field, without knowing Django's classes."""
    inner: Any = field.field
    widget = inner.widget
    type_ = "date" if isinstance(inner, forms.DateField) else getattr(widget, "input_type", "text")
    keyboard = getattr(inner, "keyboard", None)
    value = field.value()
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    return {
        "id": field.id_for_label or field.auto_id,
        "name": field.html_name,
        "value": "" if value is None else value,
        "type": "tel" if keyboard == "tel" else type_,
        "keyboard": keyboard if keyboard in ("decimal", "numeric") else None,
        "attrs": {name: text for name, text in widget.attrs.items() if name not in ("class", "style")},
        "max_length": getattr(inner, "max_length", None),
        "lines": getattr(inner, "lines", 4),
        "choices": [(str(key), text) for key, text in getattr(inner, "choices", [])],
        "chosen": {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)},
        "required": inner.required,
        "errors": [str(error) for error in field.errors],
        "most": getattr(inner, "most", 1),
        "kept": kept_pictures(field) if isinstance(inner, Photos) else [],
        "empty_label": getattr(inner, "empty_label", ""),
    }


def _told(refusal: Refusal) -> str:
    return _(refusal.template).format(**refusal.data) if refusal.data else _(refusal.template)


def _speak(form: type[Form], name: str, field: forms.Field) -> None:
    """Give a field our sentences wherever its author gave none; they are said only when needed."""
    label = field.label if field.label is not None else name
    chooses = isinstance(field, forms.ChoiceField | Photos | forms.DateField)
    ours: dict[str, Any] = {
        "required": _sentence(_PLEASE_CHOOSE if chooses else _PLEASE_FILL, label, filled=True),
        "max_length": _sentence(_TOO_LONG, label),
        "min_length": _sentence(_TOO_SHORT, label),
        "invalid_choice": _sentence(_NOT_OFFERED, label),
    }
    given = _given_messages(form, name, type(field), field.error_messages)
    field.error_messages.update({code: text for code, text in ours.items() if code not in given})


def _said(sentence: str, label: Any, *, filled: bool = False) -> str:
    """The sentence with the field's label in it; numbers are left for the validator to fill in."""
    text, word = str(_(sentence)), str(label)
    return text % {"label": word} if filled else text.replace("%(label)s", word.replace("%", "%%"))


_sentence = lazy(_said, str)
_given: dict[tuple[type, str, type], frozenset[str]] = {}


def _given_messages(
    form: type[Form], name: str, kind: type[forms.Field], messages: dict[str, Any]
) -> frozenset[str]:
    """The codes for which the author of the field wrote a sentence of their own; found once for a form."""
    key = (form, name, kind)
    if key not in _given:
        standard: dict[str, Any] = {}
        for one in reversed(kind.__mro__):
            standard.update(getattr(one, "default_error_messages", {}))
        _given[key] = frozenset(
            code for code, text in messages.items() if code not in standard or standard[code] is not text
        )
    return _given[key]
