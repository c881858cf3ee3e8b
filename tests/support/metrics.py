"""What a test makes of the metrics: they count for as long as the process lives, so only their change tells."""

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import exposition

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read_samples(text: str) -> Samples:
    """Return the value of each series in Prometheus' text format, by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def names(text: str) -> set[str]:
    """Return the name of each sample that there is or may be: of a counter with labels there is none at first."""
    families = list(text_string_to_metric_families(text))
    told = {sample.name for family in families for sample in family.samples}
    return told | {f"{family.name}_total" for family in families if family.type == "counter"}


class Change:
    """By how much series have grown since this was made."""

    def __init__(self) -> None:
        self._before = read_samples(exposition().decode())

    def of(self, name: str, **labels: str) -> float:
        series = (name, frozenset(labels.items()))
        return read_samples(exposition().decode()).get(series, 0.0) - self._before.get(series, 0.0)
