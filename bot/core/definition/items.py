"""From the shapes of items and choices to their records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.calendars import Calendar
from bot.core.definition.faults import example
from bot.core.definition.shape import ChoiceShape, ItemShape
from bot.core.expressions import Expression, ExpressionFault, compile_expression
from bot.core.limits import LIMITS
from bot.core.phrases import OTHER, OTHER_WORDS
from bot.core.problems import Path, Problem, nearest
from bot.core.questionnaire import BOT_CONTEXT, Choice, Item, ItemType, OnUnclear, Range, Text

STAYS_LAST = frozenset({"other", "none", "none_of_these", "dont_know", "refused", "prefer_not_to_say"})
OTHER_CHOICE = "other"
DEFAULT_REPEATS = 5

ASKED = frozenset(type for type in ItemType if type.is_asked)
SELECTS = frozenset({ItemType.SELECT_ONE, ItemType.SELECT_MULTIPLE})
CHOOSING = SELECTS | {ItemType.RANK}
EVERY_TYPE = frozenset(ItemType)

ALLOWED: Mapping[str, frozenset[ItemType]] = {
    "label": EVERY_TYPE - {ItemType.CALCULATE},
    "sms_label": ASKED | {ItemType.NOTE, ItemType.REPEAT},
    "hint": ASKED,
    "required": ASKED,
    "constraint": ASKED,
    "constraint_message": ASKED,
    "default": ASKED,
    "calculation": frozenset({ItemType.CALCULATE}),
    "choices": CHOOSING,
    "choice_filter": CHOOSING,
    "randomize": CHOOSING,
    "or_other": SELECTS,
    "appearance": SELECTS | {ItemType.DATE},
    "calendar": frozenset({ItemType.DATE}),
    "range": frozenset({ItemType.RANGE}),
    "tries": ASKED,
    "on_unclear": ASKED,
    "eligible": ASKED,
    "screen_out": ASKED,
    "sms_segments": ASKED | {ItemType.NOTE},
    "items": frozenset({ItemType.GROUP, ItemType.REPEAT}),
    "repeat_count": frozenset({ItemType.REPEAT}),
    "repeat_max": frozenset({ItemType.REPEAT}),
}
"""Which types a key says something to; `name`, `type` and `relevant` hold for all."""

NEEDED: Mapping[str, frozenset[ItemType]] = {
    "label": EVERY_TYPE - {ItemType.CALCULATE, ItemType.GROUP},
    "calculation": frozenset({ItemType.CALCULATE}),
    "choices": CHOOSING,
    "range": frozenset({ItemType.RANGE}),
    "items": frozenset({ItemType.GROUP, ItemType.REPEAT}),
}

CALENDARS: Mapping[str, Calendar] = {
    "ethiopian": Calendar.ETHIOPIAN,
    "islamic": Calendar.HIJRI,
    "persian": Calendar.SOLAR_HIJRI,
}
"""ODK's appearances of a `date` that name a calendar."""


@dataclass(frozen=True, slots=True)
class ItemBuilder:
    """Builds items, adding what is wrong with them to `problems`."""

    choice_lists: Mapping[str, list[ChoiceShape]]
    filtered_by: frozenset[str]
    """Every word of the file's choice filters: keys of the organiser's own that choices may have."""
    problems: list[Problem]

    def build(self, shapes: list[ItemShape]) -> tuple[Item, ...]:
        for name, listed in self.choice_lists.items():
            self._check_choices(listed, ("choice_lists", name))
        return tuple(self._items(shapes, ("items",), 1))

    def _items(self, shapes: list[ItemShape], path: Path, depth: int) -> Iterator[Item]:
        if depth > LIMITS.group_depth:
            self._report(
                "too-deep",
                path,
                f"Groups lie {depth} deep here.",
                f"Use at most {LIMITS.group_depth} levels.",
            )
            return
        for position, shape in enumerate(shapes):
            place = (*path, position)
            self._check_keys(shape, place)
            item = self._item(shape, place, depth)
            yield item
            if shape.or_other and shape.type in SELECTS:
                yield self._own_words(shape)

    def _item(self, shape: ItemShape, path: Path, depth: int) -> Item:
        return Item(
            name=shape.name,
            type=shape.type,
            label=_text(f"{shape.name}.label", shape.label),
            sms_label=_text(f"{shape.name}.sms_label", shape.sms_label),
            hint=_text(f"{shape.name}.hint", shape.hint),
            required=shape.required is not False,
            relevant=self._expression(shape.relevant, (*path, "relevant")),
            constraint=self._expression(shape.constraint, (*path, "constraint")),
            constraint_message=_text(f"{shape.name}.constraint_message", shape.constraint_message),
            calculation=self._expression(shape.calculation, (*path, "calculation")),
            default=self._default(shape.default, (*path, "default")),
            choices=self._choices(shape, path),
            choice_filter=self._expression(shape.choice_filter, (*path, "choice_filter")),
            randomize=shape.randomize or False,
            lists_choices=shape.appearance != "minimal",
            range=self._range(shape, path),
            calendar=self._calendar(shape, path),
            tries=shape.tries or LIMITS.tries,
            on_unclear=OnUnclear(shape.on_unclear or OnUnclear.ACCEPT),
            eligible=self._expression(shape.eligible, (*path, "eligible")),
            screen_out=self._expression(shape.screen_out, (*path, "screen_out")),
            repeat_count=self._expression(shape.repeat_count, (*path, "repeat_count")),
            repeat_max=_repeat_max(shape),
            sms_segments=shape.sms_segments,
            children=tuple(self._items(shape.items or [], (*path, "items"), depth + 1)),
        )

    def _check_keys(self, shape: ItemShape, path: Path) -> None:
        for key, types in ALLOWED.items():
            if key in shape.model_fields_set and shape.type not in types:
                self._report(
                    "key-not-for-type",
                    (*path, key),
                    f"'{key}' says nothing to an item of type {shape.type}.",
                    f"Take it out, or use a type that has it: {', '.join(sorted(types))}.",
                )
        for key, types in NEEDED.items():
            if shape.type in types and getattr(shape, key) in (None, []):
                self._report(
                    "missing-key",
                    (*path, key),
                    f"An item of type {shape.type} needs '{key}'.",
                    f"Add a line: {example(key)}",
                )
        if shape.constraint_message is not None and shape.constraint is None and shape.type.is_asked:
            self._report(
                "missing-key",
                (*path, "constraint"),
                "'constraint_message' is never said, since there is no 'constraint'.",
                "Add a line, like: constraint: . >= 0",
            )
        if shape.type in SELECTS and shape.appearance not in (None, "minimal"):
            self._report(
                "wrong-value",
                (*path, "appearance"),
                f"There is no appearance '{shape.appearance}' in a chat.",
                "Write minimal, for choices too many to list, or take it out.",
            )

    def _expression(self, source: str | None, path: Path) -> Expression | None:
        if source is None:
            return None
        compiled = compile_expression(source)
        if isinstance(compiled, ExpressionFault):
            self._report("bad-expression", path, compiled.message, compiled.remedy)
            return None
        return compiled

    def _default(self, source: str | None, path: Path) -> Expression | None:
        """Return a default as an expression: `wood` and `2` stand for themselves, as in XLSForm."""
        if source is None or "${" in source or "(" in source:
            return self._expression(source, path)
        quote = "'" if "'" not in source else '"'
        return self._expression(f"{quote}{source}{quote}", path)

    def _choices(self, shape: ItemShape, path: Path) -> tuple[Choice, ...]:
        if shape.type not in CHOOSING:
            return ()
        context, place, listed = shape.name, (*path, "choices"), shape.choices
        if listed is None:
            return ()
        if isinstance(listed, str):
            if listed not in self.choice_lists:
                self._unknown_list(listed, place)
                return ()
            context, place, listed = (
                f"choice_lists.{listed}",
                ("choice_lists", listed),
                self.choice_lists[listed],
            )
        else:
            self._check_choices(listed, place)
        choices = tuple(_choice(one, context) for one in listed)
        if shape.or_other and all(choice.name != OTHER_CHOICE for choice in choices):
            label = Text(f"{BOT_CONTEXT}{OTHER.context}", OTHER.english)
            choices = (*choices, Choice(OTHER_CHOICE, label, stays_last=True))
        if len(choices) < 2:
            self._report(
                "too-few-choices", place, "There is nothing to choose between.", "Write at least two choices."
            )
        return choices

    def _check_choices(self, listed: list[ChoiceShape], place: Path) -> None:
        if len(listed) > LIMITS.choices:
            self._report(
                "too-many-choices",
                place,
                f"There are {len(listed)} choices; Heard takes {LIMITS.choices} at most.",
                "Ask in two steps, like region and then district, with choice_filter.",
            )
        seen: set[str] = set()
        for position, choice in enumerate(listed):
            if choice.name in seen:
                self._report(
                    "duplicate-choice",
                    (*place, position, "name"),
                    f"There are two choices named '{choice.name}'.",
                    "Give each choice a name of its own.",
                )
            seen.add(choice.name)
            for column in choice.model_extra or {}:
                self._check_column(column, (*place, position, column))

    def _check_column(self, column: str, path: Path) -> None:
        """Report a key that nothing reads and that is nearly one of Heard's: `alias` would be lost in silence."""
        meant = nearest(column, ChoiceShape.model_fields)
        if meant is not None and column not in self.filtered_by:
            self._report(
                "unknown-key",
                path,
                f"There is no key '{column}' here, and no choice_filter asks for it.",
                f"Write {meant}, or take it out.",
            )

    def _unknown_list(self, name: str, path: Path) -> None:
        meant = nearest(name, self.choice_lists)
        self._report(
            "unknown-choice-list",
            path,
            f"There is no list of choices named '{name}'.",
            f"Write {meant}." if meant else f"Add it under choice_lists, as '{name}:' with its choices.",
        )

    def _range(self, shape: ItemShape, path: Path) -> Range | None:
        if shape.range is None:
            return None
        steps = Range(shape.range.start, shape.range.end, shape.range.step)
        if steps.step <= 0 or steps.end <= steps.start or steps.step > steps.end - steps.start:
            self._report(
                "bad-range",
                (*path, "range"),
                f"There is no number from {steps.start} to {steps.end} in steps of {steps.step} to choose.",
                "Write, for example: range: {start: 1, end: 5, step: 1}",
            )
        return steps

    def _calendar(self, shape: ItemShape, path: Path) -> Calendar:
        """Return the calendar that an item names, as a key of its own or as ODK does, as an appearance."""
        if shape.type is not ItemType.DATE:
            return Calendar.GREGORIAN
        appears = CALENDARS.get(shape.appearance or "")
        if shape.appearance is not None and appears is None:
            self._report(
                "wrong-value",
                (*path, "appearance"),
                f"There is no appearance '{shape.appearance}' of a date in a chat.",
                f"Write {', '.join(CALENDARS)}, to ask in that calendar, or take it out.",
            )
        named = Calendar(shape.calendar) if shape.calendar else appears or Calendar.GREGORIAN
        if appears not in (None, named):
            self._report(
                "wrong-value",
                (*path, "appearance"),
                f"'appearance: {shape.appearance}' is another calendar than 'calendar: {named}'.",
                "Keep the one that is meant.",
            )
        return named

    def _own_words(self, shape: ItemShape) -> Item:
        """Return the item that asks for the words behind "other"."""
        source = f"selected(${{{shape.name}}}, '{OTHER_CHOICE}')"
        relevant = compile_expression(source)
        return Item(
            name=f"{shape.name}_other",
            type=ItemType.TEXT,
            label=Text(f"{BOT_CONTEXT}{OTHER_WORDS.context}", OTHER_WORDS.english),
            required=False,
            relevant=relevant if isinstance(relevant, Expression) else None,
            tries=LIMITS.tries,
            other_for=shape.name,
        )

    def _report(self, code: str, path: Path, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, path, message, remedy))


def _text(context: str, wording: str | None) -> Text | None:
    return None if wording is None else Text(context, wording)


def _repeat_max(shape: ItemShape) -> int:
    return min(shape.repeat_max or DEFAULT_REPEATS, LIMITS.repeats) if shape.type is ItemType.REPEAT else 0


def _choice(shape: ChoiceShape, context: str) -> Choice:
    return Choice(
        name=shape.name,
        label=Text(f"{context}.{shape.name}.label", shape.label),
        sms_label=_text(f"{context}.{shape.name}.sms_label", shape.sms_label),
        aliases={language: tuple(words) for language, words in shape.aliases.items()},
        columns=dict(shape.model_extra or {}),
        stays_last=shape.last or shape.name in STAYS_LAST,
    )
