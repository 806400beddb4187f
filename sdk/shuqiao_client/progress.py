"""A progress line on stderr while data arrives; nothing at all when stderr is not a terminal."""

import contextlib
import importlib
import sys
from collections.abc import Iterator

from shuqiao_client.stream import Progress


@contextlib.contextmanager
def shown(label: str, *, wanted: bool | None = None) -> Iterator[Progress | None]:
    """What to hand to a stream. ``wanted``: None lets the terminal decide.

    The number of rows is not known before the end, so bytes, speed and rows are shown and no
    percentage.
    """
    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield None
        return
    rich, console = (
        importlib.import_module("rich.progress"),
        importlib.import_module("rich.console"),
    )
    columns = (
        rich.SpinnerColumn(),
        rich.TextColumn("{task.description}", markup=False),
        rich.DownloadColumn(),
        rich.TransferSpeedColumn(),
        rich.TextColumn("{task.fields[rows]:,} rows", markup=False),
        rich.TimeElapsedColumn(),
    )
    with rich.Progress(*columns, console=console.Console(stderr=True), transient=True) as bar:
        task, rows = bar.add_task(label, total=None, rows=0), 0

        def arrived(more_bytes: int, more_rows: int) -> None:
            nonlocal rows
            rows += more_rows
            bar.update(task, advance=more_bytes, rows=rows)

        yield arrived
