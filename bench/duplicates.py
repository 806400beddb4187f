"""What comparing items with data elements costs: proposals for an entry that is being registered,
and the nightly sweep over 10,000 items and 5,000 elements with their stored data.

Targets: 50 ms an item, two minutes a sweep.
"""

import argparse
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Final

import pyarrow as pa
from sqlalchemy import create_engine, text
from sqlmodel import Session, select

from auth.accounts.models import AppUser
from auth.departments.models import Department
from bench.measuring import Report
from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus
from catalog.duplicates.service.prepared import prepared
from catalog.duplicates.service.proposing import proposals
from catalog.duplicates.tasks import sweep
from catalog.elements.models import DataElement
from catalog.elements.words import DataType, ElementStatus
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareType
from server.process import migrating
from shuqiao import db
from shuqiao.arrow.snapshots.writer import write_snapshot
from shuqiao.clock import now
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.home import folder
from shuqiao.settings import settings

SEED: Final = 20_261_130
ITEMS, OF_ENTRY, ELEMENTS, ROWS = 10_000, 50, 5_000, 2_000
ITEM_TARGET_MS: Final = 50.0
SWEEP_TARGET_S: Final = 120.0


def _words(text: str) -> list[str]:
    return text.split()


_OBJECTS: Final = _words(
    "学生 教师 患者 医师 企业 车辆 工程 项目 土地 房屋 林木 水库 道路 桥梁 食品 药品 农户 村庄 "
    "社区 案件 票据 合同 监测 渔船 港口 航班 公交 档案 文物 景区 旅馆 彩票 慈善 志愿者 退役军人 "
    "残疾人 社会组织 养老机构 商标 专利"
)
_PARTS: Final = _words("登记 许可 检查 处罚 缴费 变更 注销 备案 申报 审批 统计 抽检")
_PROPERTIES: Final = _words(
    "代码 名称 编号 类型代码 状态代码 等级代码 日期 开始日期 截止日期 金额 数量 地址 联系电话 "
    "负责人姓名 面积 比例 备注 证件号码 所属区划代码 机关名称"
)
_LATIN: Final = _words(
    "xmmc bh lxdm zt djdm rq ksrq jzrq je sl dz lxdh fzr mj bl bz zjhm qhdm jgmc c1"
)
_EVERY: Final = list(product(_OBJECTS, _PARTS, _PROPERTIES))


def run(report: Report, options: argparse.Namespace) -> None:
    """Both cases; the database, its home and all data are made up, and gone afterwards."""
    dice = random.Random(SEED)  # not a secret: the same seed must give the same catalogue
    with _running(dice) as code:
        _proposals(report, code, options.rounds)
        _sweep(report)


def _proposals(report: Report, code: str, rounds: int) -> None:
    with db.reading() as session:
        begun = time.perf_counter()
        prepared(session)
        report.line("elements made ready", time.perf_counter() - begun, "s", elements=ELEMENTS)
    times = []
    for _round in range(max(rounds, 5)):
        with db.reading() as session:
            entry = session.exec(select(DataResource).where(DataResource.code == code)).one()
            begun = time.perf_counter()
            found = proposals(session, entry)
            times.append((time.perf_counter() - begun) / len(found) * 1_000)
    report.line("proposals, columns not seen yet", times[0], "ms", target=ITEM_TARGET_MS)
    report.line("proposals", sorted(times)[len(times) // 2], "ms", target=ITEM_TARGET_MS)


def _sweep(report: Report) -> None:
    for case in ("sweep, no column looked at yet", "sweep"):
        begun = time.perf_counter()
        found = sweep()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
        seconds = time.perf_counter() - begun
        more = {"items": ITEMS, "elements": ELEMENTS, "found": found, "peak_mb": peak}
        report.line(case, seconds, "s", target=SWEEP_TARGET_S, **more)


@contextmanager
def _running(dice: random.Random) -> Iterator[str]:
    """A database with the catalogue in it, used by this process; gives the code of one entry."""
    place = Path(tempfile.mkdtemp(prefix="sq-bench-"))
    place.chmod(0o711)
    os.environ["SHUQIAO_HOME"] = str(place / "home")
    settings.cache_clear()
    try:
        with EmbeddedPostgres(place / "home") as server:
            urls = server.database("duplicates")
            owner = urls.owner_url.render_as_string(hide_password=False)
            migrating.upgrade(owner)
            code = _filled(owner, dice)
            engine = db.make_engine(urls.app_url.render_as_string(hide_password=False))
            db.configure(engine)
            yield code
            engine.dispose()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _filled(owner: str, dice: random.Random) -> str:
    columns = _columns(dice)
    engine = create_engine(owner)
    with Session(engine) as session:
        session.execute(text("SELECT guard.excuse('made up for measuring')"))
        session.add_all(_elements(dice))
        clerk = _clerk(session)
        for number in range(ITEMS // OF_ENTRY):
            session.flush()
            entry = _entry(session, clerk, number)
            _items(session, entry, clerk, columns, dice)
        session.commit()
        code = entry.code
        session.execute(text("ANALYZE"))
        session.commit()
    engine.dispose()
    return code


def _elements(dice: random.Random) -> list[DataElement]:
    return [
        DataElement(
            identifier=f"DE-{number:06d}",
            name=f"{thing}{part}{what}",
            synonyms=[f"{thing}{what}"] if number % 3 == 0 else [],
            definition=f"{thing}在{part}时的{what}",
            data_type=DataType.DATE if "日期" in what else DataType.TEXT,
            status=ElementStatus.STANDARD,
            adopted_at=now(),
            published_version=1,
        )
        for number, (thing, part, what) in enumerate(dice.sample(_EVERY, ELEMENTS), 1)
    ]


def _clerk(session: Session) -> AppUser:
    department = Department(code="D1", name="教育厅")
    session.add(department)
    session.flush()
    clerk = AppUser(
        account="bian",
        name="编",
        department_id=department.id,
        roles=["registrar"],
        password_hash="-",
    )
    session.add(clerk)
    return clerk


def _entry(session: Session, clerk: AppUser, number: int) -> DataResource:
    entry = DataResource(
        code=f"307001/{number + 1:06d}",
        class_code="307001",
        title=f"生成数据{number}",
        provider_id=clerk.department_id,
        registrar_id=clerk.id,
        share_type=ShareType.CONDITIONAL,
    )
    session.add(entry)
    session.flush()
    return entry


def _items(
    session: Session,
    entry: DataResource,
    clerk: AppUser,
    columns: list[pa.StringArray],
    dice: random.Random,
) -> None:
    """Names of which about half are those of elements; columns of 2,000 rows, stored."""
    names = [f"{dice.choice(_LATIN)}_{place}" for place in range(OF_ENTRY)]
    batch = pa.record_batch([dice.choice(columns) for _name in names], names=names)
    snapshot = write_snapshot(folder("snapshots"), iter([batch]), batch.schema)
    session.add(
        Attachment(
            resource_id=entry.id,
            uploader_id=clerk.id,
            file_name="生成.csv",
            bytes=1,
            sha256="0" * 64,
            status=AttachmentStatus.STORED,
            preview={},
            snapshot_id=snapshot.id,
            stored_at=now(),
        )
    )
    told = dice.sample(_EVERY, OF_ENTRY)
    for place, (column, (thing, part, what)) in enumerate(zip(names, told, strict=True)):
        session.add(
            ResourceItem(
                resource_id=entry.id,
                position=place,
                name=f"{thing}{part}{what}{place if place % 2 else ''}",
                column_name=column,
                data_type=DataType.TEXT,
                share_type=ShareType.CONDITIONAL,
                description=f"{thing}的{what}",
            )
        )


def _columns(dice: random.Random) -> list[pa.StringArray]:
    """Sixty columns of texts: few different values, many, and none twice."""
    kinds = (9, 300, ROWS)
    return [
        pa.array([f"{number}{dice.randrange(kinds[number % 3])}" for _row in range(ROWS)])
        for number in range(60)
    ]
