"""``linli opinions`` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.civic.deliberation.management.opinions import opinions
from tests.civic.deliberation.domain.test_opinions import generated

pytestmark = pytest.mark.pure


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    answers, _ = generated(2, people=80, statements=20, answered=0.8, seed=1)
    path = tmp_path / "votes.csv"
    rows = "".join(f"{one.person_id},{one.statement_id},{one.choice}\n" for one in answers)
    path.write_text("person_id,statement_id,choice\n" + rows)
    return path


def test_camps_and_common_ground_come_out(votes: Path) -> None:
    wording = votes.with_name("statements.csv")
    wording.write_text("statement_id,text\ns1,门口应设坡道\n")
    done = CliRunner().invoke(opinions, [str(votes), "--statements", str(wording), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [round(camp["size"], -1) for camp in found["camps"]] == [40, 40]
    assert "s1" in {one["statement_id"] for one in found["common_ground"]}
    assert CliRunner().invoke(opinions, [str(votes), "--json"]).stdout.count('"text": "门口应设坡道"') == 0
    assert "共识：每个营垒都同意" in CliRunner().invoke(opinions, [str(votes)]).stdout


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("", "空"),
        ("person_id,choice\na,agree\n", "第 1 行"),
        ("person_id,statement_id,choice\n", "没有任何表态"),
        ("person_id,statement_id,choice\na,s,love\n", "第 2 行"),
        ("person_id,statement_id,choice\na,s,agree\na,s,pass\n", "第 3 行"),
        ("person_id,statement_id,choice\na,s\n", "第 2 行"),
    ],
)
def test_malformed_answers_get_one_sentence(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(content)
    done = CliRunner().invoke(opinions, [str(path)])
    assert done.exit_code == 2
    assert place in done.stderr
    assert done.stderr.count("\n") == 1


def test_wrong_wording_and_missing_files_get_one_sentence(votes: Path) -> None:
    wrong = votes.with_name("wrong.csv")
    wrong.write_text("id\n1\n")
    for arguments in ([str(votes), "--statements", str(wrong)], ["nowhere.csv"], []):
        done = CliRunner().invoke(opinions, arguments)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
