"""Evidence in the words of whoever reads it."""

from catalog.duplicates.checks.evidence import Evidence
from catalog.duplicates.schemas import EvidenceRead
from catalog.duplicates.words import Signal
from shuqiao.codes.rules import CodeKind
from shuqiao.i18n import Message, _


def words(found: Evidence, domain: str) -> Message:
    """One reason. ``domain``: what the value domain of the element is called."""
    return _PLAIN.get((found.signal, found.how)) or _counted(found, domain)


_PLAIN = {
    (Signal.NAME, "same"): _("The same name"),
    (Signal.NAME, "near"): _("Names alike"),
    (Signal.COLUMN, "near"): _("Column name close to the initials of its name"),
    (Signal.DEFINITION, "near"): _("Definitions alike"),
    (Signal.TYPE, "other"): _("Another data type"),
}


def _counted(found: Evidence, domain: str) -> Message:
    term, share = found.term, found.share
    match found.signal, found.how:
        case Signal.NAME, "synonym":
            return _("Its synonym is “%(term)s”", term=term)
        case Signal.NAME, _how:
            return _("The name contains “%(term)s”", term=term)
        case Signal.COLUMN, "initials":
            return _("The column name is the initials of “%(term)s”", term=term)
        case Signal.COLUMN, _how:
            return _("The column name is the English name “%(term)s”", term=term)
        case Signal.KIND, "prefix":
            return _(
                "%(share)s %% of the values are the first %(digits)s digits of division codes",
                share=share,
                digits=term,
            )
        case Signal.KIND, "form":
            kind = CodeKind(term).label
            return _("%(share)s %% of the values are well-formed: %(kind)s", share=share, kind=kind)
        case Signal.KIND, _how:
            return _other_kind(term)
        case Signal.DOMAIN, "codes":
            return _(
                "%(share)s %% of the values are codes of the value domain “%(domain)s”",
                share=share,
                domain=domain,
            )
        case Signal.DOMAIN, _how:
            return _(
                "Only %(share)s %% of the values are codes of the value domain “%(domain)s”",
                share=share,
                domain=domain,
            )
    return _("%(share)s %% of the values are held by an item that follows it", share=share)


def _other_kind(kind: str) -> Message:
    if kind:
        return _("The values are of another kind: %(kind)s", kind=CodeKind(kind).label)
    return _("The values do not have the form of its codes")


def read(found: Evidence, domain: str) -> EvidenceRead:
    """The same for programs."""
    return EvidenceRead(
        signal=found.signal,
        words=str(words(found, domain)),
        share=found.share,
        is_against=found.is_against,
    )
