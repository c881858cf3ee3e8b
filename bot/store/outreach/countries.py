"""Where people's numbers are from, told from their sealed addresses and remembered for a while."""

from collections import OrderedDict

from bot.channels.senders import country_of
from bot.errors import VaultError
from bot.store.vault import AddressSeal

MOST = 10_000
"""People who are remembered, so that an address is not opened for each message that its owner got."""


class Countries:
    """The countries of people on channels with phone numbers, ISO 3166; None where that cannot be told."""

    def __init__(self, seal: AddressSeal | None) -> None:
        """Take the keys; without any, no country is known."""
        self._seal = seal
        self._known: OrderedDict[int, str | None] = OrderedDict()

    def of(self, contact_id: int, sealed: str) -> str | None:
        """Return the country of somebody's number.

        Raises:
            VaultError: no key opens it.
        """
        if self._seal is None:
            raise VaultError("there is no key to open an address with")
        if contact_id not in self._known:
            self._known[contact_id] = country_of(self._seal.open(sealed).reveal())
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return self._known[contact_id]

    def if_known(self, contact_id: int, sealed: str) -> str | None:
        """Return the country of somebody's number; None where no key opens it, either."""
        try:
            return self.of(contact_id, sealed)
        except VaultError:
            return None
