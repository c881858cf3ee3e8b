"""The machine that words summaries: any endpoint that speaks OpenAI's chat completions, where one is set.

https://platform.openai.com/docs/api-reference/chat says what goes in and out; llama.cpp, vLLM and Ollama serve the same
on a machine of one's own.
"""

import asyncio
from dataclasses import dataclass, field

import httpx

from bot.errors import SummaryError
from bot.results.words.redaction import Redacted
from bot.results.words.rules import Rules
from bot.results.words.summary import Asked, Summary, read_summary

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the machine is reached, like `https://llm.example.org/v1`; `key` shows nowhere."""

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout_s: float = 120.0


async def summarise(endpoint: Endpoint, asked: Asked, rules: Rules) -> Summary:
    """Send what is asked, once, and return what of the answer holds.

    Raises:
        SummaryError: there was no answer, or it was none that can be read.
    """
    if not all(isinstance(words, Redacted) for words in asked.answers.values()):
        raise TypeError("only redacted words leave")
    body = {"model": endpoint.model, "temperature": 0, "messages": [dict(one) for one in asked.messages]}
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    try:
        # The limit is for all of it: an endpoint may send a letter a minute.
        async with asyncio.timeout(endpoint.timeout_s), httpx.AsyncClient(timeout=None) as client:  # noqa: S113
            request = client.build_request(
                "POST", f"{endpoint.url.rstrip('/')}/chat/completions", json=body, headers=headers
            )
            response = await client.send(request, stream=True)
            try:
                content = await _content(response)
            finally:
                await response.aclose()
    except TimeoutError:
        raise SummaryError(f"the summariser did not answer in {endpoint.timeout_s:g} seconds") from None
    except httpx.HTTPError as error:
        raise SummaryError(f"the summariser cannot be reached: {type(error).__name__}") from None
    summary = read_summary(content, asked, rules)
    if summary is None:
        raise SummaryError("the summariser did not answer with the sentences that it was asked for")
    return summary


async def _content(response: httpx.Response) -> str:
    if response.status_code != httpx.codes.OK:
        hint = "; HEARD_SUMMARISER_KEY is not what it wants" if response.status_code in (401, 403) else ""
        raise SummaryError(f"the summariser answered with {response.status_code}{hint}")
    received = bytearray()
    async for part in response.aiter_bytes():
        received += part
        if len(received) > MOST_BYTES:
            raise SummaryError("the summariser answered with more than a summary")
    try:
        return str(httpx.Response(200, content=bytes(received)).json()["choices"][0]["message"]["content"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise SummaryError("the summariser's answer is not that of a chat completion") from None
