"""What stops the start: rules that could surprise later are refused while reading."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.clocks import Clock
from policies.deadlines import deadlines
from policies.files import FOLDER, packaged, read
from policies.listing import NotCompilable
from policies.loading import check, load
from policies.refusals import refusals
from policies.rulebook import rulebook
from policies.subset import PolicyRefused
from shuqiao.limits import Basis
from shuqiao.settings import settings

HEAD = (
    '@id("TST-TST-1") @reason_zh("试") @reason_en("try")\n'
    'permit (principal, action == Action::"catalog:resource:read", resource is DataResource)'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the policy files that a test may spoil."""
    for path in FOLDER.iterdir():
        if path.suffix in {".cedar", ".cedarschema", ".toml"}:
            shutil.copy(path, tmp_path)
    return tmp_path


def add(folder: Path, text: str) -> None:
    (folder / "more.cedar").write_text(text, "utf-8")


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def given_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place's own table, named by its setting; the process starts anew."""
    path = tmp_path / "limits.toml"
    monkeypatch.setenv("SHUQIAO_LOCAL_DEADLINES", str(path))
    read_once = (settings, packaged, deadlines, refusals, rulebook)
    for each in read_once:
        each.cache_clear()
    yield path
    monkeypatch.undo()
    for each in read_once:
        each.cache_clear()


class TestLocalTable:
    NOTICE = '[instrument]\nzh = "办法"\nen = "Measures"\nnumber = "政办发〔2025〕12号"\n'

    def test_it_is_in_force_and_in_the_hash(self, given_local: Path) -> None:
        without = read(FOLDER).hash
        given_local.write_text(
            self.NOTICE + '[clock.delivery]\nworking_days = 15\narticle = "9"\n', "utf-8"
        )
        assert load().policy_hash != without
        limit = deadlines()[Clock.DELIVERY].given
        assert (limit.days, limit.basis, limit.article) == (15, Basis.LOCAL, "9")

    def test_one_that_lengthens_stops_the_start(self, given_local: Path) -> None:
        given_local.write_text(
            self.NOTICE + '[clock.delivery]\nworking_days = 21\narticle = "9"\n', "utf-8"
        )
        with pytest.raises(
            PolicyRefused, match=r"SHUQIAO_LOCAL_DEADLINES: clock\.delivery: .* never longer"
        ):
            load()


class TestSound:
    def test_the_packaged_files_load(self) -> None:
        assert load() is rulebook()

    def test_a_copy_has_the_same_hash(self, folder: Path) -> None:
        assert check(read(folder)).policy_hash == rulebook().policy_hash

    @pytest.mark.parametrize(
        "name", ["catalog.cedar", "schema.cedarschema", "deadlines.toml", "refusals.toml"]
    )
    def test_the_hash_covers_every_file(self, folder: Path, name: str) -> None:
        before = read(folder).hash
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
        assert read(folder).hash != before

    def test_the_hash_covers_the_names(self, folder: Path) -> None:
        before = read(folder).hash
        (folder / "audit.cedar").rename(folder / "trail.cedar")
        assert read(folder).hash != before

    def test_every_rule_is_numbered_and_explained_in_chinese(self) -> None:
        for rule in rulebook().rules.values():
            assert any("\u4e00" <= char <= "\u9fff" for char in rule.zh)
            assert rule.en.isascii()


class TestSubset:
    @pytest.mark.parametrize(
        "condition",
        [
            'when { resource.status like "pub*" }',
            'when { resource == DataResource::"x" }',
            'when { resource in DataResource::"x" }',
            "when { resource.owner == resource.status }",
            'when { if resource.status == "draft" then true else false }',
            "when { resource has owner }",
            'when { [resource.owner].contains("x") }',
            'when { resource.writers.contains("x") }',
            "when { resource.writers.contains(resource.owner) }",
            'when { principal == User::"x" }',
            "when { principal.roles.containsAny([resource.owner]) }",
            'when { (if principal.all_scopes then "a" else "b") == resource.owner }',
        ],
    )
    def test_what_a_list_cannot_express_is_refused(self, folder: Path, condition: str) -> None:
        add(folder, f"{HEAD} {condition};")
        with pytest.raises(PolicyRefused, match=r"TST-TST-1|more\.cedar"):
            check(read(folder))

    @pytest.mark.parametrize(
        "head",
        [
            'principal == User::"x", action == Action::"catalog:resource:read", resource is '
            "DataResource",
            'principal, action == Action::"catalog:resource:read", resource == DataResource::"x"',
            'principal, action == Action::"catalog:resource:read", resource in DataResource::"x"',
            'principal, action == Action::"catalog:resource:read", resource is Grant',
            "principal, action, resource",
        ],
    )
    def test_heads_that_name_one_thing_or_everything_are_refused(
        self, folder: Path, head: str
    ) -> None:
        add(folder, f'@id("TST-TST-1") @reason_zh("试") @reason_en("try") permit ({head});')
        with pytest.raises(PolicyRefused):
            check(read(folder))

    def test_reading_the_resource_without_its_type_is_refused(self, folder: Path) -> None:
        add(
            folder,
            '@id("TST-TST-1") @reason_zh("试") @reason_en("try")'
            ' forbid (principal, action == Action::"catalog:resource:read", resource) when { '
            'resource.owner == "x" };',
        )
        with pytest.raises(PolicyRefused, match="must say its type"):
            check(read(folder))

    @pytest.mark.parametrize(
        "condition",
        [
            'when { principal.roles.contains("registrarr") }',
            'when { resource.status == "publisched" }',
            'when { "withhold" != resource.share_type }',
            'when { ["draft", "retuned"].contains(resource.status) }',
        ],
    )
    def test_a_misspelt_word_is_refused(self, folder: Path, condition: str) -> None:
        add(folder, f"{HEAD} {condition};")
        with pytest.raises(PolicyRefused, match="TST-TST-1"):
            check(read(folder))

    @pytest.mark.parametrize(
        "condition",
        [
            'when { resource.status != "draft" && principal.roles.contains("registrar") }',
            'unless { ["draft"].contains(resource.status) || resource.owner == '
            "principal.department }",
            "when { principal.roles.contains(resource.owner) }",
            "when { resource.writers.contains(principal.id) }",
            "when { false }",
        ],
    )
    def test_what_a_list_can_express_is_taken(self, folder: Path, condition: str) -> None:
        add(folder, f"{HEAD} {condition};")
        assert "TST-TST-1" in check(read(folder)).by_action["catalog:resource:read"].rules

    def test_an_engine_that_leaves_other_shapes_is_found_at_start(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def strange(*_: object) -> None:
            raise NotCompilable("a new kind of residual")

        monkeypatch.setattr("policies.loading.residual_by", strange)
        with pytest.raises(PolicyRefused, match="a new kind of residual"):
            check(read(folder))


class TestWholeFiles:
    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("catalog.cedar", "resource.owner", "resource.ovner"),  # misspelt attribute
            (
                "catalog.cedar",
                'Action::"catalog:resource:review"',
                'Action::"catalog:resource:revue"',
            ),
            ("catalog.cedar", "resource is DataResource", "resource is DataRessource"),
            ("catalog.cedar", "principal.roles", "principal.rolls"),
            ("catalog.cedar", '@id("CAT-REG-1")', ""),
            ("catalog.cedar", '@id("CAT-REG-1")', '@id("CAT-ELE-1")'),
            ("catalog.cedar", '@id("CAT-REG-1")', '@id("registrar rule")'),
            ("catalog.cedar", "@reason_zh", "@grund"),
            ("catalog.cedar", "permit", "permitt"),
            ("schema.cedarschema", "status: String", "statis: String"),
            ("schema.cedarschema", 'action "desk:todo:read"', 'action "desk:todo:look"'),
            ("schema.cedarschema", "entity User", "entity Account"),
            ("schema.cedarschema", "resource: Trail,", "resource: [Trail, Jobs],"),
            ("deadlines.toml", "[clock.delivery]", "[clock.delivary]"),
            ("refusals.toml", 'instrument = "pipl"', 'instrument = "pippl"'),
        ],
    )
    def test_a_slip_anywhere_stops_the_start(
        self, folder: Path, file: str, old: str, new: str
    ) -> None:
        replace_once(folder / file, old, new)
        with pytest.raises(PolicyRefused):
            check(read(folder))

    @pytest.mark.parametrize(
        "name", ["schema.cedarschema", "catalog.cedar", "deadlines.toml", "refusals.toml"]
    )
    def test_a_missing_file_stops_the_start(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        with pytest.raises(PolicyRefused):
            check(read(folder))

    def test_a_template_is_refused(self, folder: Path) -> None:
        add(folder, '@id("TST-TST-1") permit (principal == ?principal, action, resource);')
        with pytest.raises(PolicyRefused, match="templates"):
            check(read(folder))
