"""Imports every module with background tasks, so that a worker knows them by name."""

import catalog.attachments.tasks
import exchange.deliveries.tasks
import exchange.grants.tasks
import server.jobs.tasks
import shuqiao.desk.outbox

#: Importing a module is what registers its tasks.
MODULES = (
    shuqiao.desk.outbox,
    catalog.attachments.tasks,
    exchange.grants.tasks,
    exchange.deliveries.tasks,
    server.jobs.tasks,
)
