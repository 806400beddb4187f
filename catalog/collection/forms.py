"""The fields of a form as a file names them, in its header or in its only column; the file is
decoded in the limited child.
"""

from typing import BinaryIO

import pyarrow as pa

from catalog.collection.checks import distinct
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.intake.uploads import Upload, look_at, store_upload
from shuqiao.scratch import scratch


def names_in(source: BinaryIO, file_name: str | None) -> list[str]:
    """The names of the columns; of a file of one column, everything in it. Holds no connection,
    keeps no file. Raises ``DecodeRefused`` or ``DecodeTooLarge``.
    """
    upload = store_upload(source, file_name)
    try:
        return _read(upload)
    finally:
        upload.discard()


def _read(upload: Upload) -> list[str]:
    found = look_at(upload)
    heads = [each.original_name or each.name for each in found.columns]
    if len(heads) != 1:
        return distinct(heads)
    with scratch() as folder:
        target = folder / "fields.arrow"
        read = decode(upload.path, file_name=upload.file_name, options=found.options, target=target)
        values = [
            str(value)
            for batch in read.record_batches()
            for value in batch.column(0).cast(pa.string()).to_pylist()
            if value
        ]
    return distinct([*(heads if found.options.header_row else ()), *values])
