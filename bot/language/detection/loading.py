"""A detector's model, read when it is first needed: most processes never need one."""

import logging
from abc import ABC, abstractmethod
from typing import Any

log = logging.getLogger(__name__)


class Loading(ABC):
    """What detectors share: a model that is read once, or not at all."""

    name: str

    def __init__(self) -> None:
        self.is_loaded = False
        self._model: Any = None

    def load(self) -> None:
        """Read the model. Where that fails, it is told once and there is none: new tries would delay messages."""
        if self.is_loaded:
            return
        try:
            self._model = self._read()
        except Exception as error:
            # Whatever it is, a full disk or a file that is no more: it must not cost people their answers.
            reason = type(error).__name__
            log.error("%s cannot be loaded (%s): people are asked for their language", self.name, reason)
        self.is_loaded = True

    @abstractmethod
    def _read(self) -> Any:
        """Return the model; it may raise anything."""
