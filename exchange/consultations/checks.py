"""Whether a consultation can be concluded, and what a termination rests on (Order 809, Art. 27)."""

from collections.abc import Collection

from exchange.consultations.models import GrantConsultation, GrantFiling
from exchange.consultations.words import ConsultationStatus, FilingStatus, Outcome, Side
from exchange.grants.models import ShareGrant
from exchange.grants.schemas import Termination
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _


def check_conclusion(outcome: Outcome, said: Collection[Side], *, is_time_over: bool) -> None:
    """``said``: the sides that stated something. Raises ``Invalid`` naming the field."""
    if Side.PROVIDER not in said:
        fix = _("State the provider's side first, with the basis and what else may serve.")
        detail = _("The provider has not stated its side")
        raise Invalid(errors=[FieldError("/conclusion", "provider_unheard", detail, fix)])
    is_heard = Side.CONSUMER in said
    if is_heard == (outcome is not Outcome.UNANSWERED):
        if is_heard or is_time_over:
            return
        fix = _("Wait for the consumer's statement, or until the time of the consultation is over.")
        detail = _("The consumer may still state its side")
        raise Invalid(errors=[FieldError("/outcome", "consumer_unheard", detail, fix)])
    detail = (
        _("The consumer has stated its side")
        if is_heard
        else _("The consumer has not stated its side")
    )
    fix = _("Choose the outcome that the statements show.")
    raise Invalid(errors=[FieldError("/outcome", "not_as_stated", detail, fix)])


def check_termination(
    grant: ShareGrant,
    wanted: Termination,
    record: GrantConsultation | None,
    filing: GrantFiling | None,
    *,
    is_one_open: bool,
) -> None:
    """``record`` and ``filing``: what the numbers name. Raises ``Invalid`` naming each part that is
    missing.
    """
    errors = []
    is_of_grant = record is not None and record.grant_id == grant.id
    if record is None or not is_of_grant:
        detail = _("This is no consultation record of the grant")
        fix = _("Name the consultation record that the grant's page shows.")
        errors.append(FieldError("/consultation_no", "unknown", detail, fix))
    elif record.status is not ConsultationStatus.CONCLUDED or is_one_open:
        detail = _("The consultation is not concluded")
        fix = _("Have the approver conclude it first.")
        errors.append(FieldError("/consultation_no", "not_concluded", detail, fix))
    if filing is None or record is None or filing.consultation_id != record.id:
        detail = _("This is no filing of that consultation")
        fix = _("Name the filing that the consultation's page shows.")
        errors.append(FieldError("/filing_no", "unknown", detail, fix))
    elif filing.status is not FilingStatus.FILED:
        detail = _("It has not been filed with the data administration")
        errors.append(FieldError("/filing_no", "not_filed", detail, _("File it first.")))
    if errors:
        raise Invalid(errors=errors)
