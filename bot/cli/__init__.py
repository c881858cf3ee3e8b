"""The `heard` command: one module a command, each importing what is heavy only when it runs."""

import sys

import typer

from bot.cli.assist import assist
from bot.cli.backup import backup
from bot.cli.caps import caps
from bot.cli.channels import channels
from bot.cli.chat import chat
from bot.cli.check import check
from bot.cli.codes import codes
from bot.cli.demo_data import demo_data
from bot.cli.digest import digest
from bot.cli.doctor import doctor
from bot.cli.export import export
from bot.cli.findings import findings
from bot.cli.inbox import inbox
from bot.cli.invite import invite
from bot.cli.languages import languages
from bot.cli.links import links
from bot.cli.migrate import migrate
from bot.cli.outbox import outbox
from bot.cli.paper import paper
from bot.cli.poster import poster
from bot.cli.publish import publish
from bot.cli.quotas import quotas
from bot.cli.quotes import quotes
from bot.cli.recipients import recipients
from bot.cli.referral import referral
from bot.cli.remind import remind
from bot.cli.report import report
from bot.cli.results import results
from bot.cli.rewards import rewards
from bot.cli.serve import serve
from bot.cli.summarise import summarise
from bot.cli.tokens import tokens
from bot.cli.work import work
from bot.errors import HeardError

app = typer.Typer(
    name="heard",
    help="Hold public consultations by SMS and chat, with the people whom consultations usually miss.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(check)
app.command()(chat)
app.command()(serve)
app.command()(work)
app.command()(migrate)
app.command()(backup)
app.command()(doctor)
app.command()(results)
app.command()(report)
app.command()(publish)
app.command()(export)
app.command()(quotas)
app.command()(demo_data)
app.command()(links)
app.command()(poster)
app.add_typer(findings, name="findings")
app.command()(summarise)
app.add_typer(recipients, name="recipients")
app.add_typer(assist, name="assist")
app.add_typer(paper, name="paper")
app.add_typer(inbox, name="inbox")
app.add_typer(invite, name="invite")
app.add_typer(remind, name="remind")
app.add_typer(outbox, name="outbox")
app.add_typer(caps, name="caps")
app.add_typer(channels, name="channels")
app.add_typer(codes, name="codes")
app.add_typer(referral, name="referral")
app.add_typer(quotes, name="quotes")
app.add_typer(languages, name="languages")
app.add_typer(tokens, name="tokens")
app.add_typer(digest, name="digest")
app.add_typer(rewards, name="rewards")


def main() -> None:
    """Run the command line. What Heard raises is told in a sentence, without a traceback."""
    try:
        app()
    except HeardError as error:
        typer.secho(f"heard: {error}", fg="red", err=True)
        sys.exit(1)
