"""What the client says to people, in Chinese first and in English.

Data and the service's own words are not ours.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Final, Literal

Language = Literal["zh", "en"]

#: key → (中文, English)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    # profile
    "profile.missing": (
        "没有找到配置文件 {path}。请先运行：sq auth login --endpoint 服务地址",
        "There is no profile at {path}. Run: sq auth login --endpoint ADDRESS",
    ),
    "profile.open": (
        "配置文件 {path} 可被其他用户读取（权限 {mode}），其中有令牌。请运行：chmod 600 {quoted}",
        "The profile {path} can be read by other users (mode {mode}) and holds a token. Run: chmod "
        "600 {quoted}",
    ),
    "profile.foreign": (
        "配置文件 {path} 属于另一个用户，不予使用。",
        "The profile {path} belongs to another user and is not used.",
    ),
    "profile.malformed": (
        '配置文件 {path} 不是有效的 JSON。应为 {{"endpoint": "https://…", "token": "sq_…"}}。',
        'The profile {path} is not valid JSON. It should be {{"endpoint": "https://…", "token": '
        '"sq_…"}}.',
    ),
    "profile.endpoint": (
        "服务地址 {endpoint} 无效，应形如 https://数桥.例.cn。",
        "The address {endpoint} is not valid; it should look like https://shuqiao.example.",
    ),
    "profile.token": (
        "令牌无效：应以 sq_ 开头，不含空白。",
        "This is not a token: it starts with sq_ and contains no blanks.",
    ),
    # the way to the service
    "http.plain": (
        "拒绝通过不加密的 http 把令牌发往 {host}；只有本机地址可用 http。",
        "The token is not sent to {host} over plain http; only this machine may be reached that "
        "way.",
    ),
    "http.unannounced": (
        "拒绝把令牌发往 {host}：服务没有给出过这个地址。",
        "The token is not sent to {host}: the service never named this address.",
    ),
    "http.redirect": (
        "{host} 要求转到另一个地址；带令牌的请求不跟随跳转。请核对配置文件中的服务地址。",
        "{host} points to another address; requests with a token do not follow. Check the address "
        "in the profile.",
    ),
    "http.unreachable": (
        "无法连接 {host}：{reason}。请检查网络和服务地址后重试。",
        "{host} cannot be reached: {reason}. Check network and address, then try again.",
    ),
    "http.not_ours": (
        "{host} 的回答（{status}）不是数桥接口的格式。请核对服务地址。",
        "The answer of {host} ({status}) is not that of Shuqiao's API. Check the address.",
    ),
    "http.status": ("请求未成功（{status}）。", "The request did not succeed ({status})."),
    # streams
    "stream.cut": (
        "数据流在 {rows} 行后中断，没有收到结束回执；已收到的部分不完整，请勿使用。",
        "The stream was cut after {rows} rows, without its receipt; what arrived is not complete, "
        "do not use it.",
    ),
    "stream.differs": (
        "收到的数据与回执不一致（{members}）；请勿使用，并把交付编号 {delivery} 告诉提供部门。",
        "What arrived is not what the receipt says ({members}); do not use it and report delivery "
        "{delivery}.",
    ),
    "stream.type": ("收到未约定的列类型：{type}。", "A column of an unknown type arrived: {type}."),
    "stream.used": ("这个数据流已经读过一次。", "This stream has been read already."),
    # grants and requests
    "grant.none": (
        "{code} 没有生效的共享授权。可用 sq request create 申请共享。",
        "There is no active grant for {code}. Apply for it with sq request create.",
    ),
    "grant.several": (
        "{code} 有多个生效的共享授权：{numbers}。请写明其中一个编号。",
        "There are several active grants for {code}: {numbers}. Name one of them.",
    ),
    "item.unknown": (
        "该资源没有名为“{name}”的信息项。已有：{known}",
        "This resource has no item named “{name}”. There are: {known}",
    ),
    "item.unclear": (
        "“{name}”对应多个信息项，请改用标识符。",
        "“{name}” names several items; use the identifier.",
    ),
    "items.invalid": ("信息项有误", "The items need correction"),
    "item.fix": ("请用 sq resource show 查看信息项。", "See the items with sq resource show."),
    # attached files
    "attachment.storing": (
        "{file} 仍在存入，请稍后用 sq resource show --now 查看。",
        "{file} is still being stored; look later with sq resource show --now.",
    ),
    # environment
    "library.missing": (
        "需要 {library}，请安装：pip install 'shuqiao-client[{library}]'",
        "This needs {library}; install it: pip install 'shuqiao-client[{library}]'",
    ),
}
_chosen: list[Language] = []


def language() -> Language:
    """The language in use: what was set, else that of the environment, else Chinese."""
    return _chosen[0] if _chosen else from_environment(os.environ)


def set_language(wanted: Language) -> None:
    """Say everything in ``wanted`` from now on."""
    _chosen[:] = [wanted]


def from_environment(environment: Mapping[str, str]) -> Language:
    """English when the environment asks for it, Chinese otherwise
    (``C`` and ``POSIX`` ask for nothing).
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def from_arguments(arguments: Sequence[str]) -> Language | None:
    """What ``--lang`` says, read before the program's help is built; None without it."""
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=")
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in ("zh", "en") and argument.startswith("--lang"):
            return "en" if value == "en" else "zh"
    return None


def choose(pair: tuple[str, str]) -> str:
    """One of (中文, English)."""
    return pair[0] if language() == "zh" else pair[1]


def say(key: str, /, **facts: object) -> str:
    """The text of ``key`` in the language in use."""
    return choose(_WORDS[key]).format(**facts)
