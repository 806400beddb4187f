"""Who may read background jobs, and who may run one again."""

from typing import Annotated

from fastapi import Path

from auth.guard import Place, may_at
from policies.actions import Action
from shuqiao.subject import Subject
from shuqiao.texts import INT8_MAX

JOBS = Place("Jobs", "jobs")


Reader = Annotated[Subject, may_at(Action.JOB_READ, JOBS)]


Retrier = Annotated[Subject, may_at(Action.JOB_RETRY, JOBS)]


Number = Annotated[int, Path(ge=1, le=INT8_MAX)]
