"""The contact vault's secrets: how an address is found again, and how it is kept, without being readable.

Both secrets stand outside the database. A hash without one would be no protection: all numbers of a country
are hashed in minutes.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from enum import StrEnum

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.channels import Address
from bot.errors import SettingsError, VaultError

_PEPPER_BYTES = 16


class AddressPepper:
    """The secret by which a person who writes again is recognised: HMAC-SHA256 over channel and address."""

    __slots__ = ("_pepper",)

    def __init__(self, pepper: str) -> None:
        """Raise SettingsError where the pepper is too short to keep anything secret."""
        self._pepper = pepper.encode()
        if len(self._pepper) < _PEPPER_BYTES:
            raise SettingsError(f"HEARD_ADDRESS_PEPPER has to have at least {_PEPPER_BYTES} characters")

    def hash(self, channel: StrEnum, address: Address) -> str:
        """Return 64 hexadecimal digits, always the same for an address on a channel."""
        return hmac.digest(self._pepper, f"{channel}\0{address.reveal()}".encode(), "sha256").hex()

    def hash_pin(self, pin: str) -> str:
        """Return the hash under which a worker's number is stored, in 64 hexadecimal digits; takes some 20 ms.

        The secret keeps a million numbers from being tried out on a stolen database, and the cost on a stolen secret
        too. One number has one hash, so that it is found by it. 4 MB while it lasts: a server has no more to spare.
        """
        salt = hmac.digest(self._pepper, b"numbers of workers", "sha256")
        return hashlib.scrypt(pin.encode(), salt=salt, n=4_096, r=8, p=2, dklen=32).hex()

    def sign(self, purpose: str, text: str) -> str:
        """Return a signature in URL-safe letters: what comes back with it was made here, for that purpose."""
        digest = hmac.digest(self._pepper, f"signed for {purpose}\0{text}".encode(), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def has_signed(self, purpose: str, text: str, signature: str) -> bool:
        """Return whether a signature is of this text and purpose; the time that takes tells nothing."""
        return hmac.compare_digest(self.sign(purpose, text).encode(), signature.encode())


class AddressSeal:
    """The keys that seal addresses; the first seals, every one of them opens, so that keys can be changed."""

    __slots__ = ("_keys",)

    def __init__(self, keys: str) -> None:
        """Take Fernet keys as `HEARD_SEALING_KEYS` has them: commas between, the newest first.

        Raises:
            SettingsError: there is none, or one is not 32 bytes in URL-safe base64.
        """
        written = [key.strip() for key in keys.split(",") if key.strip()]
        if not written:
            raise SettingsError("HEARD_SEALING_KEYS has to hold at least one key")
        try:
            self._keys = MultiFernet([Fernet(key) for key in written])
        except ValueError:
            raise SettingsError(
                "HEARD_SEALING_KEYS has to hold Fernet keys (32 bytes in URL-safe base64), commas between"
            ) from None

    def seal(self, address: Address) -> str:
        """Return a token that only these keys open; another one each time."""
        return self._keys.encrypt(address.reveal().encode()).decode()

    def open(self, sealed: str) -> Address:
        """Return the address in a token.

        Raises:
            VaultError: none of the keys has sealed it, or it was altered.
        """
        try:
            return Address(self._keys.decrypt(sealed).decode())
        except InvalidToken:
            raise VaultError(
                "an address was sealed with a key that HEARD_SEALING_KEYS does not hold; add that key"
            ) from None
