"""Imports every module with background tasks, so that a worker knows them by name."""

import catalog.resources.tasks
import exchange.deliveries.tasks
import exchange.grants.tasks
import server.upkeep
import shuqiao.desk.outbox

#: Importing a module is what registers its tasks.
MODULES = (
    shuqiao.desk.outbox,
    catalog.resources.tasks,
    exchange.grants.tasks,
    exchange.deliveries.tasks,
    server.upkeep,
)
