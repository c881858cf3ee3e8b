"""Addresses are found again and opened with the right keys only."""

import pytest
from cryptography.fernet import Fernet

from bot.channels import Address, Channel
from bot.errors import SettingsError, VaultError
from bot.store.vault import AddressPepper, AddressSeal

NUMBER = Address("+12025550143")
OLD = "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkMDE="
HASH = "36c913f490b6ec56f6524403e25370973dec7a43275303c2943f01365931ad76"
NEW = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3MDE="


def test_hash_is_keyed_and_knows_the_channel() -> None:
    pepper = AddressPepper("a pepper of sixteen and more")
    # By `printf 'sms\0+12025550143' | openssl dgst -sha256 -hmac 'a pepper of sixteen and more'`.
    assert pepper.hash(Channel.SMS, NUMBER) == HASH
    assert pepper.hash(Channel.SMS, Address("+12025550143")) == HASH
    assert pepper.hash(Channel.WHATSAPP, NUMBER) != HASH
    assert AddressPepper("another pepper of sixteen").hash(Channel.SMS, NUMBER) != HASH


def test_sealed_address_opens_and_shows_nothing() -> None:
    seal = AddressSeal(NEW)
    token = seal.seal(NUMBER)
    assert seal.open(token) == NUMBER
    assert "2025550143" not in token
    assert seal.seal(NUMBER) != token


def test_first_key_seals_and_older_ones_still_open() -> None:
    before = AddressSeal(OLD).seal(NUMBER)
    both = AddressSeal(f"{NEW}, {OLD}")
    assert both.open(before) == NUMBER
    assert AddressSeal(NEW).open(both.seal(NUMBER)) == NUMBER


def test_wrong_key_is_told_with_what_to_do() -> None:
    token = AddressSeal(OLD).seal(NUMBER)
    with pytest.raises(VaultError, match="HEARD_SEALING_KEYS does not hold; add that key") as told:
        AddressSeal(Fernet.generate_key().decode()).open(token)
    assert "2025550143" not in str(told.value)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        pytest.param("", "at least one key", id="none"),
        pytest.param(" , ", "at least one key", id="only commas"),
        pytest.param("secret", "Fernet keys", id="not base64 of 32 bytes"),
        pytest.param(f"{NEW},secret", "Fernet keys", id="second is wrong"),
        pytest.param("é" * 44, "Fernet keys", id="not ascii"),
    ],
)
def test_unusable_keys_are_told(keys: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        AddressSeal(keys)


def test_short_pepper_is_refused() -> None:
    with pytest.raises(SettingsError, match="HEARD_ADDRESS_PEPPER has to have at least 16 characters"):
        AddressPepper("fifteen letters")
