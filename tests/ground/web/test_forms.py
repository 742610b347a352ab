"""What people type stays in the form; what is wrong is said beside it, in words."""

import datetime as dt

import pytest
from django.template import engines
from django.test import RequestFactory

from linli.ground.kernel.errors import Conflict
from linli.ground.web import forms
from linli.ground.web.display import Display


class Sample(forms.Form):
    what = forms.Text(label="情况", lines=3, max_length=20)
    where = forms.Choice(label="在哪里", choices=[("a", "3号楼"), ("b", "5号楼")])
    price = forms.Money(label="金额", required=False)
    size = forms.Area(label="面积", required=False)
    phone = forms.Mobile(label="手机号", required=False)
    on = forms.Day(label="日期", required=False)
    own = forms.Text(label="称呼", required=False, error_messages={"max_length": "太长啦"}, max_length=3)
    kinds = forms.Choices(label="种类", required=False, choices=[("x", "甲"), ("y", "乙")])
    agree = forms.Box(label="同意", error_messages={"required": "请先勾选这一项"})


GOOD = {"what": "门坏了", "where": "a", "agree": "on"}


def errors(**changed):
    form = Sample({**GOOD, **changed})
    form.is_valid()
    return {name: list(messages) for name, messages in form.errors.items()}


def test_a_good_form_is_cleaned_to_exact_numbers():
    form = Sample(
        {
            **GOOD,
            "price": "１，２３４.５０元",
            "size": "118.64",
            "phone": "138 0000 1234",
            "on": "2026年11月22日",
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["price"] == 123450
    assert form.cleaned_data["size"] == 11864
    assert form.cleaned_data["phone"] == "13800001234"
    assert form.cleaned_data["on"] == dt.date(2026, 11, 22)
    assert Sample(GOOD).is_valid()


def test_what_is_missing_is_asked_for_by_name():
    assert errors(what="", where="", agree="") == {
        "what": ["请填写情况"],
        "where": ["请选择在哪里"],
        "agree": ["请先勾选这一项"],
    }


def test_ten_thousand_characters_are_counted_and_told():
    assert errors(what="字" * 10_000) == {"what": ["情况最多 20 个字，现在有 10000 个，请删短一些"]}


def test_line_ends_count_as_one_character():
    form = Sample({**GOOD, "what": "一\r\n" * 10})
    assert form.is_valid() and form.cleaned_data["what"] == ("一\n" * 10).strip()


def test_a_sentence_of_the_author_goes_before_ours():
    assert errors(own="四个字的") == {"own": ["太长啦"]}


@pytest.mark.parametrize("field", ["price", "size", "phone", "on", "where"])
def test_nonsense_is_refused_in_chinese(field):
    told = errors(**{field: "胡说"})
    assert set(told) == {field}
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told[field][0])
    assert not any(letter in told[field][0] for letter in "{}%")


def test_a_null_byte_is_refused():
    assert set(errors(what="a\0b")) == {"what"}


def test_a_rule_can_speak_beside_a_field():
    form = Sample(GOOD)
    assert form.is_valid()
    form.refuse(Conflict("taken", "「{what}」已经有人报过了。", what="门"), field="what")
    form.refuse(Conflict("late", "太晚了。"))
    assert form.errors["what"] == ["「门」已经有人报过了。"]
    assert form.non_field_errors() == ["太晚了。"]


def draw(form):
    """The form as a page would draw it."""
    request = RequestFactory().get("/")
    request.display = Display()
    template = engines["jinja2"].get_template("web/_form.html")
    return template.render({"form": form, "action": "/x/"}, request)


def test_every_field_has_a_label_and_errors_are_tied_to_it():
    form = Sample({"what": "<script>", "where": "c", "kinds": ["x"]})
    html = draw(form)
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert '<a href="#id_where">请从列出的里面选一个</a>' in html
    assert 'id="id_where-error"' in html and 'aria-describedby=" id_where-error"' in html
    assert "还差 2 项" in html
    assert 'value="x" checked' in html
    for name in ("what", "price", "size", "phone", "on", "own"):
        assert f'<label for="id_{name}">' in html


def test_a_form_carries_its_two_hidden_fields_and_a_fresh_key_each_time():
    first, second = draw(Sample()), draw(Sample())
    assert 'name="csrfmiddlewaretoken"' in first
    key = first.split('name="idempotency_key" value="')[1][:22]
    assert len(key) == 22 and key not in second


def test_nothing_is_chosen_beforehand():
    html = draw(Sample())
    assert " selected" not in html and " checked" not in html


def test_keyboards_fit_what_is_typed():
    html = draw(Sample())
    assert 'inputmode="decimal"' in html and 'type="tel"' in html and 'type="date"' in html
