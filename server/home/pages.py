"""The start page with the three doors, and the page behind every problem's ``type``."""

from typing import Annotated

from fastapi import Path

from auth.identify import MaybeSubjectDep
from server.home.views.problem_page import ProblemPage, problem_page
from server.home.views.start_page import StartPage, StrangerPage, start_page, stranger_page
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/")
def start(subject: MaybeSubjectDep, session: ReadSessionDep) -> StartPage | StrangerPage:
    """For strangers what this is, and the sign-in."""
    return stranger_page() if subject.auth == "anonymous" else start_page(session, subject)


@router.page("/problems/{code}")
def problem(code: Annotated[str, Path(max_length=60)]) -> ProblemPage:
    """What an error code means and what to do: the page its ``type`` names."""
    return problem_page(code)
