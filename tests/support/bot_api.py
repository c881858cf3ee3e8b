"""Telegram's Bot API as a server on loopback: it checks every call as Telegram would, and misbehaves on order.

What a call may have stands in tests/data/telegram_bot_api.json (its source is in SOURCES.md): an unknown method or
field, a missing one, a wrong type come back as an error in Telegram's own shape. The rest is from
https://core.telegram.org/bots/api.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.listening import listening

TOKEN = "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqq1"
SECRET = "a-secret-of-sixteen-and-more"
BOT = {"id": 123456789, "is_bot": True, "first_name": "Heard", "username": "heard_bot"}
DATE = 1_772_452_800

_DESCRIPTION = json.loads(
    (Path(__file__).parents[1] / "data/telegram_bot_api.json").read_text(encoding="utf-8")
)
_CAN_JOIN = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}


@dataclass(frozen=True)
class Refuses:
    """It answers with an error. `parameters` are what Telegram adds: retry_after, migrate_to_chat_id."""

    status: int
    description: str
    parameters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Garbage:
    """It answers with something that is no JSON, as a gateway between does."""

    status: int = 502


Behaviour = Refuses | Garbage | Callable[[], Awaitable[object]]
"""Or something to await after the call was taken, before it is answered."""


def fault(method: str, given: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a call, or None."""
    described = _DESCRIPTION["methods"].get(method)
    if described is None:
        return "method not found"
    return _fields_fault(described.get("fields", []), given, outermost=True) or _limit_fault(method, given)


def _fields_fault(fields: list[dict[str, Any]], given: Mapping[str, Any], *, outermost: bool) -> str | None:
    known = {one["name"]: one for one in fields}
    for name in given:
        if name not in known:
            return f"unknown field {name}"
    for name, one in known.items():
        if name not in given:
            if one["required"]:
                return f"{name} is missing"
        elif not any(_is_of(kind, given[name], outermost=outermost) for kind in one["types"]):
            return f"{name} is not of type {' or '.join(one['types'])}"
    return None


def _is_of(kind: str, value: Any, *, outermost: bool) -> bool:
    if outermost and isinstance(value, str) and kind != "String":
        # In a form everything is a text, and what has parts is JSON.
        try:
            value = json.loads(value)
        except ValueError:
            return False
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return isinstance(value, list) and all(_is_of(inner, one, outermost=False) for one in value)
    if kind in ("Integer", "Integer64"):
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "Float":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind in ("Boolean", "True"):
        return isinstance(value, bool)
    if kind == "String":
        return isinstance(value, str)
    described = _DESCRIPTION["types"][kind]
    if "subtypes" in described:
        return any(_is_of(one, value, outermost=False) for one in described["subtypes"])
    return (
        isinstance(value, dict) and _fields_fault(described.get("fields", []), value, outermost=False) is None
    )


def _limit_fault(method: str, given: Mapping[str, Any]) -> str | None:
    if "text" in given and method == "sendMessage" and not 1 <= len(str(given["text"])) <= 4096:
        return "message text is empty or too long"
    markup = given.get("reply_markup")
    markup = json.loads(markup) if isinstance(markup, str) else markup
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                return "BUTTON_DATA_INVALID"
    return None


LARGEST_FILE = 20_000_000


@dataclass
class BotApi:
    """What it was asked, what it would show to people, and how it will behave next."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: dict[str, Any] = field(default_factory=dict)
    next: deque[Behaviour] = field(default_factory=deque)
    """For messages and files."""
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """What can be fetched, by its id."""
    given: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: Any = field(default_factory=lambda: count(1000))

    async def answer(self, request: Request) -> Response:
        """Answer one call over HTTP."""
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        method = request.path_params["method"]
        body = (await request.body()).decode()
        is_json = request.headers.get("content-type", "").startswith("application/json")
        given = json.loads(body or "{}") if is_json else dict(parse_qsl(body, keep_blank_values=True))
        if wrong := fault(method, given):
            return _error(404 if wrong == "method not found" else 400, f"Bad Request: {wrong}")
        behaviour = self.next.popleft() if self.next and method in ("sendMessage", "getFile") else None
        if isinstance(behaviour, Refuses):
            return _error(behaviour.status, behaviour.description, behaviour.parameters)
        if isinstance(behaviour, Garbage):
            return Response("<html>Bad Gateway</html>", behaviour.status)
        if method == "getFile" and given["file_id"] not in self.files:
            return _error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        result = await self.take(method, given)
        if behaviour is not None:
            await behaviour()
        return JSONResponse({"ok": True, "result": result})

    async def take(self, method: str, given: Mapping[str, Any]) -> Any:
        """Do what a call asks for, and return what Telegram would."""
        plain = {name: _plain(value) for name, value in given.items()}
        self.calls.append((method, plain))
        match method:
            case "getMe":
                return {**BOT, **_CAN_JOIN}
            case "sendMessage":
                return self._show(plain)
            case "editMessageReplyMarkup":
                return self._remark(plain)
            case "setWebhook":
                self.webhook = plain
            case "deleteWebhook":
                self.webhook = {}
            case "getWebhookInfo":
                url = self.webhook.get("url", "")
                return {"url": url, "has_custom_certificate": False, "pending_update_count": 0}
            case "setMyCommands":
                self.commands[plain.get("language_code", "")] = plain["commands"]
            case "getUpdates":
                return await self._held(plain)
            case "getFile":
                file_id = plain["file_id"]
                size = len(self.files[file_id])
                told = {"file_id": file_id, "file_unique_id": file_id, "file_size": size}
                return told if size > LARGEST_FILE else {**told, "file_path": f"files/{file_id}"}
        self.changed.set()
        return True

    def _show(self, given: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(given["chat_id"])
        shown = {"message_id": next(self.numbers), "date": DATE, "chat": {"id": chat_id, "type": "private"}}
        shown |= {"from": BOT, "text": given["text"]}
        if "reply_markup" in given:
            shown["reply_markup"] = given["reply_markup"]
        self.sent.append(shown)
        self.changed.set()
        return {
            name: value
            for name, value in shown.items()
            if name != "reply_markup" or "inline_keyboard" in value
        }

    def _remark(self, given: dict[str, Any]) -> dict[str, Any]:
        (message,) = [one for one in self.sent if one["message_id"] == int(given["message_id"])]
        message.pop("reply_markup", None)
        if "reply_markup" in given:
            message["reply_markup"] = given["reply_markup"]
        self.changed.set()
        return message

    async def _held(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(given.get("offset", 0))
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        if not self.updates and int(given.get("timeout", 0)):
            self.changed.clear()
            await self.changed.wait()
        return self.updates

    def queue(self, update: dict[str, Any]) -> None:
        """Have an update for whoever asks next."""
        self.updates.append(update)
        self.changed.set()

    async def deliver(
        self, web: httpx.AsyncClient, update: dict[str, Any], secret: str | None = SECRET
    ) -> httpx.Response:
        """Send an update to a webhook, and take the call in its answer as Telegram does."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        response = await web.post("/webhooks/telegram", json=update, headers=headers)
        if response.status_code == 200 and response.content:
            call = response.json()
            method = call.pop("method")
            assert (wrong := fault(method, call)) is None, f"{method}: {wrong}"
            await self.take(method, call)
        return response

    async def give(self, request: Request) -> Response:
        """Give a file away, to whoever has the token."""
        if request.path_params["token"] != TOKEN:
            return _error(404, "Not Found")
        self.given.append(request.path_params["id"])
        self.changed.set()
        return Response(self.files[request.path_params["id"]], media_type="application/octet-stream")

    @property
    def app(self) -> Starlette:
        calls = Route("/bot{token}/{method}", self.answer, methods=["GET", "POST"])
        return Starlette(routes=[Route("/file/bot{token}/files/{id}", self.give), calls])


def _plain(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        return json.loads(value)
    return value


def _error(status: int, description: str, parameters: Mapping[str, int] | None = None) -> Response:
    told: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return JSONResponse({**told, **({"parameters": dict(parameters)} if parameters else {})}, status)


class Person:
    """Somebody on Telegram, whose updates it makes."""

    def __init__(self, api: BotApi, number: int, language: str = "en") -> None:
        self._api = api
        self.chat = {"id": number, "type": "private", "first_name": "Ada"}
        self.who = {"id": number, "is_bot": False, "first_name": "Ada", "language_code": language}

    def _update(self, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        return {"update_id": next(self._api.numbers), kind: value}

    def says(self, text: str = "", **fields: Any) -> dict[str, Any]:
        words = {"text": text} if text else {}
        number = next(self._api.numbers)
        message = {"message_id": number, "date": DATE, "chat": self.chat, "from": self.who, **words, **fields}
        return self._update("message", message)

    def edits(self, update: dict[str, Any], text: str) -> dict[str, Any]:
        return self._update("edited_message", {**update["message"], "text": text, "edit_date": DATE + 9})

    def presses(self, label: str, message: dict[str, Any] | None = None) -> dict[str, Any]:
        """Press a button of a message, by default of the newest one with a keyboard of its own."""
        with_keys = [one for one in self._api.sent if "inline_keyboard" in one.get("reply_markup", {})]
        on = message or with_keys[-1]
        keys = [key for row in on["reply_markup"]["inline_keyboard"] for key in row]
        (key,) = [one for one in keys if one["text"].endswith(label)]
        query = {"id": str(next(self._api.numbers)), "from": self.who, "chat_instance": "1"}
        return self._update("callback_query", {**query, "message": on, "data": key["callback_data"]})

    def blocks(self) -> dict[str, Any]:
        change = {"chat": self.chat, "from": self.who, "date": DATE}
        old = {"user": BOT, "status": "member"}
        new = {"user": BOT, "status": "kicked", "until_date": 0}
        return self._update("my_chat_member", {**change, "old_chat_member": old, "new_chat_member": new})


@asynccontextmanager
async def bot_api() -> AsyncIterator[BotApi]:
    """Serve it on a port of its own until the block ends."""
    api = BotApi()
    async with listening(api.app) as api.url:
        try:
            yield api
        finally:
            # Whoever is held asks no more.
            api.changed.set()
