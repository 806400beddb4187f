"""The kinds of codes there are, each with its check of one value and of a column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from shuqiao.codes import credit, divisions, identity, moments
from shuqiao.codes.columns import credit as credits
from shuqiao.codes.columns import divisions as division_columns
from shuqiao.codes.columns import identity as identities
from shuqiao.codes.columns import moments as moment_columns
from shuqiao.codes.faults import Fault
from shuqiao.i18n import _
from shuqiao.words import Word


class CodeKind(Word):
    """A kind of code whose form can be checked without looking anything up."""

    CREDIT_CODE = "credit_code", _("Unified social credit code (GB 32100)")
    IDENTITY_NUMBER = "identity_number", _("Citizen identity number (GB 11643)")
    DIVISION_CODE = "division_code", _("Division code (GB/T 2260)")
    DATE = "date", _("Date (GB/T 7408.1)")
    TIME = "time", _("Time of day (GB/T 7408.1)")
    DATETIME = "datetime", _("Date and time (GB/T 7408.1)")


@dataclass(frozen=True, slots=True)
class CodeRule:
    """How a kind is checked: ``fault_of`` one value, ``faults_of`` a column, by the place of the
    fault in ``faults``, from 1.
    """

    kind: CodeKind
    faults: tuple[Fault, ...]
    fault_of: Callable[[str], Fault | None]
    faults_of: Callable[[pa.Array], pa.UInt8Array]


_MOMENTS: Final = moments.FAULTS
RULES: Final = {
    rule.kind: rule
    for rule in (
        CodeRule(CodeKind.CREDIT_CODE, credit.FAULTS, credit.fault_of, credits.faults_of),
        CodeRule(
            CodeKind.IDENTITY_NUMBER, identity.FAULTS, identity.fault_of, identities.faults_of
        ),
        CodeRule(
            CodeKind.DIVISION_CODE, divisions.FAULTS, divisions.fault_of, division_columns.faults_of
        ),
        CodeRule(CodeKind.DATE, _MOMENTS, moments.date_fault_of, moment_columns.date_faults_of),
        CodeRule(CodeKind.TIME, _MOMENTS, moments.time_fault_of, moment_columns.time_faults_of),
        CodeRule(
            CodeKind.DATETIME,
            _MOMENTS,
            moments.datetime_fault_of,
            moment_columns.datetime_faults_of,
        ),
    )
}
