"""Files as they really come: every fault is named by sheet and cell; what is no roll is refused in a sentence."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from PIL import Image

from linli.ground.kernel.errors import Invalid
from linli.outward.exchange import adapters
from linli.outward.exchange.adapters import marking
from linli.outward.exchange.domain.rolls import Reading
from linli.outward.exchange.domain.tables import Limits
from linli.registry.people.domain.roll import CompoundName
from tests.outward.exchange.files import GOOD, HEADS, PLANTED, messy, workbook


def refused(path: Path, limits: Limits = adapters.BROWSER) -> Invalid:
    with pytest.raises(Invalid) as told:
        adapters.read_roll_file(path, limits=limits)
    return told.value


def test_every_planted_fault_is_named_by_sheet_and_cell_and_good_rows_stay(tmp_path):
    homes, reading = adapters.read_roll_file(messy(tmp_path / "名册.xlsx"))
    assert {fault.cell: fault.code for fault in reading.errors()} == PLANTED
    assert all(fault.sentence.startswith("「名册」") for fault in reading.faults)
    assert [home.code for home in homes] == GOOD


def test_merged_cells_full_width_digits_serial_days_and_numbers_as_phones_are_read(tmp_path):
    first, second, shared = adapters.read_roll_file(messy(tmp_path / "名册.xlsx"))[0]
    assert (first.area_dm2, first.delivered_on) == (8950, date(2019, 6, 1))
    assert [owner.name for owner in first.owners] == ["张三", "李四"]
    assert (second.building, second.owners[0].phone) == ("3", "13900001234")
    assert [owner.name for owner in shared.owners] == ["卫五", "蒋六"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encodings_and_with_the_separators_of_spreadsheets(tmp_path, encoding, between):
    rows = [("房屋", "面积", "业主"), ("3号楼2单元501室", "89.5", "张三"), ("3-2-502", "90", "李四")]
    path = tmp_path / "名册.csv"
    path.write_bytes("\r\n".join(between.join(row) for row in rows).encode(encoding))
    homes, reading = adapters.read_roll_file(path)
    assert [home.code for home in homes] == ["3-2-501", "3-2-502"]
    assert not reading.faults


def test_a_districts_csv_hands_on_compound_by_compound(tmp_path):
    lines = ["街道,社区,小区,房屋,面积,业主"]
    lines += [
        f"浮山街道,龙栖社区,{name},{door},90,张三" for name in ("甲苑", "乙苑") for door in ("1-101", "1-102")
    ]
    path = tmp_path / "全区.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    reading = Reading()
    parts = list(adapters.read_district_file(path, reading))
    assert [(name, len(homes)) for name, homes in parts] == [
        (CompoundName("浮山街道", "龙栖社区", "甲苑"), 2),
        (CompoundName("浮山街道", "龙栖社区", "乙苑"), 2),
    ]
    assert (reading.rows, reading.errors()) == (4, [])


def test_a_photo_is_no_workbook_under_any_name(tmp_path):
    path = tmp_path / "名册.xlsx"
    Image.new("RGB", (40, 40)).save(path, "JPEG")
    assert refused(path).code == "not_a_roll_file"


def test_an_old_or_locked_workbook_says_how_to_save_it(tmp_path):
    path = tmp_path / "名册.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "另存" in refused(path).message


def test_empty_files_and_empty_workbooks_are_refused(tmp_path):
    (tmp_path / "空.csv").write_bytes(b"")
    assert refused(tmp_path / "空.csv").code == "file_empty"
    assert refused(workbook(tmp_path / "空.xlsx", {"Sheet1": []})).code == "roll_empty"
    assert refused(workbook(tmp_path / "字.xlsx", {"Sheet1": [["今天开会"]]})).code == "heading_missing"


def test_a_zip_that_is_no_workbook_and_a_cut_one_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "照片.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    assert refused(tmp_path / "照片.zip").code == "not_a_workbook"
    whole = messy(tmp_path / "名册.xlsx").read_bytes()
    (tmp_path / "断.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refused(tmp_path / "断.xlsx").code == "workbook_damaged"


def test_a_bomb_is_refused_by_its_table_of_contents(tmp_path):
    path = tmp_path / "弹.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 2**20))
    assert path.stat().st_size < 2**20
    assert refused(path).code == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_found_when_read(tmp_path):
    path = tmp_path / "谎.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2**20)
    lying = path.read_bytes().replace((2**20).to_bytes(4, "little"), (2000).to_bytes(4, "little"))
    path.write_bytes(lying)
    assert refused(path).code == "workbook_damaged"


def test_one_lonely_cell_at_the_far_corner_does_not_cost_the_memory_of_the_house(tmp_path):
    path = messy(tmp_path / "名册.xlsx")

    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, HEADS)
    page.write(1_048_575, 16_383, "x")
    book.close()
    assert refused(path).code == "sheet_too_wide"


@pytest.mark.parametrize(
    "written", ["r='XFD1048576'", 'r="xfd1048576"', 'r = "XFD1048576"', 's="1" r="XFD1048576"']
)
def test_a_far_cell_is_seen_however_its_place_is_written(tmp_path, written):
    path, plain = tmp_path / "名册.xlsx", tmp_path / "平.xlsx"
    book = xlsxwriter.Workbook(str(plain))
    page = book.add_worksheet()
    page.write_row(0, 0, HEADS)
    page.write(1_048_575, 16_383, 1)
    book.close()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part).replace(b'r="XFD1048576"', written.encode())
            new.writestr(part.filename, text)
    assert refused(path).code == "sheet_too_wide"


@pytest.mark.parametrize(("rows", "columns"), [(3, 300), (120_000, 2)])
def test_a_wide_or_a_long_sheet_is_none_of_these(tmp_path, rows, columns):
    path = tmp_path / "名册.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, HEADS)
    page.write_row(1, 0, ["3", "2", "501", "118.64", "张三", "13800001234"][: len(HEADS)])
    page.write(rows - 1, columns - 1, "备注")
    book.close()
    adapters.read_roll_file(path, limits=adapters.BROWSER)


def test_thirty_megabytes_are_too_many_for_a_browser(tmp_path):
    path = tmp_path / "大.csv"
    path.write_bytes(b"a,b\n" * (30 * 2**18))
    refusal = refused(path)
    assert (refusal.code, "30 MB" in refusal.message) == ("file_too_large", True)


def test_a_hidden_sheet_is_not_read(tmp_path):

    path = tmp_path / "名册.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in ("名册", "旧的"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, ["房屋", "业主"])
        page.write_row(1, 0, ["1-101" if name == "名册" else "1-102", "张三"])
        if name == "旧的":
            page.hide()
    book.close()
    assert [home.code for home in adapters.read_roll_file(path)[0]] == ["1-101"]


def test_of_formulas_links_and_macros_only_the_last_results_are_read(tmp_path):
    path = tmp_path / "名册.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, ["房屋", "面积", "业主"])
    page.write(1, 0, "1-1-101")
    page.write_formula(1, 1, "='[别的.xlsx]Sheet1'!B2*1", None, 90.5)
    page.write_string(1, 2, '=HYPERLINK("x")')
    page.write_row(2, 0, ["1-1-102", 80, "李四"])
    book.close()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    homes, reading = adapters.read_roll_file(path)
    assert [(home.code, home.area_dm2) for home in homes] == [("1-1-101", 9050), ("1-1-102", 8000)]
    marking.write_marked(
        tmp_path / "问题.xlsx", adapters.sheets_of(path, name="x", limits=adapters.BROWSER), []
    )
    with zipfile.ZipFile(tmp_path / "问题.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet2.xml")
        assert not [name for name in archive.namelist() if "vba" in name or "external" in name]


def test_a_workbook_with_a_password_says_to_take_it_off(tmp_path):
    """Excel puts a workbook with a password into the container of the old format."""
    path = tmp_path / "名册.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    )
    assert (refused(path).code, "密码" in refused(path).message) == ("old_workbook", True)
