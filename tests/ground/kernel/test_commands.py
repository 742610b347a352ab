"""The rule commands: exact output, exit codes, and one Chinese sentence for whatever is wrong."""

import json
import os
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.ground.kernel.commands import apportion, check_code, rmb, workdays


def run(command, *arguments, stdin=None):
    return CliRunner().invoke(command, list(arguments), input=stdin)


def assert_refused(result, sentence=""):
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("。\n")
    assert any("\u4e00" <= character <= "\u9fff" for character in result.stderr)
    assert "Error" not in result.stderr
    assert sentence in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


# --- rmb ----------------------------------------------------------------------------------------------------

BILLS = [
    ("1640902", "壹万陆仟肆佰零玖元零贰分"),
    ("１６４０９０２", "壹万陆仟肆佰零玖元零贰分"),
    ("1,640,902", "壹万陆仟肆佰零玖元零贰分"),
    ("0", "零元整"),
    ("-50", "负伍角整"),
]


@pytest.mark.parametrize(("fen", "words"), BILLS)
def test_rmb_prints_bill_characters(fen, words):
    result = run(rmb, fen)
    assert (result.exit_code, result.stdout, result.stderr) == (0, words + "\n", "")


NO_FEN = ["16409.02", "一百", "", "NaN", "1e5", "--total", "1" * 100_000, "0x10", "1_000", "\udcff", "9" * 19]


@pytest.mark.parametrize("fen", NO_FEN, ids=range(len(NO_FEN)))
def test_rmb_refuses_what_is_no_number_of_fen(fen):
    assert_refused(run(rmb, fen))


def test_a_wrong_call_is_told_in_chinese_with_the_place_to_read_on():
    assert_refused(run(rmb), "缺少 'FEN'；用法见 “rmb --help”。")
    assert_refused(run(rmb, "1", "2"), "参数的写法不对；用法见")
    assert_refused(run(apportion, "w.csv"), "缺少 '--total-fen'")
    assert_refused(run(apportion, "--total-fen"), "选项 --total-fen 用得不对，可能缺少它的值")
    assert_refused(run(apportion, "--to", "x"), "没有 --to 这个选项")
    assert_refused(run(workdays, "count"), "没有 count 这个命令；用法见 “workdays --help”。")


def test_help_is_help():
    assert run(rmb, "--help").exit_code == 0
    assert "金额" in run(rmb, "--help").stdout
    assert "数工作日" in run(workdays, "--help").stdout
    assert "add" in run(workdays).output


# --- workdays -----------------------------------------------------------------------------------------------

ASKED = [
    (["add", "2026-02-13", "5"], "2026-02-27"),
    (["add", "2026-02-27", "-5"], "2026-02-13"),
    (["add", "２０２６年2月13日", "５"], "2026-02-27"),
    (["between", "2026-02-13", "2026-02-27"], "5"),
    (["between", "2026-02-27", "2026-02-13"], "-5"),
    (["is", "2026-02-14"], "2026-02-14 是工作日（春节调休上班）。"),
    (["is", "2026-03-02"], "2026-03-02 是工作日。"),
    (["end", "2026-09-20", "--days", "15"], "2026-10-08"),
    (["end", "2026-01-31", "--months", "1"], "2026-02-28"),
    (["end", "2024-02-29", "--years", "1"], "2025-02-28"),
    (["before", "2026-03-20", "15"], "2026-03-05"),
]


@pytest.mark.parametrize(("arguments", "answer"), ASKED, ids=lambda value: str(value)[:40])
def test_workdays_answers(arguments, answer):
    result = run(workdays, *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (0, answer + "\n", "")


DAYS_OFF = [("2026-02-15", "是休息日（春节放假）。"), ("2026-03-01", "是休息日（周末）。")]


@pytest.mark.parametrize(("day", "answer"), DAYS_OFF)
def test_a_day_off_is_a_no(day, answer):
    result = run(workdays, "is", day)
    assert (result.exit_code, result.stdout) == (1, f"{day} {answer}\n")


ASKED_FOR_A_PROGRAM = [
    (["add", "2026-02-13", "5"], {"date": "2026-02-27"}),
    (["before", "2026-03-20", "15"], {"date": "2026-03-05"}),
    (["end", "2026-03-05", "--days", "15"], {"date": "2026-03-20"}),
    (
        ["between", "2026-02-13", "2026-02-27"],
        {"start": "2026-02-13", "end": "2026-02-27", "working_days": 5},
    ),
    (["is", "2026-02-14"], {"date": "2026-02-14", "working_day": True, "name": "春节"}),
    (["is", "2026-03-01"], {"date": "2026-03-01", "working_day": False, "name": None}),
]


@pytest.mark.parametrize(("arguments", "answer"), ASKED_FOR_A_PROGRAM, ids=lambda value: str(value)[:40])
def test_workdays_answers_programs_in_json(arguments, answer):
    assert json.loads(run(workdays, *arguments, "--json").stdout) == answer


REFUSED_DAYS = [
    (["add", "2026-12-30", "5"], "没有 2027 年的放假安排表"),
    (["is", "2030-01-01"], "没有 2030 年的放假安排表"),
    (["between", "2017-01-01", "2026-01-01"], "没有 2017 年的放假安排表"),
    (["add", "2026-02-30", "5"], "不是有效的日期"),
    (["add", "明天", "5"], "不是有效的日期"),
    (["add", "2026-02-13", "五"], "不是数字"),
    (["add", "2026-02-13", "1.5"], "应为整数"),
    (["add", "2026-02-13", "1" * 50], "太大"),
    (["add", "2026-02-13", "9" * 18], "没有 2027 年"),
    (["end", "2026-02-13"], "期间应以日、月、年之一计"),
    (["end", "2026-02-13", "--days", "1", "--years", "1"], "期间应以日、月、年之一计"),
    (["end", "2026-02-13", "--days", "9" * 18], "超出了日历"),
    (["end", "2026-02-13", "--months", "9" * 18], "超出了日历"),
    (["before", "2026-02-13", "-1"], "不能是负数"),
    (["add", "2026-02-13"], "缺少 'COUNT'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED_DAYS, ids=lambda value: str(value)[:40])
def test_workdays_refuses_in_one_sentence(arguments, sentence):
    assert_refused(run(workdays, *arguments), sentence)


def test_next_years_table_can_be_handed_in(tmp_path):
    table = tmp_path / "2027.csv"
    table.write_text(
        "date,name,is_off_day\n2027-01-01,元旦,1\n2027-05-01,劳动节,1\n2027-10-01,国庆节,1\n", "gb18030"
    )
    assert run(workdays, "--table", str(table), "add", "2027-01-01", "1").stdout == "2027-01-04\n"
    table.write_text("date,name,is_off_day\n2027-01-01,元旦,2\n", "utf-8")
    assert_refused(run(workdays, "--table", str(table), "is", "2027-01-01"), "放假安排表有误：第 2 行")
    assert_refused(run(workdays, "--table", str(tmp_path / "no.csv"), "is", "2027-01-01"), "找不到文件")


# --- apportion ----------------------------------------------------------------------------------------------


@pytest.fixture
def weights(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "weights.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return str(path)

    return write


SPLITS = [
    # total, rows, answer
    ("1000000", "1-101,88.51\n1-102,120.33\n1-201,65.00\n", "1-101,323218\n1-102,439417\n1-201,237365\n"),
    ("100001", "a,1\nb,1\nc,1\nd,1\ne,1\nf,1\n", "a,16667\nb,16667\nc,16667\nd,16667\ne,16667\nf,16666\n"),
    ("100", "1-10,1\n1-9,1\n1-1,1\n", "1-10,33\n1-9,33\n1-1,34\n"),
    ("-100", "1-10,1\n1-9,1\n1-1,1\n", "1-10,-33\n1-9,-33\n1-1,-34\n"),
    ("３", '"一号楼，东",１．５\n二号楼,"1,500"\n', '"一号楼,东",0\n二号楼,3\n'),
    ("7", "x,0\ny,0.000000000001\n\n  ,\n", "x,0\ny,7\n"),
    ("0", "x,1\n", "x,0\n"),
]


@pytest.mark.parametrize(("total", "rows", "answer"), SPLITS, ids=range(len(SPLITS)))
def test_a_sum_is_apportioned_to_the_last_fen(weights, total, rows, answer):
    result = run(apportion, "--total-fen", total, weights("unit_code,weight\n" + rows))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "unit_code,amount_fen\n" + answer, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_weights_may_come_from_any_office_program(weights, encoding, line_end):
    rows = line_end.join(["Weight, 备注 ,UNIT_CODE", "1,甲,二号楼", "2,乙,一号楼", ""])
    result = run(apportion, "--total-fen", "10", weights(rows, encoding))
    assert result.stdout == "unit_code,amount_fen\n二号楼,3\n一号楼,7\n"


def test_the_weights_may_come_through_a_pipe():
    result = run(apportion, "--total-fen", "10", "-", stdin="unit_code,weight\nx,1\n")
    assert result.stdout == "unit_code,amount_fen\nx,10\n"


def test_apportion_answers_programs_in_json(weights):
    result = run(apportion, "--json", "--total-fen", "3", weights("unit_code,weight\nx,1\ny,1\n"))
    assert json.loads(result.stdout) == {
        "total_fen": 3,
        "method": "largest_remainder",
        "rows": [{"unit_code": "x", "amount_fen": 2}, {"unit_code": "y", "amount_fen": 1}],
    }


BAD_ROWS = [
    # the offending row comes third
    ("y,NaN", "权重“NaN”不是数字"),
    ("y,inf", "不是数字"),
    ("y,1e3", "不是数字"),
    ("y,abc", "不是数字"),
    ("y,-1", "权重“-1”不能是负数"),
    ("y,", "没有填权重"),
    (",1", "unit_code 不能为空"),
    ("长" * 65 + ",1", "不能超过 64 个字"),
    ("x,1", "x 与第 2 行重复"),
    ("ｘ,1", "x 与第 2 行重复"),
    ("y,1,2", "应有 2 列，实有 3 列"),
    ("y", "应有 2 列，实有 1 列"),
    ("y," + "9" * 30, "太大"),
    ("y,0.0000000000001", "小数太多，最多 12 位"),
    ('y,"1', "引号没有成对"),
    ('"y"z,1', "不是 csv 格式"),
]


@pytest.mark.parametrize(("row", "sentence"), BAD_ROWS, ids=lambda value: value[:12])
def test_a_bad_row_is_refused_with_its_line(weights, row, sentence):
    result = run(apportion, "--total-fen", "100", weights(f"unit_code,weight\nx,1\n{row}\n"))
    assert_refused(result, "第 3 行：")
    assert sentence in result.stderr


BAD_FILES = [
    ("", "文件是空的"),
    ("\n\n", "文件是空的"),
    ("unit_code,weight\n", "没有可以分摊的对象"),
    ("unit_code,weight\nx,0\ny,0.00\n", "权重全部为零"),
    ("户号,面积\nx,1\n", "第 1 行：表头应有 unit_code 和 weight 两列"),
    ("x,1\ny,2\n", "第 1 行：表头"),
    ("unit_code,weight,weight\nx,1,1\n", "第 1 行：表头"),
    ('"unit_code,weight\nx,1\n', "引号没有成对"),
    (b"\xff\xfe\x00", "UTF-16"),
    (b"PK\x03\x04", "xlsx"),
    (b"unit_code,weight\nx,\x00\n", "第 2 行有零字节"),
    (b"unit_code,weight\nx,\xff\xff\n", "第 2 行不是 UTF-8 或 GB18030"),
    ("unit_code,weight\n单元门,1\n".encode("gb18030") + "车棚,1\n".encode(), "第 3 行的编码与别的行不同"),
    ("unit_code,weight\nx," + "1" * 70_000, "第 2 行太长"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES, ids=range(len(BAD_FILES)))
def test_a_bad_file_is_refused_in_one_sentence(weights, content, sentence):
    assert_refused(run(apportion, "--total-fen", "100", weights(content)), sentence)


def test_many_faults_are_one_sentence(weights):
    result = run(apportion, "--total-fen", "1", weights("unit_code,weight\nx,a\ny,b\nz,c\n"))
    assert_refused(result, "第 2 行：权重“a”不是数字（另有 2 处错误）。")


@pytest.mark.parametrize("total", ["1.5", "NaN", "", "十", "9" * 19, "1" * 10_000])
def test_a_total_that_is_no_number_of_fen_is_refused(weights, total):
    assert_refused(run(apportion, "--total-fen", total, weights("unit_code,weight\nx,1\n")))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert_refused(run(apportion, "--total-fen", "1", str(tmp_path / "没有.csv")), "找不到文件")
    assert_refused(run(apportion, "--total-fen", "1", str(tmp_path)), "是文件夹")


def test_a_line_of_200_megabytes_is_refused_at_once(tmp_path):
    path = tmp_path / "huge.csv"
    with open(path, "wb") as file:
        file.write(b"unit_code,weight\nx,1\n")
        os.truncate(file.fileno(), 200 * 2**20)
    before = time.process_time()
    assert_refused(run(apportion, "--total-fen", "1", str(path)), "第 3 行太长")
    assert time.process_time() - before < 1


printable_rows = st.lists(
    st.tuples(st.text(max_size=8), st.one_of(st.text(max_size=8), st.decimals(0, 1000, places=2).map(str))),
    max_size=6,
)


@given(st.text(max_size=6), printable_rows)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_file_the_answer_is_the_parts_or_one_sentence(tmp_path, total, rows):
    path = tmp_path / "any.csv"
    lines = ["unit_code,weight", *(f"{code},{weight}" for code, weight in rows)]
    path.write_text("\n".join(lines), "utf-8", "surrogatepass")
    result = run(apportion, "--total-fen", total, str(path))
    assert result.exit_code in (0, 2)
    if result.exit_code == 2:
        assert_refused(result)


# --- check-code ---------------------------------------------------------------------------------------------

CODES = [
    (["USCC", "91350100M000100Y43"], 0, "91350100M000100Y43 是有效的统一社会信用代码。"),
    (["uscc", "91350100m000100y43"], 0, "91350100M000100Y43 是有效的统一社会信用代码。"),
    (["USCC", "91350100M000100Y44"], 1, "统一社会信用代码的校验位（第 18 位）不符，请逐位核对。"),
    (["ID", "11010519491231002X"], 0, "11010519491231002X 是有效的公民身份号码。"),
    (["ID", "370211190002290019"], 1, "身份证号里的出生日期不存在。"),
    (["ID", "370211999901010010"], 1, "身份证号里的出生日期不可能。"),
    (["MOBILE", "13812345678"], 0, "13812345678 是有效的手机号。"),
    (["MOBILE", "138"], 1, "手机号应为 11 位，这里是 3 位。"),
    (["PLATE", "鲁B·D12345"], 0, "鲁BD12345 是有效的车牌号。"),
    (["PLATE", ""], 1, "不是有效的车牌号，应像“鲁B12345”或新能源“鲁BD12345”（字母不用 I、O）。"),
]


@pytest.mark.parametrize(("arguments", "exit_code", "sentence"), CODES, ids=lambda value: str(value)[:24])
def test_check_code_says_yes_or_no_and_why(arguments, exit_code, sentence):
    result = run(check_code, *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (exit_code, sentence + "\n", "")


def test_check_code_answers_programs_in_json():
    assert json.loads(run(check_code, "--json", "mobile", "138 1234 5678").stdout) == {
        "kind": "MOBILE",
        "valid": True,
        "code": "13812345678",
        "reason": None,
    }
    result = run(check_code, "USCC", "1", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "kind": "USCC",
        "valid": False,
        "code": None,
        "reason": "统一社会信用代码应为 18 位，这里是 1 位。",
    }


def test_an_unknown_kind_of_code_is_refused():
    assert_refused(run(check_code, "护照", "E12345678"), "不认识“护照”，应为 USCC、ID、MOBILE 或 PLATE。")


# --- no framework -------------------------------------------------------------------------------------------

BLOCKED = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "numpy", "stdnum", "sqlite3", "psycopg"):
            raise ImportError("behind the wall: " + name)
sys.meta_path.insert(0, Wall())
from linli.ground.kernel import area, bus, canonical, commands, merkle, terminal
command, *arguments = sys.argv[1:]
getattr(commands, command)(arguments)
"""


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["rmb", "1640902"], "壹万陆仟肆佰零玖元零贰分"),
        (["workdays", "add", "2026-02-13", "5"], "2026-02-27"),
        (["check_code", "USCC", "91350100M000100Y43"], "91350100M000100Y43 是有效的统一社会信用代码。"),
    ],
    ids=lambda value: value[0],
)
def test_a_rule_command_starts_no_framework(arguments, answer):
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *arguments],
        capture_output=True,
        check=False,
        env=environment,
        timeout=60,
    )
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, answer + "\n", "")


def test_a_refusal_on_the_real_terminal_has_no_traceback():
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, "rmb", "x"], capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (
        2,
        "",
        "金额（分）“x”不是数字。\n",
    )
