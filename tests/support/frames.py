"""Frames of interviews as `bot.results.frame` makes them, drawn by chance or written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from bot.channels import Channel
from bot.core.disposition import Disposition
from bot.core.questionnaire import ItemType
from bot.results.frame import STATUS, WAVE
from bot.results.layout import Column, Part, columns
from tests.support.consultations import questionnaire

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VILLAGE = questionnaire(
    """
    - name: gender
      type: select_one
      label: You are?
      choices: [{name: woman, label: A woman}, {name: man, label: A man}, {name: unsaid, label: I'd rather not say}]
    - {name: age, type: integer, label: How old are you?}
    - name: cooks
      type: select_one
      label: What do you cook with?
      choices: [{name: wood, label: Wood}, {name: gas, label: Gas}, {name: power, label: Power}]
    - name: needs
      type: select_multiple
      label: What is needed?
      choices: [{name: water, label: Water}, {name: roads, label: Roads}, {name: light, label: Light}]
    - name: first
      type: rank
      label: What comes first?
      choices: [{name: school, label: School}, {name: clinic, label: Clinic}, {name: market, label: Market}]
    - {name: hours, type: decimal, label: How many hours a day?}
    - {name: rating, type: range, range: {start: 1, end: 5}, label: How good is it?}
    - {name: since, type: date, label: Since when?}
    - {name: gets_up, type: time, label: When do you get up?}
    - {name: wish, type: text, label: What do you wish?, required: false}
    """,
    "groups: [gender, {name: age, bands: [18, 40]}]",
)
COLUMNS = columns([VILLAGE], {}, with_status=True)
TYPES = {
    ItemType.INTEGER: pl.Int64(),
    ItemType.DECIMAL: pl.Float64(),
    ItemType.RANGE: pl.Float64(),
    ItemType.DATE: pl.Date(),
    ItemType.TIME: pl.Time(),
}


def type_of(column: Column) -> pl.DataType:
    match column.part:
        case Part.STATUS:
            return pl.Enum(STATUS)
        case Part.CHOICE:
            return pl.Int8()
        case Part.VALUE if column.item.type is ItemType.SELECT_ONE:
            return pl.Enum([choice.name for choice in column.item.choices])
        case Part.VALUE:
            return TYPES.get(column.item.type, pl.String())
        case _:
            return pl.Float64()


def frame_of(people: Sequence[Mapping[str, object]], laid: Sequence[Column] = COLUMNS) -> pl.DataFrame:
    """Return the frame of some people: answers by column, beside what is not usual about their interviews.

    Who says nothing else consented and completed by SMS in English. A value makes its status "answered", and none
    "not_asked".
    """
    data: dict[str, pl.Series] = {}

    def lay(name: str, values: list[object], kind: pl.DataType) -> None:
        data[name] = pl.Series(name, values, kind)

    usual = {
        "channel": "sms",
        "language": "en",
        "assisted": "no",
        "came_by": None,
        "started_at": BEGAN,
        "consented_at": BEGAN,
        "ended_at": BEGAN + timedelta(minutes=10),
        "disposition": "complete",
        "seconds": 600,
        "left_at": None,
        WAVE: None,
        "report_back": None,
    }
    data["respondent"] = pl.Series([f"r{number}" for number in range(len(people))], dtype=pl.String)
    moment = pl.Datetime("us", "UTC")
    kinds: dict[str, pl.DataType] = {
        "channel": pl.Enum([one.value for one in Channel]),
        "language": pl.Enum(["en", "sw", "fr"]),
        "assisted": pl.Enum(["yes", "no"]),
        "came_by": pl.String(),
        **dict.fromkeys(("started_at", "consented_at", "ended_at"), moment),
        "disposition": pl.Enum([one.value for one in Disposition]),
        "seconds": pl.Int32(),
        "left_at": pl.String(),
        WAVE: pl.Int32(),
        "report_back": pl.Boolean(),
    }
    for name, kind in kinds.items():
        lay(name, [one.get(name, usual[name]) for one in people], kind)
    for column in laid:
        if column.part is Part.CHOICE and column.choice is not None:
            lay(column.name, [_choice(column, one) for one in people], pl.Int8())
        elif column.part is Part.STATUS:
            name = column.name.removesuffix("/status")
            usually = ["not_asked" if one.get(name) is None else "answered" for one in people]
            told = [one.get(column.name, other) for one, other in zip(people, usually, strict=True)]
            lay(column.name, told, pl.Enum(STATUS))
            tries = [
                one.get(f"{name}/tries", 0 if status == "answered" else None)
                for one, status in zip(people, told, strict=True)
            ]
            lay(f"{name}/tries", tries, pl.Int8())
        else:
            lay(column.name, [one.get(column.name) for one in people], type_of(column))
    return pl.DataFrame(data)


def _choice(column: Column, person: Mapping[str, object]) -> int | None:
    value = person.get(column.name.split("/")[0])
    if value is None or column.choice is None:
        return None
    names = str(value).split()
    place = names.index(column.choice.name) + 1 if column.choice.name in names else 0
    return place or None if column.item.type is ItemType.RANK else min(place, 1)


@dataclass(frozen=True, slots=True)
class Draw:
    """How many are drawn, and with what seed; `apart` is by how much women differ from men."""

    n: int
    seed: int = 1
    apart: float = 0.2


def drawn(draw: Draw) -> pl.DataFrame:
    """Return the village's interviews, drawn by chance; four of five complete, a fifth left at `needs`."""
    rng, n = np.random.default_rng(draw.seed), draw.n
    woman = rng.random(n) < 0.3
    gender = np.where(rng.random(n) < 0.05, 2, np.where(woman, 0, 1))
    left = rng.random(n) < 0.2
    age = np.clip(rng.normal(35, 14, n), 10, 95).astype(np.int64)
    wood = rng.random(n) < 0.4 + draw.apart * woman
    cooks = np.where(wood, 0, rng.integers(1, 3, n))
    needs = rng.random((n, 3)) < np.array([0.6, 0.4, 0.3])
    needs[:, 0] |= ~needs.any(1)
    ranks = np.argsort(rng.random((n, 3)) - np.array([0.3, 0.1, 0]), axis=1)
    places = np.argsort(ranks, axis=1) + 1
    hours = np.round(rng.gamma(2, 2, n) + draw.apart * 4 * woman, 1)
    names = ("gender", "age", "cooks", "needs", "first", "hours", "rating", "since", "gets_up", "wish")
    after = set(names[3:])
    status = pl.Enum(STATUS)
    answered, not_reached = STATUS.index("answered"), STATUS.index("not_reached")
    data: dict[str, pl.Series] = {
        "respondent": pl.Series([f"r{number}" for number in range(n)]),
        "channel": pl.Series(rng.integers(0, 2, n).astype(np.uint8)).replace_strict(
            {0: "sms", 1: "telegram"}, return_dtype=pl.Enum([one.value for one in Channel])
        ),
        "language": pl.Series(rng.integers(0, 3, n).astype(np.uint8)).replace_strict(
            {0: "en", 1: "sw", 2: "fr"}, return_dtype=pl.Enum(["en", "sw", "fr"])
        ),
        "assisted": pl.repeat("no", n, dtype=pl.Enum(["yes", "no"]), eager=True),
        "came_by": pl.Series([None], dtype=pl.String).extend_constant(None, n - 1),
        "started_at": pl.Series([BEGAN]).extend_constant(BEGAN, n - 1),
        "consented_at": pl.Series([BEGAN]).extend_constant(BEGAN, n - 1),
        "ended_at": pl.Series(left).replace_strict(
            {True: None, False: BEGAN}, return_dtype=pl.Datetime("us", "UTC")
        ),
        "disposition": pl.Series(left).replace_strict(
            {True: "break_off", False: "complete"}, return_dtype=pl.Enum([one.value for one in Disposition])
        ),
        "seconds": pl.Series(rng.integers(60, 4_000, n).astype(np.int32)),
        "report_back": pl.Series([None], dtype=pl.Boolean).extend_constant(None, n - 1),
        "left_at": pl.Series(left).replace_strict({True: "needs", False: None}, return_dtype=pl.String),
        "gender": pl.Series(gender.astype(np.uint8)).replace_strict(
            {0: "woman", 1: "man", 2: "unsaid"}, return_dtype=pl.Enum(["woman", "man", "unsaid"])
        ),
        "age": pl.Series(age),
        "cooks": pl.Series(cooks.astype(np.uint8)).replace_strict(
            {0: "wood", 1: "gas", 2: "power"}, return_dtype=pl.Enum(["wood", "gas", "power"])
        ),
        "needs": pl.Series(["water"]).extend_constant("water", n - 1),
        **{
            f"needs/{name}": pl.Series(needs[:, at].astype(np.int8))
            for at, name in enumerate(("water", "roads", "light"))
        },
        "first": pl.Series(["school clinic market"]).extend_constant("school clinic market", n - 1),
        **{
            f"first/{name}": pl.Series(places[:, at].astype(np.int8))
            for at, name in enumerate(("school", "clinic", "market"))
        },
        "hours": pl.Series(hours),
        "rating": pl.Series(rng.integers(1, 6, n).astype(np.float64)),
        "since": pl.Series(rng.integers(19_000, 20_400, n).astype(np.int32)).cast(pl.Date),
        "gets_up": pl.Series(rng.integers(4 * 60, 10 * 60, n) * 60_000_000_000).cast(pl.Time),
        "wish": pl.Series(["water"]).extend_constant("water", n - 1),
    }
    frame = pl.DataFrame({name: series.rename(name) for name, series in data.items()})
    gone = pl.Series("gone", left)
    frame = frame.with_columns(
        pl.when(~gone).then(pl.col(name)).alias(name) for name in frame.columns if name.split("/")[0] in after
    )
    tries = [rng.random(n) < 0.05 for _ in names]
    for name, again in zip(names, tries, strict=True):
        codes = np.where(left & (name in after), not_reached, answered).astype(np.uint8)
        frame = frame.with_columns(
            pl.Series(f"{name}/status", codes).replace_strict(dict(enumerate(STATUS)), return_dtype=status),
            pl.Series(f"{name}/tries", again.astype(np.int8)),
        )
    return frame
