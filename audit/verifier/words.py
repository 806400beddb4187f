"""What the offline verifier says, in Chinese and in English. Standard library only."""

from typing import Final, Literal

Language = Literal["zh", "en"]

#: What was not checked: code → (中文, English).
UNCHECKED: Final = {
    "part": (
        "只是轨迹的一部分（{filter}）：其余记录没有核对",
        "this is a part of the trail ({filter}): nothing else was looked at",
    ),
    "numbers": (
        "各流是否缺号：文件没有写明各流的末号",
        "whether numbers are missing: the file does not say where its streams end",
    ),
    "count": (
        "文件是否被截断：首行没有写明条数",
        "whether the file was cut off: its first line does not say how many events it has",
    ),
    "receipts": (
        "是否与当时的答复一致：没有提供另外留存的回执（--expect）",
        "whether it agrees with what was answered then: no receipts kept elsewhere (--expect)",
    ),
    "head": (
        "最后的记录是否被整体去掉、文件是否为旧文件：没有提供另外留存的条数（--expect）"
        "或者以前的导出文件（--earlier）",
        "whether the last events were taken away altogether, or the file is an old one: no counts"
        " and no earlier export kept elsewhere (--expect, --earlier)",
    ),
    "seal": (
        "由谁导出：本版没有签名和封存，拥有数据库的人可以改写得前后一致",
        "who made it: there is no signature and no seal in this version; who owns the database can"
        " rewrite it consistently",
    ),
    "rest": (
        "编号和条数：到第 {line} 行为止流或者缺口过多，不再逐个记录",
        "numbers and counts: by line {line} there are too many streams or gaps to keep them all",
    ),
    "empty": ("全部：文件中没有记录", "anything: the file holds no event"),
}
#: What is wrong: code → (中文, English).
PROBLEMS: Final = {
    "not_an_export": (
        "首行应为 {format} 的文件头：{why}",
        "the first line must be the header of a {format} file: {why}",
    ),
    "unreadable": ("这一行不是一条记录：{why}", "this line is not an event any more: {why}"),
    "too_long": (
        "这一行超过 {limit} 字节，没有读取",
        "this line is longer than {limit} bytes and was not read",
    ),
    "changed_bytes": (
        "叶哈希与内容不符：内容被改过",
        "the leaf hash does not belong to these bytes",
    ),
    "not_canonical": (
        "内容不是规范格式",
        "the bytes are not the canonical form of what they say",
    ),
    "incomplete": ("缺少成员：{names}", "missing: {names}"),
    "order": (
        "第 {line} 行的记录不在导出的次序上：有重复、调换或者插入",
        "the event of line {line} is not in the order of an export: repeated, moved or put in",
    ),
    "missing": ("缺编号 {numbers}，末号为 {head}", "numbers {numbers} of {head} are gone"),
    "beyond_head": (
        "编号 {numbers} 超出末号 {head}",
        "numbers {numbers} are beyond the stream's last number {head}",
    ),
    "doubled": ("编号 {numbers} 重复", "numbers {numbers} stand twice"),
    "cut": (
        "文件有 {found} 条记录，首行写明 {wanted} 条",
        "the file has {found} events, its first line says {wanted}",
    ),
    "own_event": (
        "记下这次导出的那一条不在文件中",
        "the event that recorded this export is not in the file",
    ),
    "expected_missing": (
        "曾经答复过的记录不在文件中",
        "an event that was acknowledged is not in the export",
    ),
    "expected_changed": (
        "叶哈希与当时答复的不同",
        "its leaf hash is not the one that was acknowledged",
    ),
    "earlier_missing": (
        "以前的导出文件中有这条记录，现在没有",
        "an event of the earlier export is not in this one",
    ),
    "earlier_changed": (
        "叶哈希与以前的导出文件不同",
        "its leaf hash is not the one of the earlier export",
    ),
    "count": ("有 {found} 条，应为 {wanted} 条", "{found} events, {wanted} expected"),
}
#: Why a line or a file cannot be read.
WHY: Final = {
    "empty": ("文件是空的", "the file is empty"),
    "compressed": ("文件是压缩的，请先解压", "the file is compressed; unpack it first"),
    "utf8": ("不是 UTF-8", "not UTF-8"),
    "json": (
        "不是 JSON，或者同一成员写了两次，或者嵌套过深",
        "no JSON, a member twice, or too deep",
    ),
    "shape": ("成员的类型不对", "a member is of another kind"),
    "long": ("过长", "too long"),
}
VERDICTS: Final = {
    "verified": ("核对无误：{facts}", "nothing is wrong with what was checked: {facts}"),
    "wrong": (
        "未通过，有 {problems} 处问题：{facts}",
        "NOT verified, {problems} problems: {facts}",
    ),
    "less": (
        "未通过：没有发现问题，但核对的少于所要求的（整个轨迹；只核对部分的，加 --part）：{facts}",
        "NOT verified: nothing wrong was found, but less was checked than was asked for (the whole"
        " trail; say --part for a part): {facts}",
    ),
    "not_an_export": ("未核对：不是导出文件", "NOT verified: this is not an export"),
}
FACTS: Final = (
    "{streams} 个流，{events} 条记录，导出于 {at}",
    "{events} events in {streams} streams, exported at {at}",
)
#: Why what was kept elsewhere cannot be compared with.
NOT_COMPARABLE: Final = {
    "unreadable": (
        '用来对照的文件应为 JSON：{"events": [{"event_id": "…", "leaf_hash": "…"}], "counts": {…}}',
        'what is expected must be JSON: {"events": [{"event_id": "…", "leaf_hash": "…"}],'
        ' "counts": {…}}',
    ),
    "empty": (
        "用来对照的文件中既没有记录，也没有条数",
        "what is expected names neither events nor counts",
    ),
    "not_whole": (
        "以前的导出文件应为整个轨迹",
        "the earlier export must be one of the whole trail",
    ),
    "wrong": (
        "以前的导出文件本身有误，请先单独核对",
        "the earlier export is itself not right; verify it alone first",
    ),
}
HEADINGS: Final = {
    "unchecked": ("没有核对的：", "Not checked:"),
    "more": ("另有 {count} 处问题，没有列出", "{count} more problems are not listed"),
    "line": ("第 {number} 行", "line {number}"),
}


def say(pair: tuple[str, str], language: Language, **facts: object) -> str:
    """One of (中文, English), filled in."""
    said = pair[0 if language == "zh" else 1]
    return said.format(**{name: shown(fact) for name, fact in facts.items()}) if facts else said


def shown(fact: object) -> str:
    """A fact of the file as it may be printed: nothing in it moves a terminal's cursor."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in str(fact))
