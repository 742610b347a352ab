"""What can be wrong between the rows and the log, each as one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass

SENTENCES = {
    "changed": "表 {table} 第 {key} 行和日志里记的不一样：有人绕过系统改过它。{at}",
    "missing": "表 {table} 第 {key} 行不见了：日志里有，数据库里没有。{at}",
    "unlogged": "表 {table} 第 {key} 行没有记进日志：是绕过系统加进来的。",
    "returned": "表 {table} 第 {key} 行早已删去，却又出现了。{at}",
    "moved_back": "表 {table} 第 {key} 行说自己属于第 {index} 条，可日志里后来又改过它。{at}",
    "bulk_differs": "第 {index} 条批量操作的行与日志对不上，说不出是哪一行。{at}",
    "hole": "日志缺了第 {index} 条。{at}",
    "longer": "日志记着共 {key} 条，实际有 {index} 条。{at}",
    "leaf_damaged": "第 {index} 条的内容与它的哈希对不上，或读不懂。{at}",
    "leaf_column": "第 {index} 条的查询列（事情、种类、时间）与内容不一致。{at}",
    "checkpoint": "{key} 条时的核对点与日志对不上：公布之后日志被改过。{at}",
    "checkpoint_note": "{key} 条时的核对点被改过，或不是本站的密钥签的。{at}",
    "kept_damaged": "LINLI_HOME/checkpoints 里公布过的核对点的文件损坏了，读不出最后一个。{at}",
    "taken_out": "第 {index} 条说它替换了一批旧行，替换记录与日志对不上。{at}",
    "unknown_table": "日志提到表 {table}，这个版本的系统里没有它。{at}",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which kind, in which log and act, about which row."""

    code: str
    log: int | None = None
    index: int | None = None
    table: str = ""
    key: int | None = None

    @property
    def message(self) -> str:
        """The sentence for people."""
        at = f"（日志 {self.log}" + (f"，第 {self.index} 条）" if self.index is not None else "）")
        return SENTENCES[self.code].format(
            table=self.table, key=self.key, index=self.index, at=at if self.log is not None else ""
        )
