"""Telegram's updates as messages, prompts as keyboards, and the door that believes nothing without the secret."""

import json
import logging
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels import Address, Channel, InboundMessage, Shared
from bot.channels.doors import Answer, Turned
from bot.channels.sending import Deferred, Delivery, Refused, Unclear
from bot.channels.telegram.door import PATH, TelegramDoor
from bot.channels.telegram.keyboards import MARKED, UNMARKED, parameters
from bot.channels.telegram.sending import meaning_of
from bot.channels.telegram.updates import NOTHING, Received, read_update
from bot.core.prompts.records import SHARE_PLACE_BUTTON, Button, Prompt
from tests.support.intake import NOON

BOT = "telegram:123456789"
TOKEN = "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqq1"
SECRET = "a-secret-of-sixteen-and-more"
CHAT = {"id": 4400, "type": "private", "first_name": "Ada"}
GROUP = {"id": -100, "type": "supergroup", "title": "Market women"}
PERSON = {"id": 4400, "is_bot": False, "first_name": "Ada", "language_code": "sw-KE"}
DATE = 1_772_452_800


def say_in_private(language: str | None) -> str:
    return f"in private ({language})"


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 31, "date": DATE, "chat": CHAT, "from": PERSON, **fields}


def read(**update: Any) -> Received:
    built = Update.de_json({"update_id": 7, **update}, None)
    return read_update(built, BOT, NOON, say_in_private)


def inbound(**fields: Any) -> InboundMessage:
    return InboundMessage(
        **{
            "channel": Channel.TELEGRAM,
            "address": Address("4400"),
            "provider_id": f"{BOT}-7-{DATE}",
            "at": NOON,
            "to": BOT,
            "reference": "31",
            "hints": ("sw",),
            **fields,
        }
    )


PHOTO = [
    {"file_id": name, "file_unique_id": name, "width": 9, "height": 9, "file_size": 99} for name in ("s", "l")
]
VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3, "file_size": 99}
TOO_LARGE = {**VOICE, "file_size": 20_000_001}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"text": "Hello <b>_*"}, {"text": "Hello <b>_*"}, id="words, never markup"),
        pytest.param({"text": "/start"}, {"text": "start"}, id="start"),
        pytest.param({"text": "/start@heard_bot"}, {"text": "start"}, id="start by name"),
        pytest.param({"text": "/start water"}, {"text": "start", "joins": "water"}, id="link"),
        pytest.param(
            {"text": "/start water-2026_radio-7_b"},
            {"text": "start", "joins": "water-2026", "source": "radio-7_b"},
            id="link with its source",
        ),
        pytest.param({"text": "/help"}, {"text": "help"}, id="command"),
        pytest.param({"text": "/start what is this"}, {"text": "/start what is this"}, id="no link"),
        pytest.param({"photo": PHOTO}, {"shared": (Shared("image", "l"),)}, id="largest photo"),
        pytest.param(
            {"photo": PHOTO, "caption": "our well"},
            {"text": "our well", "shared": (Shared("image", "l"),)},
            id="photo with words",
        ),
        pytest.param({"voice": VOICE}, {"shared": (Shared("audio", "v"),)}, id="voice"),
        pytest.param({"voice": TOO_LARGE}, {"shared": (Shared("other", ""),)}, id="too large"),
        pytest.param(
            {"location": {"latitude": 6.524379, "longitude": 3.379206}},
            {"shared": (Shared("geopoint", "6.52 3.38 0 0"),)},
            id="place, not to the metre",
        ),
        pytest.param(
            {"contact": {"phone_number": "+12025550143", "first_name": "B"}},
            {"shared": (Shared("other", ""),)},
            id="a contact is not asked for",
        ),
        pytest.param(
            {"document": {"file_id": "d", "file_unique_id": "d", "mime_type": "image/png"}},
            {"shared": (Shared("image", "d"),)},
            id="picture sent as a file",
        ),
        pytest.param({}, {"shared": (Shared("other", ""),)}, id="something that is not known yet"),
    ],
)
def test_a_message(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    assert read(message=message(**fields)) == Received(inbound(**expected))


def test_an_edit_corrects_the_message_of_the_same_name() -> None:
    edited = message(text="35", edit_date=DATE + 60)
    assert read(edited_message=edited) == Received(inbound(text="35", corrects=True))


@pytest.mark.parametrize(
    ("update", "answer"),
    [
        ({"message": message(chat=GROUP, text="hello all")}, None),
        ({"message": message(chat=GROUP, text="/start")}, "in private (sw-KE)"),
        ({"message": message(chat={**GROUP, "type": "channel"}, text="/start")}, None),
        ({"channel_post": message(text="news")}, None),
        ({"message": message(**{"from": {**PERSON, "is_bot": True}}, text="spam")}, None),
        ({"inline_query": {"id": "1", "from": PERSON, "query": "x", "offset": ""}}, None),
        ({}, None),
    ],
)
def test_what_is_not_said_to_us_alone_is_not_recorded(update: dict[str, Any], answer: str | None) -> None:
    received = read(**update)
    assert received.message is None
    if answer is None:
        assert received == NOTHING
    else:
        assert received.answer is not None
        assert (received.answer.method, received.answer.parameters["text"]) == ("sendMessage", answer)


def membership(status: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    us = {"id": 123456789, "is_bot": True, "first_name": "Heard"}
    ban = {"until_date": 0} if status == "kicked" else {}
    return {
        "chat": chat,
        "from": PERSON,
        "date": DATE,
        "old_chat_member": {"user": us, "status": "member"},
        "new_chat_member": {"user": us, "status": status, **ban},
    }


def test_who_blocks_us_leaves() -> None:
    left = read(my_chat_member=membership("kicked")).message
    assert left is not None
    assert left.leaves
    assert left.provider_id == f"{BOT}-left-4400-{DATE}"


def test_who_unblocks_us_has_asked_for_nothing_yet() -> None:
    assert read(my_chat_member=membership("member")) == NOTHING


def test_a_group_that_adds_us_is_told() -> None:
    received = read(my_chat_member=membership("member", GROUP))
    assert received.answer is not None
    assert received.answer.parameters == {"chat_id": -100, "text": "in private (sw-KE)"}
    assert read(my_chat_member=membership("left", GROUP)) == NOTHING


# --- keyboards


def keyboard(prompt: Prompt) -> list[list[tuple[str, str]]]:
    rows = parameters(prompt)["reply_markup"]["inline_keyboard"]
    return [[(one["text"], one["callback_data"]) for one in row] for row in rows]


def test_yes_and_no_stand_side_by_side_and_long_choices_below_each_other() -> None:
    short = Prompt("May we?", (Button("Yes", "c=yes"), Button("No", "c=no")))
    assert keyboard(short) == [[("Yes", "c=yes"), ("No", "c=no")]]
    long = Prompt("Which?", (Button("In the last month", "w=a"), Button("Never", "w=b")))
    assert keyboard(long) == [[("In the last month", "w=a")], [("Never", "w=b")]]


def test_text_without_buttons_has_no_keyboard_and_no_markup() -> None:
    assert parameters(Prompt("a_b *c* <d>")) == {"text": "a_b *c* <d>"}


def test_a_place_is_asked_for_by_a_button_of_telegrams() -> None:
    asked = parameters(Prompt("Where?", (Button("Send where I am", SHARE_PLACE_BUTTON),)))
    (row,) = asked["reply_markup"]["keyboard"]
    assert row == [{"text": "Send where I am", "request_location": True}]


SEVERAL = Prompt("What?", (Button("Water", "n=w"), Button("Light", "n=l"), Button("Done", "n=")))


def press(data: str, markup: dict[str, Any] | None, **changed: Any) -> Received:
    asked = message(text="What?", **{"reply_markup": markup} if markup else {})
    query = {"id": "q1", "from": PERSON, "chat_instance": "1", "data": data, "message": asked, **changed}
    return read(callback_query=query)


def test_marks_are_kept_in_the_keyboard_and_sent_together() -> None:
    markup = parameters(SEVERAL)["reply_markup"]
    assert [row[0][0] for row in keyboard(SEVERAL)] == [f"{UNMARKED}Water", f"{UNMARKED}Light", "Done"]
    for data, marks in (("n=l", "l"), ("n=w", "lw"), ("n=l", "w"), ("n=l", "wl")):
        received = press(data, markup)
        assert received.message is None
        assert received.answer is not None
        assert received.answer.method == "editMessageReplyMarkup"
        markup = received.answer.parameters["reply_markup"]
        labels = {row[0]["text"] for row in markup["inline_keyboard"]}
        assert {label[len(MARKED)] for label in labels if label.startswith(MARKED)} == {
            {"l": "L", "w": "W"}[mark] for mark in marks
        }
    sent = press("n=", markup)
    assert sent.message is not None
    assert sent.message.button == "n=w l"
    assert [call.method for call in sent.beside] == ["answerCallbackQuery", "editMessageReplyMarkup"]


def test_nothing_marked_is_sent_as_nothing() -> None:
    received = press("n=", parameters(SEVERAL)["reply_markup"])
    assert received.message is not None
    assert received.message.button == "n="


def test_a_press_is_a_message_and_takes_its_keyboard_away() -> None:
    markup = parameters(Prompt("May we?", (Button("Yes", "c=yes"), Button("No", "c=no"))))["reply_markup"]
    received = press("c=yes", markup)
    expected = inbound(provider_id=f"{BOT}-press-q1", button="c=yes", reference=None)
    assert received.message == expected
    assert received.beside[1].parameters == {"chat_id": 4400, "message_id": 31}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="without its keyboard"),
        pytest.param({"message": {"chat": CHAT, "message_id": 31, "date": 0}}, id="too old to be shown"),
    ],
)
def test_a_button_that_has_lost_its_message_is_of_an_earlier_question(changed: dict[str, Any]) -> None:
    received = press("n=w", None, **changed)
    assert received.message is not None
    assert received.message.button == ""


def test_a_button_in_a_group_records_nothing() -> None:
    received = press("n=w", None, message=message(chat=GROUP))
    assert received.message is None
    assert received.answer is not None
    assert received.answer.method == "answerCallbackQuery"


# --- the door


@pytest.fixture
def door() -> TelegramDoor:
    return TelegramDoor(Bot(TOKEN, base_url="http://127.0.0.1:9/bot"), SECRET, say_in_private)


def opened(door: TelegramDoor, body: bytes, secret: str | None = SECRET) -> InboundMessage | Answer | Turned:
    headers = [(b"x-telegram-bot-api-secret-token", secret.encode())] if secret is not None else []
    return door.open(body, headers, NOON)


def test_a_genuine_update_is_a_message(door: TelegramDoor) -> None:
    body = json.dumps({"update_id": 7, "message": message(text="35")}).encode()
    assert opened(door, body) == inbound(text="35")
    assert door.path == PATH == "/webhooks/telegram"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "ключ"])
def test_without_the_secret_nothing_is_read(door: TelegramDoor, secret: str | None) -> None:
    turned = opened(door, b"no json at all", secret)
    assert isinstance(turned, Turned)
    assert (turned.reason, turned.answer.status) == ("signature", 403)
    assert SECRET not in turned.told


def test_no_json_is_refused_and_what_cannot_be_read_is_passed_over(door: TelegramDoor) -> None:
    turned = opened(door, b'{"update_id"')
    assert isinstance(turned, Turned)
    assert turned.answer.status == 400
    for body in (b"[]", b"7", b'{"message": 7}', b'{"update_id": 1, "message": {"text": 5}}'):
        answered = opened(door, body)
        # Anything but 200 would bring it back again and again.
        assert (answered.answer if isinstance(answered, Turned) else answered) == Answer(200)


def test_the_first_prompt_travels_in_the_answer(door: TelegramDoor) -> None:
    answer = door.answer(inbound(text="35"), [Prompt("Ọ dị mma?", (Button("Ee", "c=yes"),)), Prompt("more")])
    assert answer.content_type == b"application/json"
    assert json.loads(answer.body) == {
        "method": "sendMessage",
        "chat_id": 4400,
        "text": "Ọ dị mma?",
        "reply_markup": {"inline_keyboard": [[{"text": "Ee", "callback_data": "c=yes"}]]},
    }
    assert door.answer(inbound(text="35"), []) == Answer(200)


plain = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)
KINDS = ["message", "edited_message", "callback_query", "my_chat_member", "inline_query", "poll"]
PARTS = [
    "message_id",
    "date",
    "chat",
    "from",
    "text",
    "photo",
    "location",
    "data",
    "id",
    "message",
    "reply_markup",
]


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["update_id", *KINDS]),
        anything | st.dictionaries(st.sampled_from(PARTS), anything | st.just(CHAT) | st.just(PERSON)),
    )
)
def test_no_update_makes_it_raise_or_be_sent_again(update: dict[str, Any]) -> None:
    # Calls beside are made in a task, which needs a loop; without one it must not come that far.
    read = reader()._read(update, NOON)
    assert read is None or isinstance(read, Received)


@cache
def reader() -> TelegramDoor:
    """Return one door for every example: a bot makes a client, with all its certificates."""
    return TelegramDoor(Bot(TOKEN), SECRET, say_in_private)


def test_nothing_of_an_unreadable_update_is_logged(
    door: TelegramDoor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        opened(door, b'{"update_id": 1, "message": {"text": "my secret words", "chat": 7}}')
    assert "secret words" not in caplog.text


@pytest.mark.parametrize(
    ("error", "delivery"),
    [
        (RetryAfter(7), Deferred("429", 7.0)),
        (Forbidden("bot was blocked by the user"), Refused("403", opted_out=True)),
        (InvalidToken(), Deferred("401", 60.0)),
        (BadRequest("chat not found"), Refused("400")),
        (ChatMigrated(5), Refused("migrated")),
        (TimedOut(), Unclear("TimedOut")),
        (NetworkError("Bad Gateway"), Unclear("NetworkError")),
        (TelegramError("something new"), Unclear("TelegramError")),
    ],
)
def test_what_errors_mean(error: TelegramError, delivery: Delivery) -> None:
    assert meaning_of(error) == delivery
