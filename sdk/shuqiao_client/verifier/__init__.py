"""The offline verifier. Standard library only and no database: whoever holds an export can run it.

It stands in the client's package, which knows nothing of the service: ``sq trail verify``, and for
the operator ``shuqiao audit verify``, run the same checks.

It says first what it did not check, and "verified" of nothing that was not asked for and looked at:
a part of the trail, or an empty one, is not the trail. It recomputes the canonical bytes and the
leaf hash of every event, and checks that events stand in the order of an export, that there are as
many as the first line says, that each stream's numbers run without a gap up to its head, and – with
receipts or an earlier export that were kept elsewhere – that what was known is there unchanged.

A file may be hostile. It is read line by line; the longest line, the number of streams, of gaps and
of problems are bounded, so memory does not depend on what a file claims, and time only on its size.
It never repairs and never guesses: each problem names its line, event or stream.
"""

from shuqiao_client.verifier.checking import verify
from shuqiao_client.verifier.kept import NotComparable
from shuqiao_client.verifier.lines import FORMAT
from shuqiao_client.verifier.report import EXITS, Report
from shuqiao_client.verifier.told import as_json, as_lines, why_not
from shuqiao_client.verifier.words import Language

__all__ = [
    "EXITS",
    "FORMAT",
    "Language",
    "NotComparable",
    "Report",
    "as_json",
    "as_lines",
    "verify",
    "why_not",
]
