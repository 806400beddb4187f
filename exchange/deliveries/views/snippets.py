"""Code for readers who kept a stream with a program of their own and check it later."""

from typing import Final

_CHECK: Final = """\
import json

import pyarrow as pa
from shuqiao_client.receipts import METADATA_KEY, Arrived

stream = pa.ipc.open_stream("{name}.arrows")
arrived, receipt = Arrived(stream.schema), {{}}
for batch, metadata in stream.iter_batches_with_custom_metadata():
    arrived.add(batch)
    if metadata and METADATA_KEY in metadata:
        receipt = json.loads(metadata[METADATA_KEY])
differences = arrived.differences(receipt)
print("differs in:", *differences) if differences else print("agrees:", receipt["root"])
"""


def verification(name: str) -> str:
    """Python that reads ``<name>.arrows`` and compares what is in it
    with its receipt; runs as it stands.
    """
    return _CHECK.format(name=name)
