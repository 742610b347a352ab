"""Lists can be taken home, and opening them does nothing."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from linli.ground.kernel.errors import NotFound
from linli.ground.web import exports

HEADS = ["单号", "金额（元）", "时间", "说明"]
ROWS = [
    ["LQ-1", "-12.50", datetime(2026, 11, 22, 8, 8, tzinfo=UTC), '=HYPERLINK("http://x")'],
    ["LQ-2", 3, None, "好"],
]


def body(response):
    return b"".join(response.streaming_content)


def test_excel_sees_chinese_and_times_of_china():
    response = exports.download(kind="csv", name="诉求-11月", heads=HEADS, rows=ROWS)
    raw = body(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == HEADS
    assert rows[1] == ["LQ-1", "-12.50", "2026-11-22 16:08", '\'=HYPERLINK("http://x")']
    assert rows[2] == ["LQ-2", "3", "", "好"]
    assert "filename*=utf-8''" in response["Content-Disposition"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "＠SUM", "|calc", "%0A=1"],
)
def test_no_cell_is_taken_for_a_formula(text):
    assert exports.harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-12.50", "+3", "−1,234.00", "75.4%", "好", "3-2-501", ""])
def test_honest_cells_stay_as_they_are(text):
    assert exports.harmless(text) == text


def test_a_list_is_sent_while_it_is_read():
    asked = []

    def rows():
        for number in range(2000):
            asked.append(number)
            yield [number]

    stream = iter(exports.csv_response("x", ["号"], rows()).streaming_content)
    next(stream)
    assert 0 < len(asked) < 1000


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers():
    response = exports.download(
        kind="xlsx", name="诉求", heads=HEADS, rows=[*ROWS, [1, 2, date(2026, 1, 2), "x"]]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(body(response))).active
    assert [cell.value for cell in sheet[1]] == HEADS
    assert sheet["D2"].value == ROWS[0][3] and sheet["D2"].data_type == "s"
    assert sheet["C2"].value == datetime(2026, 11, 22, 16, 8)
    assert sheet["B3"].value == 3


def test_other_forms_are_refused():
    with pytest.raises(NotFound):
        exports.download(kind="exe", name="x", heads=[], rows=[])
