"""What is counted and timed, for Prometheus. No label ever holds a number, a word or an id of a person.

With PROMETHEUS_MULTIPROC_DIR in the environment when this module is first imported, several processes count in files
of that folder, and each of them tells the sum of all; see https://prometheus.github.io/client_python/multiprocess/.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# A time of making for each series would double what is told, and is not kept where processes share a folder.
disable_created_metrics()  # type: ignore[no-untyped-call]
_registry = CollectorRegistry()

_received = Counter(
    "heard_messages_received",
    "Messages from people that reached a transaction, by channel.",
    ["channel"],
    registry=_registry,
)
_duplicates = Counter(
    "heard_messages_duplicate",
    "Deliveries of messages that were taken in before; each gets its first answer again.",
    registry=_registry,
)
_replied = Counter("heard_messages_replied", "Messages that got a reply.", registry=_registry)
_refused = Counter(
    "heard_messages_refused",
    "Messages and webhooks that were answered with an error, by reason.",
    ["reason"],
    registry=_registry,
)
_held = Counter(
    "heard_contacts_held",
    "Times that somebody's messages came to be stored without being acted on, by rule.",
    ["rule"],
    registry=_registry,
)
_untranslated = Counter(
    "heard_texts_untranslated",
    "Texts of a consultation that people got in its source language, because their own has none.",
    ["consultation", "language"],
    registry=_registry,
)
_transactions_failed = Counter(
    "heard_transactions_failed",
    "Transactions of the intake that were rolled back: unreachable (the database does not serve), raced (another "
    "process was first; tried again), poison (a message that cannot be stored; the others are tried again).",
    ["kind"],
    registry=_registry,
)
_queue = Gauge(
    "heard_queue_messages",
    "Messages that wait for the next transaction.",
    registry=_registry,
    multiprocess_mode="livesum",
)
_batch = Histogram(
    "heard_batch_messages",
    "Messages in one transaction.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=_registry,
)
_webhook = Histogram(
    "heard_webhook_seconds",
    "Time from a webhook's arrival to its answer, where the message was let in.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
    registry=_registry,
)

_deliveries = Counter(
    "heard_deliveries",
    "Messages handed to a provider, by what it made of them: accepted, refused, deferred (tried again), unclear (may "
    "have been taken; looked for before it is sent again).",
    ["outcome"],
    registry=_registry,
)
_held_back = Counter(
    "heard_caps_held",
    "Times that a message was kept back by a cap against harm, by cap; on each day anew.",
    ["cap"],
    registry=_registry,
)
_rewards = Counter(
    "heard_rewards",
    "Attempts to have a reward paid, by what is known of it since; refused are those that the budget had no money for.",
    ["state"],
    registry=_registry,
)
_provider_errors = Counter(
    "heard_provider_errors",
    "Messages that a provider did not take, or could not deliver by a receipt, by its own code.",
    ["code"],
    registry=_registry,
)

_media = Counter(
    "heard_media",
    "Attempts to fetch a picture or a sound, by what came of it: stored, refused (never tried again), waiting (tried "
    "again later).",
    ["outcome"],
    registry=_registry,
)
_media_errors = Counter(
    "heard_media_errors",
    "Pictures and sounds that were not fetched in an attempt, by why.",
    ["code"],
    registry=_registry,
)

REASONS = ("signature", "unreadable", "too_large", "overloaded", "failed", "unreachable", "timed_out")
KINDS = ("unreachable", "raced", "poison")
RULES = ("rate", "repetition", "day")

# Told as 0 from the start: an alert on an increase misses the first one of a series that was not there before.
_refusals = {reason: _refused.labels(reason) for reason in REASONS}
_failures = {kind: _transactions_failed.labels(kind) for kind in KINDS}
_holds = {rule: _held.labels(rule) for rule in RULES}

refused = {reason: child.inc for reason, child in _refusals.items()}
"""Counts a message or webhook that was refused, by one of `REASONS`."""
transaction_failed = {kind: child.inc for kind, child in _failures.items()}
"""Counts a transaction that was rolled back, by one of `KINDS`."""
webhook_took = _webhook.observe
"""Takes the seconds that a webhook took."""


waiting = _queue.set
"""Takes how many messages wait for the next transaction."""


duplicates = _duplicates.inc
"""Counts deliveries of messages that were taken in before."""


def batch_taken(channels: Mapping[str, int], left: int) -> None:
    """Count a batch, by the channels of its messages, while others are left waiting."""
    _batch.observe(sum(channels.values()))
    _queue.set(left)
    for channel, count in channels.items():
        _received.labels(channel).inc(count)


def batch_stored(
    told_before: int,
    replied: int,
    held: Iterable[str],
    untranslated: Mapping[tuple[str, str], int] = MappingProxyType({}),
) -> None:
    """Count what a transaction has come to, and the rule of each contact that came to be held in it.

    `untranslated` is how many texts were said in the source language, by consultation and the person's language.
    """
    duplicates(told_before)
    _replied.inc(replied)
    for rule in held:
        _holds[rule].inc()
    for (consultation, language), count in untranslated.items():
        _untranslated.labels(consultation, language).inc(count)


_receipts = Counter(
    "heard_receipts", "Delivery receipts, by what they say of a message.", ["status"], registry=_registry
)


def receipt(status: str, code: str | None) -> None:
    """Count a delivery receipt by its provider's code, if it has one, and its status: one of a list, or labels grow."""
    _receipts.labels(status).inc()
    if code is not None:
        _provider_errors.labels(code).inc()


OUTCOMES = ("accepted", "refused", "deferred", "unclear")
_outcomes = {outcome: _deliveries.labels(outcome) for outcome in OUTCOMES}


def delivered(outcome: str, code: str | None) -> None:
    """Count a message that was handed to a provider, by one of `OUTCOMES` and the provider's code, if it gave one."""
    _outcomes[outcome].inc()
    if code is not None:
        _provider_errors.labels(code).inc()


CAPS = (
    "person-a-day",
    "person-in-all",
    "messages-a-day",
    "abroad-a-day",
    "spend-a-day",
    "replies-a-person-a-day",
    "country",
)
_caps = {cap: _held_back.labels(cap) for cap in CAPS}


def held_back(cap: str) -> None:
    """Count a message that a cap keeps back, by one of `CAPS`."""
    _caps[cap].inc()


REWARDS = ("reserved", "sent", "confirmed", "failed", "refused")
_reward_states = {state: _rewards.labels(state) for state in REWARDS}


def rewarded(state: str, count: int = 1) -> None:
    """Count attempts to have rewards paid, by one of `REWARDS`."""
    _reward_states[state].inc(count)


FETCHES = ("stored", "refused", "waiting")
_fetches = {outcome: _media.labels(outcome) for outcome in FETCHES}


def fetched(outcome: str, code: str | None) -> None:
    """Count an attempt to fetch a picture or a sound, by one of `FETCHES` and why it came to nothing, if it did."""
    _fetches[outcome].inc()
    if code is not None:
        _media_errors.labels(code).inc()


class _Outbox(Collector):
    def __init__(self, messages: Mapping[str, int]) -> None:
        self._messages = messages

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "heard_outbox_messages", "Messages in the outbox, by state.", labels=["state"]
        )
        for state, count in self._messages.items():
            family.add_metric([state], count)
        yield family


class _Inbox(Collector):
    def __init__(self, cases: Mapping[str, int]) -> None:
        self._cases = cases

    def collect(self) -> Iterator[Metric]:
        told = "Cases that wait for a person: all, and those that nobody looked at in time."
        family = GaugeMetricFamily("heard_inbox_cases", told, labels=["state"])
        for state, count in self._cases.items():
            family.add_metric([state], count)
        yield family


def exposition(outbox: Mapping[str, int] | None = None, inbox: Mapping[str, int] | None = None) -> bytes:
    """Return every metric in Prometheus' text format, of all processes where several share a folder.

    `outbox` is how many messages are in each state there, `inbox` how many cases wait for a person; each is left out
    where that is not known.
    """
    registry = _registry
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text: bytes = generate_latest(registry)
    counted = CollectorRegistry()
    if outbox is not None:
        counted.register(_Outbox(outbox))
    if inbox is not None:
        counted.register(_Inbox(inbox))
    return text + generate_latest(counted)


def serve_alone(port: int) -> None:
    """Tell the metrics of this process on a port of 127.0.0.1, for a process that serves no other page."""
    start_http_server(port, addr="127.0.0.1", registry=_registry)


def process_ended(pid: int) -> None:
    """Leave the gauges of a process that has ended out of the sums; called by the one that watches over the others."""
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
