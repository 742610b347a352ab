"""Sentences are said in the visitor's language, and what is filled in stays text."""

from concurrent.futures import ThreadPoolExecutor

from django.utils import translation
from markupsafe import Markup

from linli.ground.web import words


def test_chinese_is_said_as_it_is_written():
    assert words.say("剩 %(days)d 天", days=3) == "剩 3 天"
    assert words.say("只有 5%% 没有办完") == "只有 5% 没有办完"


def test_a_word_from_data_may_end_in_a_percent_sign():
    assert words.say("占 5%") == "占 5%"


def test_what_is_filled_in_is_never_markup():
    said = words.say("您好，%(name)s", name="<b>王</b>")
    assert isinstance(said, Markup) and "<b>" not in said


def test_english_is_said_inside_and_chinese_again_after():
    with words.speaking("en"):
        assert words.language() == "en"
        assert words.say("打印") == "Print"
    assert words.say("打印") == "打印"


def test_djangos_own_choice_is_followed_where_nobody_told_us():
    with translation.override("en"):
        assert words.say("打印") == "Print"


def test_every_visitor_is_spoken_to_in_their_own_language():
    def visit(language):
        with words.speaking(language):
            return {str(words.say("打印")) for _ in range(200)}

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(visit, ["en", "zh-hans"] * 4)) == [{"Print"}, {"打印"}] * 4
