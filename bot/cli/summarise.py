"""`heard summarise`: a summary that a machine words, where you have set one up; off by default."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cli.opened_words import opened_words
from bot.cli.quotes import ConsultationArgument
from bot.cli.showing import told
from bot.errors import SummaryError


def summarise(
    consultation: ConsultationArgument,
    item: Annotated[str, typer.Argument(help="The item whose answers are summarised.")],
    language: Annotated[
        str | None, typer.Option(help="The language of the answers. Default: the consultation's first.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send it without asking.")] = False,
) -> None:
    """Have a machine summarise an item's answers in one language. What is sent is shown first, and is redacted.

    Each sentence cites its answers; what they do not support is dropped.
    """
    asyncio.run(_summarise(consultation, item, language, yes))


async def _summarise(consultation: str, item: str, language: str | None, yes: bool) -> None:
    from bot.results.words.said import rules_of, said, text_items
    from bot.results.words.summariser import Endpoint
    from bot.results.words.summariser import summarise as summarised
    from bot.results.words.summary import LEAST_CITED, ask
    from bot.settings import summarising

    console = Console(highlight=False)
    async with opened_words(consultation) as opened:
        setting = summarising(opened.settings)
        key = setting.key.get_secret_value() if setting.key else None
        endpoint = Endpoint(setting.url, setting.model, key)
        newest = opened.versions[0]
        if item not in text_items(opened.versions):
            items = ", ".join(text_items(opened.versions)) or "none"
            raise SummaryError(
                f"{consultation} has no item '{item}' that asks for own words; those are: {items}"
            )
        spoken = language or newest.languages[0]
        label = newest.item(item).label if item in newest.positions else None
        answers = [one async for one in said(opened.engine, opened.versions, [item]) if not one.is_flagged]
        rules = await rules_of(opened.engine, newest)
    asked = ask(label.into(spoken) if label else item, spoken, answers)
    if len(asked.answers) < LEAST_CITED:
        raise SummaryError(f"there are fewer than {LEAST_CITED} answers to '{item}' in {spoken}")
    if not yes:
        console.print(
            Text(f"This is sent to {endpoint.url} (model {endpoint.model}), and nothing else:", "bold")
        )
        for message in asked.messages:
            console.print(Padding(Text(told(message["content"])), (0, 0, 1, 3), expand=False), soft_wrap=True)
        typer.confirm("Send it?", abort=True)
    summary = await summarised(endpoint, asked, rules)
    sent = len(asked.answers)
    drawn = f"{sent} answers" if sent == asked.of else f"{sent} of {asked.of} answers, drawn at random"
    console.print(Text(f"{summary.note} From {drawn} in {spoken}.", "bold"))
    for sentence in summary.sentences:
        console.print(Text(f"{told(sentence.words.text)} [{', '.join(sentence.cites)}]"), soft_wrap=True)
    for key in dict.fromkeys(key for sentence in summary.sentences for key in sentence.cites):
        console.print(Text(f"   {key}: {told(asked.answers[key].text)}", "dim"), soft_wrap=True)
    for why, many in summary.dropped.items():
        console.print(f"{many} {'sentence' if many == 1 else 'sentences'} dropped: {why}.")
