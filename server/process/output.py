"""How the operators' commands speak: tables for people, JSON for
programs, one sentence for a refusal.
"""

import json
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from shuqiao.context import working_on

FAILED, USAGE = 1, 2
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@contextmanager
def speaking() -> Iterator[None]:
    """Messages in the operator's language: Chinese, unless the environment is English."""
    with working_on(locale="en" if os.environ.get("LANG", "").startswith("en") else "zh_CN"):
        yield


def show(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Print ``rows`` as one JSON array, or as aligned columns."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    cells = [[_text(value) for value in row.values()] for row in rows]
    for line in aligned(cells):
        typer.echo(line)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with the columns under one another; a Chinese character takes two places."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def width(text: str) -> int:
    """Places of a terminal that ``text`` takes (Unicode Standard Annex
    11: wide and full-width characters take two).
    """
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def stop(sentence: str, code: int) -> typer.Exit:
    """Say why on standard error; raise what comes back."""
    typer.echo(sentence, err=True)
    return typer.Exit(code)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
