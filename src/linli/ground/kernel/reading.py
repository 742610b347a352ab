"""Text lines out of raw bytes, as spreadsheets and old office programs write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from linli.ground.kernel.errors import Invalid, Refusal

LONGEST_LINE_BYTES = 2**16
_BOM = b"\xef\xbb\xbf"
_NOT_TEXT = {
    b"PK\x03\x04": "这是 xlsx 工作簿或压缩包，不是 csv 文本；请先另存为 csv。",
    b"\xd0\xcf\x11\xe0": "这是 xls 工作簿，不是 csv 文本；请先另存为 csv。",
    b"\xff\xfe": "文件是 UTF-16 编码；请另存为“CSV UTF-8”。",
    b"\xfe\xff": "文件是 UTF-16 编码；请另存为“CSV UTF-8”。",
}


def one_sentence(faults: Sequence[Refusal]) -> str:
    """Many faults in one sentence: the first, and how many more there are."""
    first = faults[0].message
    return f"{first.removesuffix('。')}（另有 {len(faults) - 1} 处错误）。" if len(faults) > 1 else first


def too_long(line: int, most_bytes: int = LONGEST_LINE_BYTES) -> Invalid:
    """The refusal of a line that no table holds."""
    limit = f"{most_bytes // 2**20} MB" if most_bytes >= 2**20 else f"{most_bytes // 2**10} KB"
    return Invalid(
        "line_too_long", "第 {line} 行太长（超过 {limit}），不是表格数据。", line=line, limit=limit
    )


def text_lines(raw: Sequence[bytes], *, longest_line_bytes: int = LONGEST_LINE_BYTES) -> list[str]:
    """The lines as text: UTF-8 with or without a byte order mark, else GB18030.

    Refuses nothing at all, workbooks, UTF-16, zero bytes, a line above 64 KB (or the given limit), and text
    that is in neither encoding or changes its encoding on the way, naming the line.
    """
    if not any(line.strip() for line in raw):
        raise Invalid("file_empty", "文件是空的。")
    for magic, sentence in _NOT_TEXT.items():
        if raw[0].startswith(magic):
            raise Invalid("not_text", sentence)
    if max(map(len, raw)) > longest_line_bytes:
        raise too_long(_first(raw, lambda line: len(line) > longest_line_bytes), longest_line_bytes)
    if b"\0" in b"".join(raw):
        number = _first(raw, lambda line: b"\0" in line)
        raise Invalid("not_text", "第 {line} 行有零字节，文件不是文本。", line=number)
    first = raw[0].removeprefix(_BOM)
    lines = [first, *raw[1:]]
    try:
        return [line.decode("utf-8") for line in lines]
    except UnicodeDecodeError:
        if len(first) < len(raw[0]):
            raise _unreadable(lines, "utf-8") from None
    return _gb18030(lines)


def _gb18030(lines: Sequence[bytes]) -> list[str]:
    for number, line in enumerate(lines, 1):
        if _is_chinese_utf8(line):
            raise Invalid(
                "mixed_encodings", "第 {line} 行的编码与别的行不同，请统一存为 UTF-8。", line=number
            )
    try:
        return [line.decode("gb18030") for line in lines]
    except UnicodeDecodeError:
        raise _unreadable(lines, "gb18030") from None


def _is_chinese_utf8(line: bytes) -> bool:
    """Whether a line reads as UTF-8 and then holds Chinese; GB18030 text hardly ever does both."""
    try:
        return any("\u4e00" <= character <= "\u9fff" for character in line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _unreadable(lines: Sequence[bytes], encoding: str) -> Invalid:
    number = _first(lines, lambda line: not _decodes(line, encoding))
    return Invalid("unknown_encoding", "第 {line} 行不是 UTF-8 或 GB18030 文字。", line=number)


def _first(lines: Sequence[bytes], is_wrong: Callable[[bytes], bool]) -> int:
    """The number of the first line that is wrong."""
    return next(number for number, line in enumerate(lines, 1) if is_wrong(line))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
