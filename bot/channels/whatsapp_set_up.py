"""The content templates for buttons on WhatsApp, made at Twilio.

The interface: https://www.twilio.com/docs/content/content-api-resources. Everything in them is a variable, so that one
serves every question; its default is what Twilio's console shows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from bot.channels.twilio_rest import reason_of
from bot.channels.whatsapp import PANELS
from bot.core.panels import Panel
from bot.errors import SettingsError

_OURS = "heard_1_"
"""How the names of our templates begin; another number makes others, where they have to change."""


def make_templates(client: Client) -> Mapping[str, str]:
    """Return the ids of the templates for all sets of buttons; those that Twilio does not have yet are made.

    Raises:
        SettingsError: Twilio does not answer, or does not take them.
    """
    try:
        known = {one.friendly_name: one.sid for one in client.content.v1.contents.stream()}
        return {
            name: known.get(_OURS + name) or _make(client, _OURS + name, panel)
            for name, panel in PANELS.items()
        }
    except (TwilioException, RequestException) as error:
        raise SettingsError(
            f"Twilio does not make the templates: {reason_of(error)}. "
            "Are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN those of its console?"
        ) from None


def written(contents: Mapping[str, str]) -> str:
    """Return templates as the setting has them."""
    return ",".join(f"{name}={sid}" for name, sid in contents.items())


def _make(client: Client, name: str, panel: Panel) -> str:
    request = ContentList.ContentCreateRequest({"friendly_name": name, "language": "en", **_content(panel)})
    return str(client.content.v1.contents.create(request).sid)


def _content(panel: Panel) -> Mapping[str, Any]:
    """Return a template's places, in the order in which `bot.channels.whatsapp.content_of` fills them."""
    defaults = ["The question", *(["Choose"] if panel.opens else [])]
    pairs = [(f"Choice {number}", f"choice={number}") for number in range(1, panel.buttons + 1)]
    places = [f"{{{{{place}}}}}" for place in range(1, len(defaults) + 2 * len(pairs) + 1)]
    data = list(zip(places[len(defaults) :: 2], places[len(defaults) + 1 :: 2], strict=True))
    content: Mapping[str, Any]
    if panel.opens:
        items = [{"item": label, "id": id_} for label, id_ in data]
        content = {"twilio/list-picker": {"body": places[0], "button": places[1], "items": items}}
    else:
        actions = [{"type": "QUICK_REPLY", "title": label, "id": id_} for label, id_ in data]
        content = {"twilio/quick-reply": {"body": places[0], "actions": actions}}
    return {"types": content, "variables": _numbered([*defaults, *(one for pair in pairs for one in pair)])}


def _numbered(values: Iterable[str]) -> dict[str, str]:
    return {str(place): value for place, value in enumerate(values, 1)}
