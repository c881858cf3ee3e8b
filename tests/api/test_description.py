"""The API does what its description says: schemathesis asks for whatever that allows, and for what it does not."""

import asyncio
import json
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from starlette.applications import Starlette

from bot.api.openapi import described
from bot.api.routes import Api
from bot.store.tokens import TokenScope, create_token
from bot.store.vault import AddressPepper
from tests.api.test_api import GARDEN, HERE, NOW, PERSON
from tests.support.answers import talk
from tests.support.databases import Databases, opened
from tests.support.intake import PEPPER
from tests.support.listening import listening
from tests.support.releases import publication, released
from tests.support.respondents import registered

EXAMPLES = 5


def test_it_is_a_valid_description() -> None:
    validate(json.loads(described()))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
async def test_it_does_what_its_description_says(tmp_path: Path, mode: GenerationMode) -> None:
    async with opened(await Databases("sqlite", str(tmp_path)).migrated()) as engine:
        await talk(engine, [GARDEN], [PERSON, PERSON, ["GARDEN", "2"]])
        await registered(engine)
        await released(engine, publication(1), publication(2))
        made = await create_token(engine, None, TokenScope, "a test", NOW + timedelta(days=1), NOW)
        seconds = count()
        api = Api(engine, HERE, AddressPepper(PEPPER), lambda: NOW, lambda: float(next(seconds)))
        async with listening(Starlette(routes=api.routes())) as address:
            await asyncio.to_thread(ask, f"{address}/api/v1", made.secret, mode)


def ask(address: str, secret: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(json.loads(described()))
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode), st.booleans())
        def check(case: schemathesis.Case, is_there: bool) -> None:
            nonlocal asked
            asked += 1
            if is_there and case.path_parameters:
                # Of the names that a schema allows, hardly one is a consultation's.
                case.path_parameters = {"consultation": "garden"}
            if mode is GenerationMode.POSITIVE and case.query:
                # No schema says which cursors were made here.
                case.query.pop("cursor", None)
            headers = {"Authorization": f"Bearer {secret}"}
            case.call_and_validate(base_url=address, headers=headers)

        check()
    assert asked > 0
