"""The outside of the exchange: what a file is, read into homes and faults.

``read_roll_file`` reads the roll of one compound at once; ``read_district_file`` hands on the compounds of a
district's roll as they follow each other. Both take an xlsx or a csv file by its content, not by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold
from linli.outward.exchange.adapters import csv_file, workbook
from linli.outward.exchange.domain import rolls
from linli.outward.exchange.domain.rolls import Reading
from linli.outward.exchange.domain.tables import Fault, Limits, Sheet
from linli.registry.people.domain.roll import CompoundName, RollHome

BROWSER = Limits(packed_bytes=20 * 2**20, unpacked_bytes=256 * 2**20)
"""What a browser may send."""
COMMAND = Limits(packed_bytes=512 * 2**20, unpacked_bytes=2 * 2**30, ratio=1000)
"""What the command line takes: whoever sits there owns the machine."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def read_roll_file(path: Path, *, name: str = "", limits: Limits = COMMAND) -> tuple[list[RollHome], Reading]:
    """The homes of one compound's roll, and everything that is wrong in the file by sheet and cell.

    ``name`` is how the file is called where people see it; the path's own name if not given. Homes of
    which a row is wrong are not among them. Refuses, in one sentence, what is no roll at all: a photo, an
    empty or damaged workbook, a bomb, a file above the limit.
    """
    return rolls.read_roll(sheets_of(path, name=name or path.name, limits=limits))


def read_district_file(
    path: Path, reading: Reading, *, name: str = "", limits: Limits = COMMAND
) -> Iterator[tuple[CompoundName, list[RollHome]]]:
    """The homes of many compounds, part by part; faults and counts gather in ``reading`` meanwhile.

    A csv file is streamed: memory holds one part at a time. Refuses as ``read_roll_file`` does.
    """
    return rolls.read_district(sheets_of(path, name=name or path.name, limits=limits), reading)


def read_folder(folder: Path, reading: Reading) -> Iterator[tuple[CompoundName, list[RollHome], Path]]:
    """The homes of many compounds out of a folder with one file for each: 街道/社区/小区.xlsx.

    What is wrong gathers in ``reading`` under the file's name. A file that cannot be read at all is a
    fault; the others go on.
    """
    for path in files_in(folder):
        label = path.relative_to(folder).as_posix()
        name = _compound_of(path.relative_to(folder))
        try:
            homes, mine = rolls.read_roll(sheets_of(path, name=path.name, limits=BROWSER), label)
        except Invalid as refusal:
            reading.faults.append(Fault(label, None, None, refusal))
            continue
        reading.take_in(mine)
        reading.faults += rolls.other_compound(mine, name.compound)
        if homes:
            yield name, homes, path


def files_in(folder: Path) -> list[Path]:
    """The workbooks and csv files in a folder and below, in order; not what spreadsheets keep open (~$)."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".xlsx", ".csv")
        and path.is_file()
        and not path.name.startswith(("~$", "."))
    )


def _compound_of(path: Path) -> CompoundName:
    """街道/社区/小区.xlsx; a file that lies higher names fewer of them."""
    above = [fold(part) for part in path.parent.parts][-2:]
    street, community = ["", "", *above][-2:]
    return CompoundName(street, community, fold(path.stem))


def sheets_of(path: Path, *, name: str, limits: Limits) -> Iterator[Sheet]:
    """The sheets of a file, recognised by its first bytes. Refuses what is neither workbook nor csv."""
    size = path.stat().st_size
    if size == 0:
        raise Invalid("file_empty", "文件是空的，没有内容。请重新选择名册文件。")
    if size > limits.packed_bytes:
        raise Invalid(
            "file_too_large",
            "文件有 {size} MB，最多 {limit} MB。请删掉图片和多余的表，或者按楼栋分成几个文件。",
            size=-(-size // 2**20),
            limit=limits.packed_bytes // 2**20,
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_ZIP):
        return workbook.sheets(path, limits)
    if head.startswith(_OLD_EXCEL):
        raise Invalid(
            "old_workbook",
            "这是旧格式（.xls）或加了密码的工作簿，打不开。请用 Excel 去掉密码，另存为“.xlsx”再传。",
        )
    return csv_file.sheets(path, head, Path(name).stem or "csv")
