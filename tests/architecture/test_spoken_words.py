"""One term for one thing, in the civil servants' own words: what nobody may read any more.

Each word was said here once, and is wrong or means something else in law; the glossary has the
right one. Whatever people read is searched – translations, help, templates, documents, rules, the
demo, the program ``sq``, samples – with the code and comments that surround it.
"""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.sources import PRODUCT, ROOT, name_of, text_files

#: What is not said → what is said instead.
OLD: Final = {
    r"审批": "审核、答复 (Order 809, Arts. 20 and 21)",
    r"(?<!共享)授权": "共享授权 (授权运营 is another matter)",
    r"安全审查": "安全审计员 (安全审查 is a procedure of national security)",
    r"公示": "通告 (Art. 16)",
    r"数据版次|版次": "数据更新批次",
    r"工作副本|工作稿": "变更稿",
    r"下架": "撤销目录",
    r"召回": "更正通知",
    r"申诉": "申请复核",
    r"收回授权|授权收回|已收回|收回共享": "终止共享",
    r"暂停共享(?!权限)": "暂停共享权限",
    r"升级督办|上报督办": "转督办",
    r"副手|代办人": "代理人（AB岗）",
    r"离职|离岗": "调离",
    r"(?:提供|供给)方(?![式法面案向可])|提供单位|数据提供部门": "提供部门",
    r"(?:需求|使用|申请)方(?![式法面案向可])|需求单位|数据需求部门": "需求部门",
    r"更新周期": "更新频率",
    r"使用要求": "使用条件",
    r"数据项(?!目)": "信息项",
    r"作业": "后台任务",
    r"怎么办": "处理办法, of a task 办理事项",
    r"办理后果": "办理结果",
}
#: Whose words these are: (file, the words as they stand there).
QUOTED: Final = {
    ("catalog/resources/locale/zh_CN.po", 'msgstr "数据项"'),  # the second of Art. 13's nine
    ("catalog/registration/checks/complete.py", "目录名称、数据项、提供单位、数据格式、更新频率"),
    ("catalog/assignments/fields.py", '"数据项"'),  # what the lists of the level above call it
    ("catalog/resources/words.py", "guide no. 11: 更新周期"),
    ("samples/lists.toml", "除按照规定应当公示的信息外"),  # 社会救助暂行办法 第六十一条
    ("samples/industries.csv", "特殊作业机器人制造"),
    ("samples/industries.csv", "录音制作业"),
    ("auth/departments/locale/zh_CN.po", 'msgstr "授权组织"'),  # Art. 43: not of a grant
    ("docs/glossary.md", "授权组织"),
}
_OLD: Final = re.compile("|".join(OLD))


def said(text: str) -> list[str]:
    """The old words in a text."""
    return [found.group() for found in _OLD.finditer(text)]


def read_by_people() -> Iterator[tuple[str, str]]:
    """Name and text of every file; decisions and the changelog tell what was."""
    for path, text in text_files():
        name = name_of(path)
        top = name.split("/")[0]
        if top in (*PRODUCT, "docs", "samples", "README.md") and not name.startswith(
            "docs/decisions/"
        ):
            yield name, text


def test_nothing_people_read_says_an_old_word() -> None:
    found, searched = [], 0
    for name, text in read_by_people():
        searched += 1
        for quoted in (words for file, words in QUOTED if file == name):
            text = text.replace(quoted, "")
        for number, line in enumerate(text.splitlines(), start=1):
            found += [f"{name}:{number}: {word}" for word in said(line)]
    assert searched > 600
    assert found == []


def test_what_is_quoted_stands_there() -> None:
    for name, words in QUOTED:
        assert words in (ROOT / name).read_text(encoding="utf-8"), name


@pytest.mark.parametrize(
    "sentence",
    [
        "已退回审批人",
        "授权已到期",
        "安全审查员",
        "目录公示稿",
        "保存为固定版次",
        "已下架",
        "暂停共享三个月",
        "请告诉提供方",
        "待需求方同意",
        "更新周期：每年",
        "人员离岗时",
    ],
)
def test_an_old_word_is_heard(sentence: str) -> None:
    assert said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "共享授权已到期",
        "终止共享",
        "暂停共享权限",
        "提供方式：接口",
        "使用方法",
        "安全审计员和审核人",
        "共享类型、更新频率、数据项目",
        "取数方断开连接",
    ],
)
def test_the_right_word_is_left_alone(sentence: str) -> None:
    assert said(sentence) == []
