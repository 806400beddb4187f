"""Signing in and out."""

from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from shuqiao.texts import Strict, example


class SignIn(Strict):
    """Credentials. The password is taken as it is: no trimming, no folding."""

    model_config = example(account="gongan.applicant", password="……")

    account: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Field(min_length=1, max_length=128)]


class Me(BaseModel):
    """Who the caller is."""

    account: str
    name: str
    department: str
    roles: list[str]
    auth: str


class SessionOpened(EventReceipt):
    """A new session; the cookie came with the answer, the form token goes into ``X-CSRF-Token``."""

    me: Me
    csrf_token: str


class SessionClosed(EventReceipt):
    """The session has ended."""
