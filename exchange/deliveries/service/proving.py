"""Proving a new grant: its plan is run from first to last row before the consumer is told that it
can be fetched.
"""

from catalog.editions.service import damage
from exchange.deliveries.service.plans import Compiled, check_source, compile_grant, mask_keys
from exchange.grants import repository as grants
from exchange.grants.service import granting
from exchange.grants.words import GrantStatus
from shuqiao.arrow.scans.scan import scan
from shuqiao.db import unit_of_work
from shuqiao.errors import ShuqiaoError


def prove(grant_no: str) -> None:
    """Trial-run the plan of a pending grant from first to last row and
    activate it; a repeat is a no-op.

    The run happens outside of any transaction. A plan that cannot run is recorded and given to the
    approver.
    """
    with unit_of_work() as session:
        grant = grants.by_no(session, grant_no)
        if grant is None or grant.standing is not GrantStatus.PENDING_DELIVERY:
            return
        compiled: Compiled | ShuqiaoError
        try:
            compiled = compile_grant(session, grant)
        except ShuqiaoError as error:
            compiled = error
    try:
        with damage.marking("trial run"):
            if isinstance(compiled, ShuqiaoError):
                raise compiled
            plan = compiled.plan
            check_source(plan)
            rows = sum(batch.num_rows for batch in scan(plan, mask_keys(plan)))
    except ShuqiaoError as error:
        _note_not_ready(grant_no, error)
        return
    with unit_of_work() as session:
        grant = grants.by_no(session, grant_no, lock=True)
        if grant is not None and grant.standing is GrantStatus.PENDING_DELIVERY:
            granting.activate(session, grant, plan_fingerprint=compiled.proof, rows=rows)


def _note_not_ready(grant_no: str, error: ShuqiaoError) -> None:
    with unit_of_work() as session:
        grant = grants.by_no(session, grant_no, lock=True)
        if grant is not None and grant.standing is GrantStatus.PENDING_DELIVERY:
            granting.not_ready(session, grant, error.detail or error.title)
