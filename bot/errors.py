"""The one tree of what Heard raises. Bad input from people is a value (see `bot.core.replies`), never one of these."""

from collections.abc import Sequence

from bot.core.problems import Problem


class HeardError(Exception):
    """Whatever Heard itself raises; its text is for an operator and names nobody."""


class SettingsError(HeardError):
    """The environment does not let Heard start; the text names what is missing and what to do."""


class FlowsError(HeardError):
    """Consultation files with faults; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{len(self.problems)} problem(s) in the consultation files; `heard check` lists them"
        )


class WebhookRejected(HeardError):
    """A request that does not prove that it comes from the provider; nothing of it is stored."""


class ExportError(HeardError):
    """What was asked for does not fit the format or the place; the text says what to do instead."""


class DisclosureError(HeardError):
    """What would tell of single people, and is not published; the text says what to do instead, and no count."""


class SheetError(HeardError):
    """A spreadsheet with faults, of which nothing was taken in; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problem(s) in the spreadsheet")


class RecipientsError(HeardError):
    """Recipients that cannot be taken in or removed so; the text says why, and what to do instead."""


class SummaryError(HeardError):
    """Answers that were not summarised; the text says why, and holds nobody's words."""


class ResultsError(HeardError):
    """What was asked of results is not there; the text says what there is."""


class ReportError(HeardError):
    """A report that was not made; the text says why, or what to do instead."""


class PosterError(HeardError):
    """A poster or a link that cannot be made; the text says what is missing."""


class ReferralError(HeardError):
    """What cannot be done with codes that people pass on; the text says why, or what to do first."""


class ReleaseError(HeardError):
    """What cannot be done with a release of results; the text says why, or what to do instead."""


class TokenError(HeardError):
    """A token of the API that cannot be made or is not there; the text says why, or what to do instead."""


class WorkerError(HeardError):
    """A worker who helps others to answer that cannot be had or changed so; the text says why, and holds no number."""


class DigestError(HeardError):
    """A digest or a subscription to it that cannot be had; the text says why, and names no address."""


class BackupError(HeardError):
    """A back-up that was not made; the text says why, or what to do instead."""


class DemoDataError(HeardError):
    """Interviews made up for trying were not written; the text says why, or what to do instead."""


class FindingsError(HeardError):
    """A finding that is not there, or that cannot be changed or told so; the text says why, and what to do instead."""


class InviteError(HeardError):
    """An invitation or reminder that cannot be sent, or a campaign that is not there or in no state for what was asked;
    the text says why, or what to do instead, and names nobody."""


class CapsError(HeardError):
    """A cap against harm that cannot be set so; the text says why, or what to do instead."""


class RewardsError(HeardError):
    """Rewards that cannot be started or paid so; the text says why, or what to do instead, and names nobody."""


class QuotasError(HeardError):
    """Quotas cannot be shown; the text says why."""


class InboxError(HeardError):
    """A case that cannot be looked at, answered or closed; the text says why, and nothing of what anybody wrote."""


class UnknownConsultation(HeardError):
    """No consultation of that id; the text names the ones there are."""


class VaultError(HeardError):
    """An address in the contact vault that the keys at hand do not open."""


class NotLoaded(HeardError):
    """A text whose language nothing tells but a detector that is not loaded yet; once it is, decide anew."""


class MessageFailed(HeardError):
    """A message that was not answered; the provider may send it again, and it counts once all the same."""


class Unreachable(MessageFailed):
    """A message that could not be stored because the database does not serve; sent again later, it may be."""


class Overloaded(MessageFailed):
    """A message that was refused at once, because too many are waiting already."""


class TimedOut(MessageFailed):
    """A message whose answer was not there in time. It may be stored yet; sent again, it gets its answer then."""
