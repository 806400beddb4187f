"""The fields of a form as a file names them, in its header or in its only column; the file is
decoded in the limited child.
"""

import pyarrow as pa

from catalog.collection.checks import distinct
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.scratch import scratch
from shuqiao.uploads import Upload


def names_in(upload: Upload) -> list[str]:
    """The names of the columns; of a file of one column, everything in it. Holds no connection.

    Raises ``DecodeRefused`` or ``DecodeTooLarge``.
    """
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
