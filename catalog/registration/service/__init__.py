"""The rules of registering: what an entry lacks, where its items come from, its submission."""

from catalog.registration.service.origins import refer_to_source
from catalog.registration.service.submitting import (
    alike_received,
    check_complete,
    data_of,
    edit,
    found_missing,
    known_of,
    received_and_passed_on,
    shortcomings,
    shown,
    submit,
    withheld_elsewhere,
)

__all__ = [
    "alike_received",
    "check_complete",
    "data_of",
    "edit",
    "found_missing",
    "known_of",
    "received_and_passed_on",
    "refer_to_source",
    "shortcomings",
    "shown",
    "submit",
    "withheld_elsewhere",
]
