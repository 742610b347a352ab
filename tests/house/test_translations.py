"""The English catalogue is complete and compiled, and the Chinese it starts from is well set."""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog
from tools import messages

HALF_WIDTH_BRACKET = re.compile("[\u4e00-\u9fff]\\((?!\\w*\\)s)|(?<!s)\\)[\u4e00-\u9fff]")
SENTENCE_END = re.compile("[\u4e00-\u9fff][.,;:?!](?![/\\d])")


def test_the_english_catalogue_is_complete() -> None:
    faults = messages.faults()
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def test_every_text_has_chinese_punctuation() -> None:
    texts = [text for message in messages.extracted() if message.id for text in _sources(message.id)]
    assert len(texts) > 100
    said = {text: re.sub("“[^”]*”", "", text) for text in texts}  # what is quoted is to be typed as it stands
    wrong = [text for text, own in said.items() if HALF_WIDTH_BRACKET.search(own) or SENTENCE_END.search(own)]
    assert not wrong, "\n".join(wrong)


def test_a_text_without_english_is_seen(monkeypatch) -> None:
    source = Catalog(locale="en")
    source.add("有的")
    source.add("新的")
    kept = messages._empty()
    kept.add("有的", "there")
    kept.add("旧的", "old")
    kept.add("{n} 户", "{m} homes")
    monkeypatch.setattr(messages, "extracted", lambda: source)
    monkeypatch.setattr(messages, "_read", lambda: kept)
    faults = messages.faults()
    assert "not in the catalogue (run make messages): '新的'" in faults
    assert "no longer in the source: '旧的'" in faults
    assert "the placeholders differ: '{n} 户'" in faults
    assert "django.mo is not compiled from django.po (run make messages)" in faults


def test_words_of_choices_and_tables_are_gathered_but_not_what_is_searched_for() -> None:
    import io

    source = """
class Channel(models.TextChoices):
    APP = "app", "手机上报"
WORDS = {Status.DONE: "已办结"}
ROWS = (Category("door", "单元门", ("门锁", "闭门器")),)
FOUND = text.count("电梯")
"""
    found = {text for _, _, text, _ in messages.extract_words(io.BytesIO(source.encode()), {}, (), {})}
    assert found == {"手机上报", "已办结", "单元门"}


def _sources(identity: str | tuple[str, ...] | list[str]) -> list[str]:
    return [identity] if isinstance(identity, str) else list(identity)
