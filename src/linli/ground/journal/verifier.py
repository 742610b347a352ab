#!/usr/bin/env python3
"""邻里档案核对程序：一个文件，只用 Python 自带的库，不联网，不相信任何人。

用法：python verifier.py 档案 --key 公示栏上的公钥 [--receipt 回执] [--checkpoint 旧核对点文件] [--json]

It checks a bundle or a ``.tlog-proof`` of Linli and imports nothing of Linli, so that it can be read in an
hour and run anywhere (Python 3.9 or later). Formats: docs/algorithms/bundle.md. Every byte of the file is
re-encoded and compared, so any change is reported. Exit code 0: all fits; 1: something does not; 2: misuse.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from typing import Any, BinaryIO, NoReturn

MOST_FAULTS = 20


class Wrong(Exception):
    """The file is not what it claims to be: which check failed, one Chinese sentence, in which part."""

    def __init__(self, code: str, message: str, part: str) -> None:
        super().__init__(message)
        self.code, self.message, self.part = code, message, part


class Misused(Exception):
    """The program was called with something it cannot use."""


def plain(text: str) -> str:
    """The text without anything that a terminal obeys or that cannot be seen; such signs are spelled out."""
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


# --- Ed25519 (RFC 8032 §5.1) in plain integers ---
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def add_points(a: Point, b: Point) -> Point:
    """The sum of two points of the curve, in extended coordinates."""
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def read_point(data: bytes) -> Point | None:
    """The point of 32 bytes; None if they are no point or not its only spelling."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def signature_is_valid(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is the key's."""
    key, base = read_point(public), read_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    if len(public) != 32 or len(signature) != 64 or key is None or base is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (P - key[0], key[1], 1, P - key[3])
    sum_: Point = (0, 1, 1, 0)
    table = (sum_, base, minus, add_points(base, minus))
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        sum_ = add_points(sum_, sum_)
        chosen = (s >> bit & 1) | (k >> bit & 1) << 1
        sum_ = add_points(sum_, table[chosen]) if chosen else sum_
    inverse = pow(sum_[2], P - 2, P)
    x, y = sum_[0] * inverse % P, sum_[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- base64, numbers, signed notes and checkpoints (C2SP signed-note, tlog-checkpoint) ---
SIGNATURE_LINE = re.compile("\u2014 ([^ +\n]+) ([A-Za-z0-9+/=]+)")


def strict_base64(text: str) -> bytes | None:
    """The bytes of base64 in its one canonical spelling; None for any other text."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def strict_number(text: str) -> int | None:
    """A decimal number without sign, blank or leading zero; None for any other text."""
    return int(text) if re.fullmatch(r"0|[1-9][0-9]{0,18}", text) else None


def sound_name(name: str) -> bool:
    """Whether a log can be called so: visible signs without blank and plus."""
    return re.fullmatch(r"[^\s+]{1,200}", name) is not None and name.isprintable()


def log_number(origin: str) -> int:
    """The number of a log, which ends its name; -1 where there is none."""
    number = strict_number(origin.rpartition("/")[2])
    return -1 if number is None else number


class Key:
    """A key that signs for a log: ``<name>+<id>+<base64>``."""

    def __init__(self, text: str) -> None:
        name, _, rest = text.partition("+")
        ident, _, encoded = rest.partition("+")
        data = strict_base64(encoded)
        if not sound_name(name) or data is None or len(data) != 33 or data[0] != 1:
            raise Misused(f"公钥的写法不对：{text[:80]}。应形如 名字+八位编号+base64。")
        self.text, self.name, self.public = text, name, data[1:]
        self.id = sha256(name.encode() + b"\n" + data).digest()[:4]
        if ident != self.id.hex():
            raise Misused("公钥的编号与内容不符，多半是抄错了字。")

    def open_note(self, data: bytes, part: str) -> str:
        """The text of a note, once this key's signature on it is verified; other keys' lines are let be."""
        note = data.decode("utf-8", "replace")
        text, blank, signatures = note.rpartition("\n\n")
        lines = signatures.split("\n")
        matches = [SIGNATURE_LINE.fullmatch(line) for line in lines[:-1]]
        found = [(match[1], strict_base64(match[2])) for match in matches if match]
        sound = blank and len(found) == len(matches) and all(signature for _, signature in found)
        if not sound or lines[-1] or note.encode() != data or re.search("[\0-\x09\x0b-\x1f]", note):
            raise Wrong("note", "签名文件或签名行的写法不对。", part)
        ours = [sig[4:] for name, sig in found if name == self.name and sig and sig[:4] == self.id]
        if len(ours) != 1:
            raise Wrong("signature", f"没有 {self.name} 这把公钥的签名。", part)
        if not signature_is_valid(self.public, f"{text}\n".encode(), ours[0]):
            raise Wrong("signature", "签名无效：内容或签名被改过。", part)
        return text


class Checkpoint:
    """What a checkpoint says: this log had this root at this size. Believed only after ``open``."""

    def __init__(self, note: bytes, part: str) -> None:
        lines = note.decode("utf-8", "replace").split("\n")
        size = strict_number(lines[1]) if len(lines) > 4 else None
        root = strict_base64(lines[2]) if size is not None else None
        if size is None or root is None or len(root) != 32 or lines[3] or not sound_name(lines[0]):
            raise Wrong("checkpoint", "核对点的写法不对。", part)
        self.note, self.part, self.origin, self.size, self.root = note, part, lines[0], size, root
        self.told = {"origin": lines[0], "log": log_number(lines[0]), "size": size, "root": root.hex()}

    def open(self, key: Key) -> None:
        """Refuse the checkpoint unless the key signed it and it speaks of the key's own log."""
        key.open_note(self.note, self.part)
        if self.origin != key.name:
            raise Wrong("checkpoint", f"核对点说的是另一本日志 {self.origin}。", self.part)


# --- the Merkle tree (RFC 6962) ---
class Tree:
    """A growing tree of which only the roots of full subtrees are kept."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        rest = self.size
        while rest & 1:
            leaf = sha256(b"\1" + self.peaks.pop() + leaf).digest()
            rest >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        computed = self.peaks[-1] if self.peaks else sha256().digest()
        for peak in self.peaks[-2::-1]:
            computed = sha256(b"\1" + peak + computed).digest()
        return computed


def root_of_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which an inclusion path leads; None if it does not fit the size (RFC 9162 §2.1.3.2)."""
    node, last = index, size - 1
    for step in path:
        if last <= 0:
            return None
        if node & 1 or node == last:
            leaf = sha256(b"\1" + step + leaf).digest()
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            leaf = sha256(b"\1" + leaf + step).digest()
        node, last = node >> 1, last >> 1
    return leaf if last == 0 and index < size else None


# --- entries: canonical JSON (RFC 8785 without floats) with a fixed set of fields ---
canonical_text = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
LABEL = re.compile(r"[a-z0-9_]+")
COUNT, HASH, ROW = "(?:0|[1-9][0-9]*)", '"[0-9a-f]{64}"', '"[a-z0-9_]+",-?[0-9]+'
ROOTED = rf'\{{"count":{COUNT},"root":{HASH}\}}'
FIELDS = {
    "b": (True, re.compile(r"\{.*\}")),
    "bulk": (False, re.compile(ROOTED)),
    "by": (True, re.compile(r'"[^"\\]{1,80}"')),
    "c": (True, re.compile(COUNT)),
    "rows": (False, re.compile(rf"\[\[{ROW},(?:null|{HASH})\](?:,\[{ROW},(?:null|{HASH})\])*\]")),
    "s": (True, re.compile(r'"[^"\\]{1,64}"')),
    "t": (True, re.compile(r'"[a-z][a-z0-9_.]{0,47}"')),
    "ts": (True, re.compile(COUNT)),
    "v": (True, re.compile("1")),
    "was": (False, re.compile(rf"{ROOTED}|\[\[{ROW},{COUNT},{HASH}\](?:,\[{ROW},{COUNT},{HASH}\])*\]")),
}
"""Field of an entry → whether it must be there, and how its canonical text looks."""


def canonical_value(data: bytes) -> Any:
    """The value of canonical JSON; ValueError for every other spelling (int() refuses "1.0" and "NaN")."""
    value = json.loads(data.decode("utf-8"), parse_float=int, parse_constant=int)
    if canonical_text(value).encode("utf-8") != data:
        raise ValueError("another spelling")
    check_inside(value)
    return value


def check_inside(value: Any) -> None:
    """Keys are plain labels, integers stay exact in every reader."""
    if isinstance(value, int) and abs(value) >= 2**53:
        raise ValueError("an integer")
    if isinstance(value, dict) and not all(map(LABEL.fullmatch, value)):
        raise ValueError("a key")
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            if not isinstance(inner, str):
                check_inside(inner)


class Log:
    """The entries as they go by: what each must look like, and what it may say after those before it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.bulk: set[int] = set()
        self.taken: set[tuple[int, str, int]] = set()

    def read(self, data: bytes) -> tuple[Any, str]:
        """An entry, and what is wrong with it taken alone, or an empty text."""
        try:
            entry = canonical_value(data)
        except (ValueError, RecursionError):
            return {}, "不是规范写法"
        if not isinstance(entry, dict) or not FIELDS.keys() >= entry.keys():
            return entry, "有不认识的字段"
        for name, (required, form) in FIELDS.items():
            if name in entry and not form.fullmatch(canonical_text(entry[name])):
                return entry, f"字段 {name} 的内容不对"
            if required and name not in entry:
                return entry, f"缺少字段 {name}"
        rows = entry.get("rows", [])
        if len({(table, key) for table, key, _ in rows}) != len(rows) or (rows and "bulk" in entry):
            return entry, "同一行说了两次"
        return entry, "" if entry["c"] == self.number else f"属于另一本日志 {entry['c']}"

    def place_fault(self, index: int, entry: dict[str, Any]) -> str:
        """What is taken out of an earlier bulk act was there, and only once."""
        was = entry.get("was", [])
        for table, key, leaf, _ in was if isinstance(was, list) else ():
            if leaf not in self.bulk or (leaf, table, key) in self.taken:
                return f"要替换的行不在第 {leaf} 条里"
            self.taken.add((leaf, table, key))
        if "bulk" in entry:
            self.bulk.add(index)
        return ""


# --- the bundle ---
FIRST_LINE = b"linli-bundle v1\n"
HEADER = re.compile(rb"([a-z][a-z0-9._/-]{0,220}) (0|[1-9][0-9]{0,15})\n")
OPEN_PATH = re.compile(r"open/[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)+")
ORDER_OF_PARTS = ("checkpoint", "checkpoints", "*", "entries", "manifest", "manifest.note")
LARGEST = {"checkpoint": 2**16, "checkpoints": 2**22, "manifest": 2**26, "manifest.note": 2**16}
LARGEST_FILE, LARGEST_ROW, LONGEST_ENTRY = 2**26, 2**20, 65_535
MANIFEST = re.compile(r'\{"at":(0|[1-9][0-9]{0,13}),"key":"([^"\\]{1,400})",.*\}')


class Bundle:
    """A bundle on its way past: small parts are kept, the entries are checked line by line."""

    def __init__(self, file: BinaryIO, wanted: set[int], kept: list[Checkpoint], faults: list[Wrong]) -> None:
        self.file, self.wanted, self.kept, self.faults = file, wanted, kept, faults
        self.parts: list[list[Any]] = []
        self.small: dict[str, bytes] = {}
        self.hashes: dict[int, bytes] = {}
        self.roots: dict[int, bytes] = {}
        self.openings: dict[int, list[tuple[str, list[Any]]]] = {}
        self.opened, self.tree = 0, Tree()

    def read(self) -> None:
        """Read the whole file; refuses any spelling but the one."""
        place = (-1, "第一行")
        while line := self.file.readline(300):
            match = HEADER.fullmatch(line)
            name = match[1].decode() if match else ""
            kind = "*" if OPEN_PATH.fullmatch(name) else name
            following = (ORDER_OF_PARTS.index(kind) if kind in ORDER_OF_PARTS else -1, name)
            if match is None or following[0] < 0 or following <= place:
                raise Wrong("container", "这里应当是下一部分的标题行，却不是。", name or f"{place[1]} 之后")
            place = following
            self.read_part(name, int(match[2]))
        if missing := {*ORDER_OF_PARTS} - {"*"} - self.small.keys():
            raise Wrong("container", "档案不完整，少了一截。", min(missing))
        for name in [name for shown in self.openings.values() for name, _ in shown]:
            self.fault("opening", "公开的这一行说的那一条不在日志里。", name)

    def fault(self, code: str, message: str, part: str) -> None:
        """Note something that is wrong and go on; of very many the first ones do."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Wrong(code, message, part))

    def read_part(self, name: str, length: int) -> None:
        """Read one part, with the newline after it."""
        hashed = sha256()
        if name == "entries":
            self.read_entries(length, hashed)
            self.small[name] = b""
        else:
            largest = LARGEST.get(name, LARGEST_ROW if name.endswith(".row.json") else LARGEST_FILE)
            content = self.file.read(min(length, largest))
            if len(content) != length:
                raise Wrong("container", "档案被截断了，或这一部分大得不合理。", name)
            hashed.update(content)
            self.note_part(name, content)
        if self.file.read(1) != b"\n":
            raise Wrong("container", "这一部分的结尾不对。", name)
        if not name.startswith("manifest"):
            self.parts.append([name, length, hashed.hexdigest()])

    def note_part(self, name: str, content: bytes) -> None:
        """Keep what later checks need."""
        if not name.startswith("open/"):
            self.small[name] = content
            self.kept = [*older_checkpoints(content), *self.kept] if name == "checkpoints" else self.kept
        elif name.endswith(".row.json"):
            try:
                index, row = shown_row(content)
                self.openings.setdefault(index, []).append((name, row))
            except (ValueError, KeyError, TypeError, RecursionError):
                self.fault("opening", "公开的这一行读不懂。", name)

    def read_entries(self, length: int, hashed: Any) -> None:
        """Hash and check every entry; remember the roots at the sizes that older checkpoints speak of."""
        origin = self.small.get("checkpoint", b"").split(b"\n")[0].decode("utf-8", "replace")
        log, sizes = Log(log_number(origin)), {one.size for one in self.kept}
        while length > 0:
            line = self.file.readline(min(length, LONGEST_ENTRY + 1))
            if not line.endswith(b"\n"):
                raise Wrong("entry", f"第 {self.tree.size} 条太长，或日志被截断了。", "entries")
            length -= len(line)
            hashed.update(line)
            self.check_entry(log, line[:-1])
            if self.tree.size in sizes:
                self.roots[self.tree.size] = self.tree.root()

    def check_entry(self, log: Log, data: bytes) -> None:
        """Append one entry to the tree, and note what is wrong with it."""
        index, leaf = self.tree.size, sha256(b"\0" + data).digest()
        self.tree.append(leaf)
        if index in self.wanted:
            self.hashes[index] = leaf
        entry, fault = log.read(data)
        fault = fault or log.place_fault(index, entry)
        if fault:
            self.fault("entry", f"第 {index} 条：{fault}。", "entries")
        for name, row in self.openings.pop(index, ()):
            if not fault and row in entry.get("rows", ()):
                self.opened += 1
            else:
                self.fault("opening", "公开的这一行与日志里的指纹对不上。", name)


def older_checkpoints(content: bytes) -> list[Checkpoint]:
    """The older checkpoints of a bundle: five lines each, growing."""
    lines = content.split(b"\n")
    notes = [b"\n".join([*lines[at : at + 5], b""]) for at in range(0, len(lines) - 1, 5)]
    found = [Checkpoint(note, "checkpoints") for note in notes]
    if b"".join(notes) != content or sorted({one.size for one in found}) != [one.size for one in found]:
        raise Wrong("container", "较早的核对点的写法或顺序不对。", "checkpoints")
    return found


def shown_row(content: bytes) -> tuple[int, list[Any]]:
    """Which act a shown row names, and what must stand there: table, key, digest. ValueError for nonsense."""
    said = canonical_value(content)
    table, key, columns, values = (said[name] for name in ("table", "key", "columns", "values"))
    hashed, salt = canonical_text([table, key, *values]).encode(), bytes.fromhex(said["salt"])
    digest = sha256(b"linli/row/v1\0" + salt + len(hashed).to_bytes(8, "big") + hashed).hexdigest()
    same = {"v": 1, "index": int(said["index"]), "salt": salt.hex(), "columns": list(columns)}
    whole = canonical_text({**same, "table": table, "key": key, "values": list(values)}).encode()
    sound = len(salt) == 32 and len(columns) == len(values) and all(map(LABEL.fullmatch, columns))
    if whole != content or not sound:
        raise ValueError("not a row")
    return said["index"], [table, key, digest]


def check_signatures(bundle: Bundle, pinned: list[Key]) -> dict[str, Any]:
    """Check what was read against the manifest and the checkpoints; returns what the bundle is."""
    manifest = bundle.small["manifest"].decode("utf-8", "replace")
    match = MANIFEST.fullmatch(manifest)
    try:
        key, at = Key(match[2] if match else ""), int(match[1] if match else "")
    except (ValueError, Misused):
        raise Wrong("manifest", "清单读不懂。", "manifest") from None
    if pinned and key.text not in [one.text for one in pinned]:
        raise Wrong("key", "签名用的不是您给出的公钥：这不是您要的那本日志，或是仿造的。", "manifest")
    expected = {"v": 1, "origin": key.name, "log": log_number(key.name), "key": key.text, "at": at}
    expected |= {"size": bundle.tree.size, "parts": bundle.parts}
    latest = Checkpoint(bundle.small["checkpoint"], "checkpoint")
    if canonical_text(expected) != manifest or latest.size != bundle.tree.size:
        listed = {*re.findall(r'\["[^"]*",[0-9]+,"[0-9a-f]*"\]', manifest)}
        differing = [part[0] for part in bundle.parts if canonical_text(part) not in listed]
        raise Wrong("manifest", "这一部分与清单对不上。", (differing or ["manifest"])[0])
    digest = base64.b64encode(sha256(bundle.small["manifest"]).digest()).decode()
    signed = key.open_note(bundle.small["manifest.note"], "manifest.note")
    lines = bundle.small["manifest.note"].count(b"\n")
    if signed != f"{FIRST_LINE.decode()}{key.name}\n{digest}" or lines != 5:
        raise Wrong("manifest", "清单被改过：与签名对不上。", "manifest")
    bundle.roots[bundle.tree.size] = bundle.tree.root()
    for checkpoint in [latest, *bundle.kept]:
        checkpoint.open(key)
        if checkpoint.size > bundle.tree.size:
            raise Wrong("root", f"核对点（{checkpoint.size} 条）比档案里的日志长。", checkpoint.part)
        if bundle.roots.get(checkpoint.size) != checkpoint.root:
            raise Wrong("root", f"{checkpoint.size} 条时的核对点与日志对不上：日志被改过。", checkpoint.part)
    return {**latest.told, "key": key.text, "at": at}


# --- the command line ---
PROOF_LINE = "c2sp.org/tlog-proof@v1"
RECEIPT = re.compile(r"LL1:(0|[1-9][0-9]{0,18}):(0|[1-9][0-9]{0,18}):([A-Za-z0-9_-]{43})")
WORDS = {"origin": "日志", "size": "条数", "root": "根", "key": "公钥", "index": "序号", "entry": "内容"}
NOT_KNOWABLE = (
    "记下来的事是不是真的：日志只证明记下之后没有改过、没有删过。",
    "导出之后发生的事：不在这份档案里。旧档案也会全部对得上，请看上面的条数和导出时间是不是新的。",
    "别人拿到的是不是同一本：请与邻居比一比上面的“根”，条数相同时应当一字不差。",
)
NOT_PINNED = "结论：全部对得上，但公钥没有对过，仿造的档案也会这样。请再给出 --key 和公示栏上的公钥（不要从档案里抄）。"


class Report:
    """What was asked, what was found to be right, and what was found to be wrong."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.pinned = [Key(text.strip()) for text in arguments.key]
        self.receipts = [RECEIPT.fullmatch(code.strip()) for code in arguments.receipt]
        if not all(self.receipts):
            raise Misused("回执的写法不对，应形如 LL1:12:345:……，最后一段是 43 个字符。")
        self.told: dict[str, Any] = {}
        self.checked: list[str] = []
        self.wrong: list[Wrong] = []
        self.kept = arguments.checkpoint

    def check(self, file: BinaryIO) -> None:
        """Check a bundle or a proof, then the receipts against it."""
        try:
            first = file.readline(64)
            if first == f"{PROOF_LINE}\n".encode():
                hashes = self.check_proof(first + file.read(LARGEST_FILE))
            elif first == FIRST_LINE:
                hashes = self.check_bundle(file)
            else:
                raise Wrong("container", "这不是邻里的档案，或者开头被改过。", "第一行")
            for receipt in self.receipts:
                self.check_receipt(receipt, hashes)
        except Wrong as wrong:
            self.wrong.append(wrong)

    def check_proof(self, data: bytes) -> dict[int, bytes]:
        """Check the proof that one act is in the log (C2SP tlog-proof); returns the hash of the act."""
        head, _, note = data.partition(b"\n\n")
        lines = [*head.decode("ascii", "replace").split("\n"), "", ""]
        entry, index = strict_base64(lines[1][6:]), strict_number(lines[2][6:])
        path = [strict_base64(line) or b"" for line in lines[3:-2]]
        sound = lines[:3] == [PROOF_LINE, f"extra {lines[1][6:]}", f"index {index}"]
        if entry is None or index is None or not sound or any(len(step) != 32 for step in path):
            raise Wrong("proof", "证明的写法不对。", "证明")
        if self.kept:
            raise Misused("--checkpoint 只能和档案一起用，不能和单条证明一起用。")
        checkpoint, leaf = Checkpoint(note, "核对点"), sha256(b"\0" + entry).digest()
        keys = [key for key in self.pinned if key.name == checkpoint.origin]
        if not keys:
            raise Misused(f"核对单条证明要用 --key 给出 {checkpoint.origin} 的公钥，公示栏上有。")
        checkpoint.open(keys[0])
        if root_of_path(leaf, index, checkpoint.size, path) != checkpoint.root:
            raise Wrong("proof", "证明不成立：算出的根与核对点不同。", "证明")
        if fault := Log(log_number(checkpoint.origin)).read(entry)[1]:
            raise Wrong("entry", f"第 {index} 条：{fault}。", "证明")
        self.told = {**checkpoint.told, "index": index, "entry": entry.decode(), "key": keys[0].text}
        self.checked += ["核对点的签名有效", f"第 {index} 条在 {checkpoint.size} 条的日志里"]
        return {index: leaf}

    def check_bundle(self, file: BinaryIO) -> dict[int, bytes]:
        """Check a bundle; returns the hashes of the acts that the receipts name."""
        kept = []
        for path in self.kept:
            with open(path, "rb") as note:
                kept.append(Checkpoint(note.read(LARGEST["checkpoint"]), path))
        bundle = Bundle(file, {int(receipt[2]) for receipt in self.receipts if receipt}, kept, self.wrong)
        bundle.read()
        self.told = check_signatures(bundle, self.pinned)
        files = sum(name.startswith("open/") for name, _, _ in bundle.parts)
        self.checked += ["公钥就是您给出的那一把"] if self.pinned else []
        self.checked += [
            "每个字节都按唯一的写法重新写出，逐个比对过",
            f"签名有效，{self.told['size']} 条记录重新算出的根与核对点一致",
            f"更早的 {len(bundle.kept)} 个核对点都是这本日志的开头：历史没有改写过",
            f"公开附件 {files} 份与签名的清单一致，其中 {bundle.opened} 行数据与日志里的指纹一致",
        ]
        return bundle.hashes

    def check_receipt(self, receipt: re.Match[str] | None, hashes: dict[int, bytes]) -> None:
        """Whether the act of a receipt is in the log, unchanged."""
        assert receipt
        encoded = base64.urlsafe_b64encode(hashes.get(int(receipt[2]), b"")).decode().rstrip("=")
        if encoded != receipt[3] or int(receipt[1]) != self.told["log"]:
            self.wrong.append(Wrong("receipt", "回执与日志对不上：这一步不在里面，或被换过。", receipt[0]))
        else:
            self.checked.append(f"回执 {receipt[0]} 在日志里")

    def as_json(self) -> str:
        """The report for programs."""
        wrong = [{"code": one.code, "message": one.message, "part": one.part} for one in self.wrong]
        said = {"valid": not wrong, "pinned": bool(self.pinned), "checked": self.checked, "wrong": wrong}
        return plain(json.dumps({**said, **self.told}, ensure_ascii=False))

    def as_text(self) -> str:
        """The report for people."""
        lines = [f"{word}：{self.told[name]}" for name, word in WORDS.items() if name in self.told]
        if "at" in self.told:
            made = datetime.fromtimestamp(self.told["at"] // 1000, timezone(timedelta(hours=8)))
            lines.append(f"导出时间：{made:%Y-%m-%d %H:%M}")
        lines += [f"✓ {line}" for line in self.checked]
        if self.wrong:
            lines += [f"✗ {wrong.part}：{wrong.message}" for wrong in self.wrong]
            return "\n".join([*map(plain, lines), "结论：对不上，不要相信这份档案。"])
        lines += ["核对不了的：", *[f"· {line}" for line in NOT_KNOWABLE]]
        return "\n".join([*map(plain, lines), "结论：全部对得上。" if self.pinned else NOT_PINNED])


class Parser(argparse.ArgumentParser):
    """Wrong use is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Refuse."""
        raise Misused(f"用法不对（{message}），用 --help 看用法。")


def main(argv: list[str]) -> int:
    """Check what the arguments name; returns the exit code."""
    parser = Parser(prog="verifier.py", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("file", help="档案，或单条证明（.tlog-proof）")
    parser.add_argument("--key", action="append", default=[], help="公示的公钥，可以给几把")
    parser.add_argument("--receipt", action="append", default=[], help="手里的回执 LL1:…，看它在不在日志里")
    parser.add_argument("--checkpoint", action="append", default=[], help="以前留下的核对点文件，可以给几个")
    parser.add_argument("--json", action="store_true", help="给程序读的结果")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a Chinese Windows console cannot show every sign
    try:
        arguments = parser.parse_args(argv)
        report = Report(arguments)
        with open(arguments.file, "rb") as file:
            report.check(file)
    except Misused as misuse:
        print(plain(str(misuse)), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"读不了文件 {plain(str(error.filename))[:300]}：没有这个文件，或没有权限。", file=sys.stderr)
        return 2
    print(report.as_json() if arguments.json else report.as_text())
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
