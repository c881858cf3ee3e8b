"""Webhooks as Twilio sends them, signed by Twilio's own library."""

from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC_URL = "https://heard.example"
URL = PUBLIC_URL + "/webhooks/twilio"
NUMBER = "+12025550143"


def form(text: str = "ENERGY", sid: str = "SM" + "0" * 32, **fields: str) -> dict[str, str]:
    """Return the fields that come with every SMS; an empty one of `fields` is sent empty."""
    return {
        "ToCountry": "US",
        "SmsStatus": "received",
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": NUMBER,
        "FromCity": "",
        "To": "+12025550100",
        "Body": text,
        "NumMedia": "0",
        "NumSegments": "1",
        **fields,
    }


def signature(fields: dict[str, str], url: str = URL, token: str = TOKEN) -> str:
    computed: str = RequestValidator(token).compute_signature(url, fields)
    return computed


def signed(fields: dict[str, str], url: str = URL) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a webhook that is genuine."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": signature(fields, url),
    }
    return urlencode(fields).encode(), headers
