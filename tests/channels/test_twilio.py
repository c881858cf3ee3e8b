"""Twilio's webhooks: what is genuine, what a form says, and what goes back."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from bot.channels import Address, Channel, InboundMessage, Shared
from bot.channels.senders import Kind, Sender
from bot.channels.twilio import Fields, Twilio, Unreadable, bodies, read_message, segments, twiml
from bot.channels.whatsapp import form_of
from bot.core.prompts.records import SMS, Button, Form, Prompt
from bot.errors import WebhookRejected
from tests.support.webhooks import NUMBER, PUBLIC_URL, TOKEN, URL, form, signature

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TWILIO = Twilio(TOKEN, PUBLIC_URL)


def read(**fields: str) -> InboundMessage | Unreadable:
    return read_message(Fields(urlencode(form(**fields)).encode()), AT)


def message(**fields: str) -> InboundMessage:
    read_as = read(**fields)
    assert isinstance(read_as, InboundMessage)
    return read_as


# --- what is genuine


def test_twilios_documented_example_is_genuine() -> None:
    """The vector of Twilio's documentation and of its libraries' tests, over the fields as we hand them on."""
    body = (
        b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
    )
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    validator = RequestValidator("12345")
    assert validator.validate(url, Fields(body), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not validator.validate(url, Fields(body + b"1"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(form(), id="with blank fields"),
        pytest.param(form(FromZip="", Body=""), id="blank text"),
        pytest.param(form(NewIn2027="something"), id="a field nobody has heard of"),
        pytest.param(form("Kedu? سلام 😀 a+b & c=d%"), id="any script, and what forms escape"),
        pytest.param(form("two\r\nlines"), id="two lines"),
        pytest.param(form("a\0b"), id="NUL is signed as it came"),
    ],
)
def test_signed_forms_are_opened(fields: dict[str, str]) -> None:
    opened = TWILIO.fields(urlencode(fields).encode(), signature(fields))
    assert {name: opened.getall(name) for name in opened} == {name: [fields[name]] for name in fields}


def test_a_name_that_comes_twice_is_signed_with_both_values() -> None:
    body = urlencode([*form().items(), ("Extra", "b"), ("Extra", "a")]).encode()
    both = Fields(body)
    genuine = RequestValidator(TOKEN).compute_signature(URL, both)
    assert genuine != signature({**form(), "Extra": "a"})
    assert TWILIO.fields(body, genuine).getall("Extra") == ["b", "a"]


def test_a_slash_at_the_end_of_the_public_address_makes_no_difference() -> None:
    assert Twilio(TOKEN, PUBLIC_URL + "/").fields(urlencode(form()).encode(), signature(form())).text("Body")


BODY = urlencode(form()).encode()


@pytest.mark.parametrize(
    ("body", "signed_with"),
    [
        pytest.param(BODY, None, id="no signature"),
        pytest.param(BODY, "", id="empty signature"),
        pytest.param(BODY, "not a signature at all", id="no base64"),
        pytest.param(BODY, "ü" * 28, id="not even ASCII"),
        pytest.param(BODY, signature(form(), token="f" * 32), id="another token"),
        pytest.param(BODY, signature(form(), url=URL.replace("https", "http")), id="http for https"),
        pytest.param(
            BODY, signature(form(), url="https://elsewhere.example/webhooks/twilio"), id="elsewhere"
        ),
        pytest.param(BODY, signature(form(), url=URL + "?x=1"), id="with a query"),
        pytest.param(BODY.replace(b"ENERGY", b"ENERGYZ"), signature(form()), id="another text"),
        pytest.param(BODY + b"&Latitude=1.5", signature(form()), id="a field more"),
        pytest.param(BODY.replace(b"FromCity=&", b""), signature(form()), id="a blank field less"),
        pytest.param(b"", signature(form()), id="empty"),
        pytest.param(b"\xff\xfe\0", signature(form()), id="bytes"),
        pytest.param(b"a&" * 5_000, signature(form()), id="thousands of fields"),
    ],
)
def test_what_twilio_has_not_signed_is_rejected(body: bytes, signed_with: str | None) -> None:
    with pytest.raises(WebhookRejected) as rejected:
        TWILIO.fields(body, signed_with)
    assert NUMBER not in str(rejected.value)
    assert "ENERGY" not in str(rejected.value)


# --- what a form says


def test_sms() -> None:
    assert message(text="2") == InboundMessage(
        Channel.SMS, Address("+12025550143"), "SM" + "0" * 32, AT, text="2", to="+12025550100"
    )


@pytest.mark.parametrize(("to", "read"), [("whatsapp:+12025550100", "+12025550100"), ("", None), ("?", None)])
def test_which_of_ours_they_wrote_to(to: str, read: str | None) -> None:
    assert message(To=to).to == read


def test_whatsapp_with_a_button() -> None:
    fields = {"From": "whatsapp:+447700900123", "ButtonPayload": "cooks_with=gas", "ButtonText": "Gas"}
    assert message(text="Gas", **fields) == InboundMessage(
        Channel.WHATSAPP,
        Address("+447700900123"),
        "SM" + "0" * 32,
        AT,
        text="Gas",
        button="cooks_with=gas",
        to="+12025550100",
    )


def test_older_name_of_the_id() -> None:
    assert message(sid="SM1", MessageSid="").provider_id == "SM1"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param(
            {"NumMedia": "1", "MediaUrl0": "https://media.example/1", "MediaContentType0": "image/jpeg"},
            (Shared("image", "https://media.example/1"),),
            id="picture",
        ),
        pytest.param(
            {
                "NumMedia": "3",
                "MediaUrl0": "https://media.example/1",
                "MediaContentType0": "text/vcard",
                "MediaUrl1": "https://media.example/2",
                "MediaContentType1": "AUDIO/ogg; codecs=opus",
                "MediaUrl2": "https://media.example/3",
            },
            (Shared("audio", "https://media.example/2"),),
            id="voice among what no item takes",
        ),
        pytest.param({"NumMedia": "-1"}, (), id="negative count"),
        pytest.param({"NumMedia": "²"}, (), id="no count"),
        pytest.param({"NumMedia": "999"}, (), id="more than there are"),
        pytest.param(
            {"Latitude": "6.5243793", "Longitude": "3.3792057"},
            (Shared("geopoint", "6.52 3.38 0 0"),),
            id="place, a kilometre wide",
        ),
        pytest.param(
            {"Latitude": "-33", "Longitude": "18.42"},
            (Shared("geopoint", "-33 18.42 0 0"),),
            id="whole degree",
        ),
        pytest.param({"Latitude": "91.5", "Longitude": "3.3"}, (), id="north of the pole"),
        pytest.param({"Latitude": "NaN", "Longitude": "3.3"}, (), id="no number"),
        pytest.param({"Latitude": "6.52", "Longitude": ""}, (), id="half a place"),
    ],
)
def test_what_came_with_it(fields: dict[str, str], expected: tuple[Shared, ...]) -> None:
    assert message(**fields).shared == expected


def test_nul_is_dropped_for_postgresql() -> None:
    assert message(text="a\0b", ButtonPayload="c\0=d").text == "ab"
    assert message(text="a\0b", ButtonPayload="c\0=d").button == "c=d"


@pytest.mark.parametrize(
    ("fields", "button"),
    [
        pytest.param({"ButtonPayload": "q=a"}, "q=a", id="a quick reply"),
        pytest.param({"ListId": "q=a", "ListTitle": "Gas"}, "q=a", id="of a list"),
        pytest.param({"ButtonPayload": "", "ListId": "q=a"}, "q=a", id="of a list, with a blank field"),
        pytest.param({"ButtonPayload": "yes_please"}, None, id="of an operator's own template"),
        pytest.param({}, None, id="none"),
    ],
)
def test_what_was_pressed(fields: dict[str, str], button: str | None) -> None:
    pressed = message(text="Gas", From="whatsapp:+447700900123", **fields)
    assert (pressed.text, pressed.button) == ("Gas", button)


OURS = (Sender("+12025550100", Kind.NUMBER, Channel.WHATSAPP), Sender("+12025550101", Kind.NUMBER))
WITH_BUTTONS = form_of(["quick-reply-2"])


@pytest.mark.parametrize(
    ("sender", "to", "shown"),
    [
        pytest.param(f"whatsapp:{NUMBER}", "whatsapp:+12025550100", WITH_BUTTONS, id="WhatsApp"),
        pytest.param(f"whatsapp:{NUMBER}", "whatsapp:+12025550101", SMS, id="from a number for SMS"),
        pytest.param(f"whatsapp:{NUMBER}", "whatsapp:+12025550199", SMS, id="from a number of nobody's"),
        pytest.param(NUMBER, "+12025550100", SMS, id="SMS"),
    ],
)
def test_replies_have_buttons_where_they_can_be_sent(sender: str, to: str, shown: Form) -> None:
    fields = Fields(urlencode(form(From=sender, To=to)).encode())
    opened = read_message(fields, AT, OURS, WITH_BUTTONS)
    assert isinstance(opened, InboundMessage)
    assert opened.form == shown


def test_what_has_buttons_does_not_travel_in_the_answer() -> None:
    prompts = [Prompt("Which?", (Button("Gas", "q=gas"),)), Prompt("Thank you.")]
    answered = TWILIO.answer(message(From=f"whatsapp:{NUMBER}"), prompts)
    assert said(answered.body) == ["Thank you."]
    assert b"position=1" in answered.body
    assert said(TWILIO.answer(message(), prompts).body) == ["Which?", "Thank you."]


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop",
        "Unsubscribe",
        "END",
        "quit",
        "StopAll",
        "REVOKE",
        "OPTOUT",
        "cancel",
        " Stop\n",
    ],
)
def test_what_twilio_answers_itself(text: str) -> None:
    assert message(text=text).answered_by_carrier
    assert not message(text=text, From="whatsapp:+447700900123").answered_by_carrier


@pytest.mark.parametrize(
    "text", ["YES", "START", "unstop", "HELP", "info", "STOP please", "BAJA", "", "1", "the end"]
)
def test_what_is_ours_to_answer(text: str) -> None:
    assert not message(text=text).answered_by_carrier


@pytest.mark.parametrize(("kind", "answered"), [("STOP", True), ("HELP", True), ("START", False)])
@pytest.mark.parametrize("sender", ["+447700900123", "whatsapp:+447700900123"])
def test_words_of_advanced_opt_out(kind: str, answered: bool, sender: str) -> None:
    assert message(text="BAJA", OptOutType=kind, From=sender).answered_by_carrier is answered


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"sid": ""}, "MessageSid", id="no id"),
        pytest.param({"sid": "SM 1"}, "MessageSid", id="no id at all"),
        pytest.param({"sid": "S" * 65}, "MessageSid", id="id too long for the store"),
        pytest.param({"From": ""}, "From", id="no sender"),
        pytest.param({"From": "ANONYMOUS"}, "From", id="hidden sender"),
        pytest.param({"From": "whatsapp:"}, "From", id="no number"),
        pytest.param({"From": "rcs:someone"}, "From", id="another channel"),
        pytest.param({"From": "+1202555014３"}, "From", id="digit of another script"),
        pytest.param({"MessageStatus": "delivered"}, "receipt", id="receipt"),
    ],
)
def test_what_is_no_message(fields: dict[str, str], named: str) -> None:
    refused = read(**fields)
    assert isinstance(refused, Unreadable)
    assert named in refused.reason


# --- what goes back


def said(response: bytes) -> list[str]:
    root = ElementTree.fromstring(response)
    assert root.tag == "Response"
    assert {child.tag for child in root} <= {"Message"}
    return [child.text or "" for child in root]


CALLBACK = "https://heard.example/s?a=b&position="
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@pytest.mark.parametrize("texts", [(), ("",), (" \n",)])
def test_nothing_to_say(texts: tuple[str, ...]) -> None:
    assert twiml(dict(enumerate(texts)), CALLBACK) == EMPTY


def test_twiml_is_escaped() -> None:
    response = twiml({0: "1 < 2 & 3 > 2", 1: "</Message><Redirect>x</Redirect>"}, CALLBACK)
    assert response == (
        b'<?xml version="1.0" encoding="UTF-8"?><Response>'
        b'<Message statusCallback="https://heard.example/s?a=b&amp;position=0">1 &lt; 2 &amp; 3 &gt; 2</Message>'
        b'<Message statusCallback="https://heard.example/s?a=b&amp;position=1">'
        b"&lt;/Message&gt;&lt;Redirect&gt;x&lt;/Redirect&gt;</Message></Response>"
    )


@pytest.mark.parametrize("length", [1_600, 1_601, 3_300])
def test_no_message_is_longer_than_twilio_takes(length: int) -> None:
    text = ("A sentence that is said again and again. " * 90)[: length - 1] + "."
    parts = said(twiml({0: text}, CALLBACK))
    assert "".join(parts) == text
    assert len(parts) == -(-length // 1_600)
    assert max(map(len, parts)) <= 1_600


@given(st.lists(st.text(max_size=50) | st.text(st.sampled_from("a<&>\"'\0\x0b\ud800\ufffe😀é"))))
def test_twiml_is_always_xml(texts: list[str]) -> None:
    said(twiml(dict(enumerate(texts)), CALLBACK))


@pytest.mark.parametrize(
    ("channel", "text", "expected"),
    [
        (Channel.SMS, "a" * 160, 1),
        (Channel.SMS, "ç" * 71, 2),
        (Channel.SMS, "a" * 1_600, 11),
        (Channel.SMS, "a" * 1_601, 12),
        (Channel.SMS, "", 0),
        (Channel.WHATSAPP, "a" * 160, None),
        (Channel.PAGE, "a" * 160, None),
    ],
)
def test_segments_are_those_of_what_is_sent(channel: Channel, text: str, expected: int | None) -> None:
    assert segments(channel, text) == expected


def test_a_text_is_one_message_up_to_the_limit() -> None:
    assert bodies("ab") == ("ab",)
    assert bodies("😀" * 800) == ("😀" * 800,)
    assert bodies("😀" * 801) == ("😀" * 800, "😀")
