"""Text lines out of whatever bytes an office program wrote."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.kernel import terminal
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.reading import LONGEST_LINE_BYTES, text_lines
from linli.ground.kernel.terminal import read_lines

TABLE = "unit_code,weight\n一号楼,88.51\n"

LOOKS_LIKE_UTF8 = "联通,1\n单元门,2\n"  # the first line in GB18030 happens to be well-formed UTF-8
READ = [
    # name, bytes, text
    ("utf-8", TABLE.encode(), TABLE),
    ("utf-8 with a byte order mark", TABLE.encode("utf-8-sig"), TABLE),
    ("gb18030", TABLE.encode("gb18030"), TABLE),
    ("gb18030 with an unlucky line", LOOKS_LIKE_UTF8.encode("gb18030"), LOOKS_LIKE_UTF8),
]


@pytest.mark.parametrize(("_", "data", "text"), READ, ids=[row[0] for row in READ])
def test_the_encodings_of_office_programs_are_read(_, data, text):
    assert "".join(text_lines(data.splitlines(keepends=True))) == text


NOT_READ = [
    (b"", "file_empty", None),
    (b" \r\n\n", "file_empty", None),
    (b"PK\x03\x04rest", "not_text", None),
    (b"\xd0\xcf\x11\xe0rest", "not_text", None),
    (TABLE.encode("utf-16"), "not_text", None),
    (TABLE.encode("utf-16-be"), "not_text", 1),
    (b"a,b\n1,\x002\n", "not_text", 2),
    (b"a,b\n1,\xff\xff\n", "unknown_encoding", 2),
    (b"\xef\xbb\xbfa,b\n1,\xb5\xa5\n", "unknown_encoding", 2),
    ("一号楼,1\n".encode("gb18030") + "二号楼,2\n".encode(), "mixed_encodings", 2),
    (b"a\n" + b"x" * (LONGEST_LINE_BYTES + 1), "line_too_long", 2),
]


@pytest.mark.parametrize(("data", "code", "line"), NOT_READ, ids=range(len(NOT_READ)))
def test_what_is_no_text_is_refused_with_its_line(data, code, line):
    with pytest.raises(Invalid) as refusal:
        text_lines(data.splitlines(keepends=True))
    assert refusal.value.code == code
    assert refusal.value.data.get("line") == line


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_text_or_refused(data):
    try:
        lines = text_lines(data.splitlines(keepends=True))
    except Invalid:
        return
    assert all(isinstance(line, str) for line in lines)


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(Invalid, match="找不到文件“.*不在.csv”"):
        read_lines(str(tmp_path / "不在.csv"))
    with pytest.raises(Invalid, match="是文件夹"):
        read_lines(str(tmp_path))
    with pytest.raises(Invalid, match="读不了文件“…x+”（系统错误 [0-9]+）。"):
        read_lines("x" * 5000)


def test_a_file_that_is_no_text_is_named_among_several(tmp_path):
    for content, sentence in ((b"", "文件是空的。"), (b"a\n\xff\n", "第 2 行不是 UTF-8 或 GB18030 文字。")):
        (tmp_path / "名册.csv").write_bytes(content)
        with pytest.raises(Invalid, match=f"名册.csv”：{sentence}"):
            read_lines(str(tmp_path / "名册.csv"))


def test_a_file_without_permission_is_named(tmp_path, monkeypatch):
    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(Invalid, match="没有权限"):
        read_lines(str(tmp_path / "a.csv"))


def test_a_huge_line_is_refused_before_it_is_in_memory(tmp_path):
    path = tmp_path / "huge.csv"
    with open(path, "wb") as file:
        file.write(b"unit_code,weight\n")
        os.truncate(file.fileno(), 200 * 2**20)  # a hole of zeros: 200 MB without a line break
    with pytest.raises(Invalid, match="第 2 行太长"):
        read_lines(str(path))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
def test_a_file_is_read_alike_in_blocks_of_any_size(tmp_path, monkeypatch, size):
    path = tmp_path / "名册.csv"
    for content in ("unit,面积\r\n1-1,88\n\n1-2,90", "一\n二\n", "\n\n三"):
        path.write_text(content, newline="")
        monkeypatch.setattr(terminal, "BLOCK_BYTES", size)
        assert read_lines(str(path)) == content.splitlines(keepends=True)
    path.write_text("12345\n1234567\n")
    with pytest.raises(Invalid, match="第 2 行太长"):
        read_lines(str(path), longest_line_bytes=7)


def test_a_huge_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(terminal, "LARGEST_FILE_BYTES", 10)
    path = tmp_path / "large.csv"
    path.write_text("1234\n5678\n9\n")
    with pytest.raises(Invalid, match="超过 256 MB"):
        read_lines(str(path))
