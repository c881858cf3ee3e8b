"""The metrics of one process, and of several that share a folder."""

import os
import subprocess
import sys
from pathlib import Path

from bot import metrics
from tests.support.metrics import Change, Samples, read_samples

ROOT = Path(__file__).parents[1]


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def test_a_batch_is_counted() -> None:
    change = Change()
    metrics.batch_taken({"sms": 3, "telegram": 2}, 7)
    metrics.batch_stored(1, 4, ["rate", "repetition", "rate"])
    metrics.webhook_took(0.03)
    assert change.of("heard_messages_received_total", channel="sms") == 3
    assert change.of("heard_messages_received_total", channel="telegram") == 2
    assert change.of("heard_batch_messages_bucket", le="4.0") == 0
    assert change.of("heard_batch_messages_bucket", le="8.0") == 1
    assert value(read_samples(metrics.exposition().decode()), "heard_queue_messages") == 7
    assert change.of("heard_messages_duplicate_total") == 1
    assert change.of("heard_messages_replied_total") == 4
    assert change.of("heard_contacts_held_total", rule="rate") == 2
    assert change.of("heard_webhook_seconds_bucket", le="0.025") == 0
    assert change.of("heard_webhook_seconds_bucket", le="0.05") == 1


def test_every_series_stands_from_the_start() -> None:
    samples = read_samples(metrics.exposition().decode())
    for reason in metrics.REASONS:
        value(samples, "heard_messages_refused_total", reason=reason)
    for kind in metrics.KINDS:
        value(samples, "heard_transactions_failed_total", kind=kind)
    for rule in metrics.RULES:
        value(samples, "heard_contacts_held_total", rule=rule)


def run(folder: Path, code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", f"import os\nfrom bot import metrics\n{code}"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), metrics.FOLDER: str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return finished.stdout


TELL = "print(metrics.exposition({'queued': 5}).decode())"


def test_processes_that_share_a_folder_tell_their_sums(tmp_path: Path) -> None:
    counted = (
        "metrics.batch_taken({'sms': 3}, 2); metrics.refused['signature'](); metrics.webhook_took(0.2); "
        "print(os.getpid())"
    )
    one, two = (int(run(tmp_path, counted)) for _ in range(2))
    samples = read_samples(run(tmp_path, TELL))
    assert value(samples, "heard_messages_received_total", channel="sms") == 6
    assert value(samples, "heard_messages_refused_total", reason="signature") == 2
    assert value(samples, "heard_webhook_seconds_count") == 2
    assert value(samples, "heard_queue_messages") == 4
    # Read from the store, by whichever process is asked: told once, not once a process.
    assert value(samples, "heard_outbox_messages", state="queued") == 5
    # Of a process that has ended the counts stay, and what waited in it does not.
    run(tmp_path, f"metrics.process_ended({one})")
    samples = read_samples(run(tmp_path, TELL))
    assert value(samples, "heard_queue_messages") == 2
    assert value(samples, "heard_messages_received_total", channel="sms") == 6
    run(tmp_path, f"metrics.process_ended({two})")
    assert value(read_samples(run(tmp_path, TELL)), "heard_messages_refused_total", reason="signature") == 2
