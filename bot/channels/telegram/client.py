"""python-telegram-bot's client, made and closed."""

from telegram import Bot


def make_bot(token: str, api_url: str | None = None) -> Bot:
    """Return the bot of a token; `api_url` is a Bot API server other than Telegram's own."""
    if api_url is None:
        return Bot(token)
    url = api_url.rstrip("/")
    return Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")


async def close(bot: Bot) -> None:
    """Close a bot's connections.

    `Bot.shutdown` leaves those of a bot open that was not initialized; and to be initialized, a bot has to ask Telegram
    who it is, which must not keep a server from starting.
    """
    for request in bot._request:
        await request.shutdown()
