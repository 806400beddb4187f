"""Every SQL statement about deliveries."""

from exchange.deliveries.repository.cases import (
    LOST_AFTER_SECONDS,
    UnderGrant,
    by_no,
    demand_of,
    grant_of,
    lost,
    named,
    needed,
    page,
    running,
    sign_of_life,
    struck_by,
    titles,
    under_grants,
)

__all__ = [
    "LOST_AFTER_SECONDS",
    "UnderGrant",
    "by_no",
    "demand_of",
    "grant_of",
    "lost",
    "named",
    "needed",
    "page",
    "running",
    "sign_of_life",
    "struck_by",
    "titles",
    "under_grants",
]
