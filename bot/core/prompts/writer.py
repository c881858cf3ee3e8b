"""In whose language, for which channel and at which moment one interview is written to."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.interview.records import Interview
from bot.core.interview.values import Ground
from bot.core.phrases import Phrasebook
from bot.core.prompts.records import Form
from bot.core.questionnaire import Questionnaire
from bot.core.saying import isolated


@dataclass(frozen=True, slots=True)
class Writer:
    """What every text to a person is written with."""

    questionnaire: Questionnaire
    interview: Interview
    form: Form
    now: datetime

    @property
    def phrasebook(self) -> Phrasebook:
        return self.questionnaire.phrasebook(self.interview.language)

    @property
    def ground(self) -> Ground:
        return Ground(self.questionnaire, self.interview.answers, self.now, self.interview.seed)

    def apart(self, value: str) -> str:
        """Return a value to stand in a text, kept apart where it runs the other way; never in an SMS."""
        return value if self.form.short else isolated(value, in_right_to_left=self.phrasebook.right_to_left)
