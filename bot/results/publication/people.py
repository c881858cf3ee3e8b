"""Who took part and who was heard, as a release shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.disposition import AAPOR_CODES, Disposition
from bot.core.groups import ASSISTED, CHANNEL, LANGUAGE, SOURCE
from bot.results.disclosure.records import EVERYBODY, Cell
from bot.results.publication.cells import Passing, Where, consented, named, started, unnamed
from bot.results.publication.figures import Figures, significant, step_of, stepped
from bot.results.publication.turnout_tables import (
    BEGUN,
    CAME,
    OVER,
    SUMS,
    counts_questions,
    share_cells,
    where,
)
from bot.results.records.equity import Equity, EquityRate, GroupRate
from bot.results.records.figures import Count, Interval, Share
from bot.results.records.items import Reason
from bot.results.records.notices import Notice, NoticeCode
from bot.results.records.participation import Duration, GroupTurnout, LeftAt, Outcome, Participation, Turnout
from bot.results.records.representation import Representation, RepresentedGroup
from bot.results.records.results import Results
from bot.results.records.weighting import Weighting
from bot.results.representation import needed

TELLING = frozenset({NoticeCode.NOBODY, NoticeCode.GROUPS_TOO_SMALL, NoticeCode.COLLAPSED})
"""Warnings that name groups of few, or of nobody."""
NOTHING_TOLD = Share(None, None, None, None)
WITHHELD = Turnout(
    started=None,
    consented=None,
    outcomes=tuple(Outcome(one, AAPOR_CODES[one], None) for one in Disposition),
    participation=NOTHING_TOLD,
    completion=NOTHING_TOLD,
)
"""Of a group of which nothing is told, or that is not there."""
UNWEIGHTED = frozenset({NoticeCode.NOT_WEIGHTED_EMPTY})


@dataclass(frozen=True, slots=True)
class People:
    """Those who took part, and what a release shows of them."""

    results: Results
    figures: Figures
    passing: Passing

    def participation(self) -> Participation:
        true = self.results.participation
        invited = true.invited
        return Participation(
            # How many were asked is the organiser's own figure, but a small one names nearly everybody.
            invited=None if invited is None or not self.figures.are_enough(invited, 1.0) else invited,
            turnout=self._turnout(true.turnout, None),
            by_channel=tuple(self._groups(CHANNEL, true.by_channel)),
            by_language=tuple(self._groups(LANGUAGE, true.by_language)),
            by_source=tuple(self._groups(SOURCE, true.by_source)),
            by_help=tuple(self._groups(ASSISTED, true.by_help)),
            left=tuple(
                LeftAt(
                    item=one.item,
                    label=one.label,
                    left=self.figures.share(
                        self.passing.missing(one.item, Reason.LEFT), self.passing.reached(one.item), one.left
                    ),
                )
                for one in true.left
            ),
            duration=None if true.duration is None else self._duration(true.duration),
        )

    def _groups(self, variable: str, groups: tuple[GroupTurnout, ...]) -> Iterator[GroupTurnout]:
        there = {one.name: one for one in groups}
        for name in self.figures.groups(variable, tuple(there)):
            one = there.get(name)
            yield GroupTurnout(name, self._turnout(one.turnout, where(variable, one)) if one else WITHHELD)

    def _turnout(self, true: Turnout, group: Where) -> Turnout:
        outcome, interviews = self.passing.outcome, self.passing.interviews
        is_nobody = consented(group) in self.figures.release.nobody
        return Turnout(
            started=self.figures.count(started(group)),
            consented=0 if is_nobody else self.figures.count(consented(group)),
            # All of them: to leave out those that do not occur would tell that they do not.
            outcomes=tuple(
                Outcome(
                    one,
                    AAPOR_CODES[one],
                    0 if is_nobody and one in SUMS[BEGUN] else self.figures.count(outcome(one, group)),
                )
                for one in Disposition
            ),
            participation=self.figures.share(
                interviews(CAME, group), interviews(OVER, group), true.participation
            ),
            completion=Share(0, 0, None, None)
            if is_nobody
            else self.figures.share(
                outcome(Disposition.COMPLETE, group), interviews(BEGUN, group), true.completion
            ),
        )

    def _duration(self, true: Duration) -> Duration:
        n = self.figures.count(self.passing.interviews("complete, timed"))

        def quartile(value: float | None) -> float | None:
            if value is None or true.median is None or n is None or not self.figures.are_enough(n, 0.25):
                return None
            return stepped(value, step_of(true.median, n))

        return Duration(
            n=n,
            median=self.figures.estimate(true.median, n, 0.5),
            lower=quartile(true.lower),
            upper=quartile(true.upper),
        )

    # --- who was heard

    def representation(self) -> Iterator[Representation]:
        for true in self.results.representation:
            stated = self.figures.count(named(true.variable))
            most = self._most(true)
            groups = tuple(self._represented(true.variable, one, stated, most) for one in true.groups)
            shares = [one.heard.share for one in groups]
            apart = [
                abs(share - one.population)
                for share, one in zip(shares, groups, strict=True)
                if share is not None
            ]
            yield Representation(
                variable=true.variable,
                label=true.label,
                stated=stated,
                not_stated=self.figures.count(unnamed(true.variable)),
                groups=groups,
                dissimilarity=sum(apart) / 2 if groups and len(apart) == len(groups) else None,
                source=true.source,
                year=true.year,
            )

    def _most(self, true: Representation) -> float | None:
        """Return the share that a withheld group has at most, as any reader reckons it: what the others leave of all.

        So it tells nothing that is not published; and that hardly anybody of a group was heard has to be told.
        """
        release = self.figures.release
        least, most = release.possible(named(true.variable))
        shown = sum(release.possible(Cell.of((true.variable, one.name)))[0] for one in true.groups)
        return None if most is None or least == 0 else min(1.0, max(0, most - shown) / least)

    def _represented(
        self, variable: str, true: RepresentedGroup, stated: Count, most: float | None
    ) -> RepresentedGroup:
        heard = self.figures.share(Cell.of((variable, true.name)), named(variable), true.heard)
        ratio = interval = None
        if heard.share is not None and true.population > 0:
            ratio = heard.share / true.population
            if heard.interval is not None:
                low, high = heard.interval.low, heard.interval.high
                interval = Interval(low / true.population, high / true.population)
        more = None if heard.count is None or stated is None else needed(heard.count, stated, true.population)
        return RepresentedGroup(
            name=true.name,
            label=true.label,
            heard=heard,
            population=true.population,
            ratio=ratio,
            ratio_interval=interval,
            needed=more,
            most=most if heard.count is None else None,
        )

    def weighting(self) -> Weighting | None:
        """Return how answers were weighted, coarsely; None where its refusal tells of a group of nobody."""
        true = self.results.weighting
        if true is None or (true.refused is not None and true.refused.code in UNWEIGHTED):
            return None
        everybody = self.figures.count(EVERYBODY)
        are_told = everybody is not None

        def told(value: float | None) -> float | None:
            return significant(value) if are_told and value is not None else None

        return Weighting(
            variables=true.variables,
            respondents=everybody,
            not_stated=None,
            refused=None if true.refused is None else self._notice(true.refused),
            design_effect=told(true.design_effect),
            effective=told(true.effective),
            least=told(true.least),
            most=told(true.most),
            trimmed=None,
            gap=told(true.gap),
            sweeps=true.sweeps,
            collapsed=(),
        )

    # --- whether all were served alike

    def equity(self) -> Equity:
        rates = [self._rate(one) for one in self.results.equity.rates]
        return Equity(rates=tuple(one for one in rates if one.item is None or one.worse))

    def _rate(self, true: EquityRate) -> EquityRate:
        overall = self._share(true, true.overall, None)
        there = {one.name: one for one in true.groups}
        groups = [
            self._group_rate(true, there[name], overall)
            if name in there
            else GroupRate(name, NOTHING_TOLD, NOTHING_TOLD, None, worse=False)
            for name in self.figures.groups(true.variable, tuple(there))
        ]
        return EquityRate(
            measure=true.measure,
            variable=true.variable,
            overall=overall,
            groups=tuple(groups),
            item=true.item,
        )

    def _group_rate(self, true: EquityRate, group: GroupRate, overall: Share) -> GroupRate:
        rate = self._share(true, group.rate, (true.variable, group.name))
        if not counts_questions(true):
            rest = _rest(overall, rate)
        else:
            # Beside that of all, the rate of the others would tell of a group that is withheld.
            rest = NOTHING_TOLD if rate.share is None else _rate_alone(group.rest)
        is_told = rate.share is not None and rest.share is not None
        return GroupRate(
            name=group.name,
            rate=rate,
            rest=rest,
            adjusted=significant(group.adjusted) if is_told and group.adjusted is not None else None,
            worse=group.worse and is_told,
        )

    def _share(self, rate: EquityRate, true: Share, group: Where) -> Share:
        if not counts_questions(rate):
            return self.figures.share(*share_cells(rate, self.passing, group), true)
        is_told = self.figures.count(consented(group)) is not None
        return _rate_alone(true) if is_told else NOTHING_TOLD

    # --- warnings

    def notices(self) -> Iterator[Notice]:
        for one in self.results.notices:
            if one.code not in TELLING | UNWEIGHTED:
                yield self._notice(one)

    def _notice(self, true: Notice) -> Notice:
        return Notice(true.code, dict(self._values(true)))

    def _values(self, true: Notice) -> Iterator[tuple[str, str | int | float]]:
        """Yield what a warning names: counts as they are shown, or as fewer than the threshold."""
        cells: Mapping[NoticeCode, Cell] = {
            NoticeCode.FEW_RESPONDENTS: EVERYBODY,
            NoticeCode.NOT_WEIGHTED_FEW: EVERYBODY,
            NoticeCode.IN_PROGRESS: self.passing.outcome(Disposition.IN_PROGRESS),
        }
        for name, value in true.values.items():
            if name == "n":
                count = self.figures.count(cells[true.code])
                yield name, f"<{self.figures.release.rule.threshold}" if count is None else count
            else:
                yield name, significant(value) if isinstance(value, float) else value


def _rate_alone(true: Share) -> Share:
    """Return a share of questions without its counts, to the nearest hundredth."""
    return Share(None, None, None if true.share is None else round(true.share, 2), None)


def _rest(overall: Share, one: Share) -> Share:
    """Return the share of all others, from what is shown: so it tells nothing more."""
    if overall.count is None or overall.base is None or one.count is None or one.base is None:
        return NOTHING_TOLD
    count, base = max(0, overall.count - one.count), max(0, overall.base - one.base)
    return Share(count, base, min(1.0, count / base) if base else None, None)
