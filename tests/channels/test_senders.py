"""Which of our senders writes to whom."""

import pytest

from bot.channels import Channel
from bot.channels.senders import (
    Kind,
    Sender,
    choose_sender,
    countries_of,
    country_of,
    reached_by,
    read_senders,
)

NUMBER, OTHER = "+12025550100", "+12025550101"
SERVICE = "MGfedcba9876543210fedcba9876543210"
SMS, WHATSAPP = Channel.SMS, Channel.WHATSAPP
KENYA, NIGERIA, BRITAIN = "+254700000000", "+2348000000000", "+447700900123"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (NUMBER, Sender(NUMBER, Kind.NUMBER)),
        ("24680", Sender("24680", Kind.SHORT_CODE)),
        (SERVICE, Sender(SERVICE, Kind.SERVICE)),
        ("Our Town", Sender("Our Town", Kind.NAME)),
        ("KE:24680", Sender("24680", Kind.SHORT_CODE, country="KE")),
        ("GB: HEARD", Sender("HEARD", Kind.NAME, country="GB")),
        (f"whatsapp:{NUMBER}", Sender(NUMBER, Kind.NUMBER, WHATSAPP)),
        (f"US:whatsapp:{NUMBER}", Sender(NUMBER, Kind.NUMBER, WHATSAPP, "US")),
    ],
)
def test_each_kind_is_known(written: str, read: Sender) -> None:
    assert read_senders(f" {written} ,") == (read,)


def test_several_stand_in_their_order() -> None:
    written = f"{NUMBER}, KE:24680,KE:HEARD, whatsapp:{NUMBER}, {NUMBER}"
    assert [one.name for one in read_senders(written)] == [NUMBER, "24680", "HEARD", NUMBER]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (" , ", "It names no sender"),
        ("12025550100", "Sender 1 is no number"),
        (f"{NUMBER},HE.ARD", "Sender 2 is no number"),
        (f"{NUMBER},Longer than 11", "Sender 2 is no number"),
        ("whatsapp:24680", "Sender 1 is no number"),
        ("MG123:MG", "Sender 1 is no number"),
        (f"{NUMBER},US:{NUMBER}", "Sender 2 stands there twice"),
        (f"US:{NUMBER},US:{OTHER}", "Sender 2 is the second one for its country"),
    ],
)
def test_what_is_no_sender_is_told_without_quoting_it(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        read_senders(written)
    assert "HE.ARD" not in str(raised.value)


SEVERAL = read_senders(f"{NUMBER},{OTHER},KE:24680,KE:HEARD,whatsapp:{NUMBER}")


@pytest.mark.parametrize(
    ("channel", "number", "wrote_to", "chosen"),
    [
        (SMS, KENYA, None, "24680"),
        (SMS, NIGERIA, None, NUMBER),
        (SMS, KENYA, OTHER, OTHER),
        (SMS, KENYA, "+12025550199", "24680"),
        (SMS, "no number", None, NUMBER),
        (WHATSAPP, KENYA, None, NUMBER),
        (WHATSAPP, KENYA, "24680", NUMBER),
        (Channel.TELEGRAM, "123", None, None),
    ],
)
def test_who_writes_where_an_answer_is_awaited(
    channel: Channel, number: str, wrote_to: str | None, chosen: str | None
) -> None:
    sender = choose_sender(SEVERAL, channel, number, wrote_to, answerable=True)
    assert (sender and sender.name) == chosen


def test_a_name_writes_only_what_awaits_no_answer() -> None:
    assert choose_sender(SEVERAL, SMS, KENYA, None, answerable=False) == SEVERAL[3]
    (alone,) = read_senders("HEARD")
    assert choose_sender([alone], SMS, KENYA, None, answerable=False) == alone
    assert choose_sender([alone], SMS, KENYA, None, answerable=True) is None


def test_a_sender_for_one_country_writes_to_no_other() -> None:
    assert choose_sender(read_senders("KE:24680"), SMS, NIGERIA, None, answerable=True) is None


def test_a_service_carries_both_channels() -> None:
    (service,) = read_senders(SERVICE)
    assert choose_sender([service], WHATSAPP, KENYA, None, answerable=True) == service


@pytest.mark.parametrize(
    ("to", "service", "reached"),
    [
        (NUMBER, None, NUMBER),
        (NUMBER, SERVICE, NUMBER),
        ("+12025550199", SERVICE, SERVICE),
        ("+12025550199", "MG" + "0" * 32, "+12025550199"),
        ("+12025550199", None, "+12025550199"),
    ],
)
def test_what_we_answer_later_leaves_from_where_they_wrote_to(
    to: str, service: str | None, reached: str
) -> None:
    assert reached_by(read_senders(f"{NUMBER},{SERVICE}"), to, service) == reached


@pytest.mark.parametrize(
    ("written", "channel", "countries"),
    [
        (NUMBER, SMS, None),
        ("KE:24680, UG:8888", SMS, {"KE", "UG"}),
        (f"KE:24680, {NUMBER}", SMS, None),
        # A name takes no replies: nobody is invited by it.
        ("KE:24680, GB:HEARD", SMS, {"KE"}),
        ("KE:24680", WHATSAPP, set()),
        (f"KE:24680, whatsapp:{NUMBER}", WHATSAPP, None),
        (f"KE:{SERVICE}", WHATSAPP, {"KE"}),
    ],
)
def test_our_senders_write_to_certain_countries_or_to_all(
    written: str, channel: Channel, countries: set[str] | None
) -> None:
    assert countries_of(read_senders(written), channel) == countries


@pytest.mark.parametrize(
    ("number", "country"),
    [
        (KENYA, "KE"),
        (BRITAIN, "GB"),
        ("+12025550143", "US"),
        ("+16475550143", "CA"),
        ("+88312345678901", None),
        ("24680", None),
        ("+0", None),
    ],
)
def test_a_number_tells_its_country(number: str, country: str | None) -> None:
    assert country_of(number) == country
