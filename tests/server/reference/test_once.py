"""The document is made once, whoever asks for it first and however many."""

import asyncio
import time
from typing import Any

import pytest
from anyio import to_thread
from fastapi import FastAPI
from starlette.requests import Request

from server.reference import once


def test_a_crowd_that_asks_first_has_it_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And holds one thread meanwhile: others are served."""
    made: list[str] = []

    def slowly(_app: FastAPI, language: str) -> dict[str, Any]:
        made.append(language)
        time.sleep(0.05 if len(made) == 1 else 0)
        return {}

    monkeypatch.setattr(once, "document", slowly)
    request = Request({"type": "http", "app": FastAPI()})
    most = 0

    async def crowd() -> None:
        nonlocal most

        async def watch() -> None:
            nonlocal most
            while asking:
                most = max(most, to_thread.current_default_thread_limiter().borrowed_tokens)
                await asyncio.sleep(0.005)

        asking = [asyncio.create_task(once.made_once(request)) for _each in range(100)]
        watching = asyncio.create_task(watch())
        await asyncio.gather(*asking)
        asking.clear()
        await watching

    asyncio.run(crowd())
    assert most == 1
