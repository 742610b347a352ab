"""Every house rule bites: each sin is committed in a copy of the house, and is seen there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.test_rules import RULES
from tests.house.tree import ROOT, Tree


class Sin(NamedTuple):
    """A file that breaks a rule: ``text`` at ``place``; the fault must speak of ``told``."""

    rule: str
    place: str
    text: str
    told: str


HEAD = '"""A file that should not be."""\n\n'
LONG = HEAD + "x = 1\n" * 401
BODY = "".join(f"    step_{number} = {number}\n" for number in range(51))
DOOR = (
    HEAD
    + 'from django.urls import path\n\nfrom linli.registry.annexe import views\n\nurlpatterns = [path("x/", views.show)]\n'
)
LOCK = "attrs==1.0 \\\n    --hash=sha256:00\n--find-links={}\n"
# The words below are put together, so that this file itself stays clean.
REGISTRY = "https:" + "//py" + "pi.org/simple"
MACHINE = "/ho" + "me/somebody/linli"
ASSISTANT = "Co" + "pilot"

SINS = [
    Sin(
        "other_capabilities_by_public_rooms",
        "src/linli/civic/annexe/views.py",
        HEAD + "from linli.registry.people import forms\n",
        "enters linli.registry.people through forms",
    ),
    Sin(
        "other_capabilities_by_public_rooms",
        "src/linli/civic/annexe/queries.py",
        HEAD + "from linli.registry.people.models import Person\n",
        "enters linli.registry.people through models",
    ),
    Sin(
        "other_capabilities_by_public_rooms",
        "src/linli/civic/annexe/actions.py",
        HEAD + "from linli.ground.journal.actions._appending import append\n",
        "enters a private part",
    ),
    Sin(
        "tables_only_in_their_rooms",
        "src/linli/registry/annexe/views.py",
        HEAD + "def show(request):\n    return Place.objects.all()\n",
        "views.py:4: asks a table",
    ),
    Sin(
        "tables_only_in_their_rooms",
        "src/linli/registry/annexe/views.py",
        HEAD + "def show(request, place):\n    place.save()\n",
        "views.py:4: saves",
    ),
    *(
        Sin(
            "no_clock_inside",
            f"src/linli/registry/annexe/{room}.py",
            HEAD + "def due():\n    return timezone.now()\n",
            f"{room}.py:4: looks at the clock",
        )
        for room in ("actions", "policies", "domain/rule")
    ),
    Sin(
        "no_clock_inside",
        "src/linli/ground/kernel/hours.py",
        HEAD + "def due():\n    return datetime.date.today()\n",
        "hours.py:4: looks at the clock",
    ),
    Sin(
        "rules_are_pure",
        "src/linli/registry/annexe/domain/rule.py",
        HEAD + "from django.utils import timezone\n",
        "imports django",
    ),
    Sin(
        "rules_are_pure",
        "src/linli/registry/annexe/domain/rule.py",
        HEAD + 'TEXT = open("x")\n',
        "calls open()",
    ),
    Sin(
        "rules_are_pure",
        "src/linli/registry/annexe/domain/rule.py",
        HEAD + "import random\n\nDRAWN = random.choice([1, 2])\n",
        "global chance",
    ),
    Sin("files_and_functions_are_short", "src/linli/registry/annexe/queries.py", LONG, "more than 400"),
    Sin(
        "files_and_functions_are_short",
        "src/linli/registry/annexe/queries.py",
        HEAD + "def long():\n" + BODY,
        "long has 52 lines",
    ),
    *(
        Sin("no_bags", f"src/linli/registry/annexe/{name}", HEAD, "is a bag")
        for name in ("utils.py", "helpers.py", "common/queries.py", "services.py")
    ),
    Sin(
        "everything_says_what_it_is",
        "src/linli/registry/annexe/queries.py",
        "def silent():\n    return 1\n",
        "does not say what it is",
    ),
    Sin("capabilities_open_empty", "src/linli/registry/annexe/__init__.py", HEAD, "should be empty"),
    Sin(
        "every_folder_is_a_package",
        "src/linli/registry/places/domain/annexe/rule.py",
        HEAD,
        "has no __init__.py",
    ),
    Sin(
        "actions_say_who_and_when",
        "src/linli/registry/annexe/actions.py",
        HEAD + "def move_wall(wall, *, at):\n    return wall\n",
        "by position",
    ),
    Sin(
        "actions_say_who_and_when",
        "src/linli/registry/annexe/actions.py",
        HEAD + "def move_wall(*, wall, at, actor):\n    return wall\n",
        "`actor` first and `at` last",
    ),
    Sin(
        "chinese_has_chinese_punctuation",
        "src/linli/registry/annexe/templates/annexe/page.html",
        "<p>{{ _('您好,邻居') }}</p>",
        "page.html:1",
    ),
    Sin(
        "chinese_has_chinese_punctuation",
        "src/linli/registry/annexe/policies.py",
        HEAD + 'WHY = f"还没有到时间: {1}"\n',
        "policies.py:3",
    ),
    Sin(
        "every_text_can_be_translated",
        "src/linli/registry/annexe/templates/annexe/page.html",
        "<p>\n没有翻译</p>",
        "page.html:2",
    ),
    Sin(
        "every_text_can_be_translated",
        "src/linli/registry/annexe/templates/annexe/page.html",
        "{{ ui.button('提交') }}",
        "page.html:1",
    ),
    Sin(
        "every_text_can_be_translated",
        "src/linli/registry/annexe/forms.py",
        HEAD + 'LABEL = "手机号"\n',
        "forms.py:3",
    ),
    *(
        Sin(
            "a_refusal_says_one_text",
            "src/linli/registry/annexe/policies.py",
            HEAD + f"WHY = {text}\n",
            "policies.py:3",
        )
        for text in (
            'Invalid("x", f"第 {1} 行")',
            'Invalid("x", "甲" if 1 else "乙")',
            'Invalid("x", "甲" + "乙")',
        )
    ),
    *(
        Sin(
            "templates_hold_no_inline_code",
            "src/linli/registry/annexe/templates/annexe/page.html",
            text,
            "page.html:1",
        )
        for text in (
            "<script>go()</script>",
            '<p style="color: red">',
            '<a onclick="go()">',
            "<style>p {}</style>",
        )
    ),
    Sin("nothing_of_one_machine", "docs/annexe.md", f"See {REGISTRY} for more.\n", "a registry's address"),
    Sin("nothing_of_one_machine", "docs/annexe.md", f"It lies in {MACHINE}.\n", "a path of one machine"),
    Sin("nothing_of_one_machine", "docs/annexe.md", f"Made with {ASSISTANT}.\n", "a tool's name"),
    Sin("locks_name_no_place", "requirements/annexe.lock", LOCK.format(REGISTRY), "names an address"),
    Sin("locks_name_no_place", "requirements/annexe.lock", "attrs==1.0\n", "not pinned by version and hash"),
    Sin("locks_name_no_place", "requirements/annexe.in", "attrs\n", "attrs is not locked"),
    Sin("every_capability_has_its_page", "src/linli/registry/annexe/queries.py", HEAD, "has no README.md"),
    Sin("no_dead_links", "docs/annexe.md", "[there](nowhere.md)\n", "leads nowhere"),
    Sin(
        "changelog_speaks_to_users",
        "changelog.d/annexe.md",
        "Refactored the walls.\n",
        "does not begin a line",
    ),
    Sin(
        "every_setting_is_explained",
        "src/linli/site/annexe.py",
        HEAD + 'from linli.site import environment\n\nWALL = environment.text("LINLI_WALL")\n',
        "does not explain LINLI_WALL",
    ),
    Sin(
        "every_setting_is_explained",
        "src/linli/registry/annexe/queries.py",
        HEAD + "WALL = settings.LINLI_WALL\n",
        "queries.py:3: LINLI_WALL is no setting",
    ),
    Sin(
        "nothing_is_left_unfinished",
        "src/linli/registry/annexe/queries.py",
        HEAD + "# TO" + "DO\n",
        "queries.py:3",
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything that the rules read."""
    root = tmp_path_factory.mktemp("house")
    ignored = shutil.ignore_patterns("__pycache__", "static", "*.egg-info")
    for name in ("src", "docs", "requirements", "changelog.d"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, root / name, ignore=ignored)
    return root


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Tree]:
    """The copy with one sin in it, for as long as the test runs."""
    sin: Sin = request.param
    path = copy / sin.place
    made = next((folder for folder in reversed([path, *path.parents]) if not folder.exists()), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sin.text, encoding="utf-8")
    yield Tree(copy)
    if made.is_dir():
        shutil.rmtree(made)
    else:
        made.unlink()


def _name(sin: Sin) -> str:
    return f"{sin.rule}: {sin.told}"


@pytest.mark.parametrize(
    ("planted", "sin"), [(sin, sin) for sin in SINS], indirect=["planted"], ids=map(_name, SINS)
)
def test_a_sin_is_seen(planted: Tree, sin: Sin) -> None:
    faults = RULES[sin.rule](planted)
    assert any(sin.told in fault for fault in faults), faults


def test_a_page_without_an_access_decision_is_seen(copy: Path) -> None:
    room = copy / "src/linli/registry/annexe"
    room.mkdir()
    (room / "urls.py").write_text(DOOR, encoding="utf-8")
    (room / "views.py").write_text(HEAD + "def show(request):\n    return None\n", encoding="utf-8")
    faults = RULES["every_page_says_who_may_open_it"](Tree(copy))
    shutil.rmtree(room)
    assert any("views.show does not say who may open it" in fault for fault in faults), faults


def test_every_rule_has_a_sin_that_proves_it() -> None:
    proved = {sin.rule for sin in SINS} | {"every_page_says_who_may_open_it"}
    assert proved == set(RULES)
