"""The stand-in for Twilio takes what Twilio's description allows, and nothing else: else it would hide our mistakes."""

import httpx
import pytest

from tests.support.fake_twilio import ACCOUNT, MESSAGES, TOKEN, fake_twilio

GOOD = {"To": "+12025550143", "From": "+12025550100", "Body": "Hello"}


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        pytest.param(GOOD, 201, None, id="as it should be"),
        pytest.param({**GOOD, "Hologram": "1"}, 400, 20001, id="a parameter that there is not"),
        pytest.param({**GOOD, "ValidityPeriod": "soon"}, 400, 20001, id="no number"),
        pytest.param({**GOOD, "RiskCheck": "maybe"}, 400, 20001, id="none of its words"),
        pytest.param({**GOOD, "MessagingServiceSid": "MG1"}, 400, 20001, id="no id of a service"),
        pytest.param({**GOOD, "To": ""}, 400, 21604, id="to nobody"),
        pytest.param({**GOOD, "From": ""}, 400, 21603, id="from nobody"),
        pytest.param({**GOOD, "Body": ""}, 400, 21602, id="without words"),
        pytest.param({**GOOD, "Body": "a" * 1_601}, 400, 21617, id="too long"),
    ],
)
async def test_a_request(fields: dict[str, str], status: int, code: int | None) -> None:
    async with (
        fake_twilio() as twilio,
        httpx.AsyncClient(base_url=twilio.url, auth=(ACCOUNT, TOKEN)) as client,
    ):
        response = await client.post(MESSAGES, data=fields)
        assert (response.status_code, response.json().get("code")) == (status, code)
        assert len(twilio.taken) == (1 if status == 201 else 0)
        assert len(twilio.misfits) == (1 if code == 20001 else 0)
        twilio.misfits.clear()


async def test_without_the_token_nothing_is_told() -> None:
    async with fake_twilio() as twilio, httpx.AsyncClient(base_url=twilio.url) as client:
        assert (await client.post(MESSAGES, data=GOOD)).json()["code"] == 20003
        assert (
            await client.get(MESSAGES, params={"Colour": "red"}, auth=(ACCOUNT, TOKEN))
        ).status_code == 400
        twilio.misfits.clear()
