"""XLSForm expressions: what an organiser writes under `relevant`, `constraint`, `calculation` and the like.

The language is XPath 1.0, evaluated by libxml2, with ODK's functions (`functions.py` says where they differ).

Dates: next to an operator (`= != < <= > >= + - * div mod`) a date counts as its days since 1970-01-01 and a time as
a fraction of a day, as in ODK; everywhere else it is its text, `2026-03-02`. So `${born} <= today()`,
`today() - ${born} > 6570` and `${due} = today() + 7` mean what they seem to. Two things follow. What is computed from
dates is a number of days until `date()` makes it a date again (`date(today() + 7)`, `date(max(${visit}))`). And text
that happens to look like a date or a time (`2026-03-02`, `14:30`) counts as one there.
"""

from bot.core.expressions.evaluation import Expression, Scope, compile_expression
from bot.core.expressions.functions import OVER_ROUNDS
from bot.core.expressions.usage import Level, Usage, usages
from bot.core.expressions.words import ExpressionFault

__all__ = [
    "OVER_ROUNDS",
    "Expression",
    "ExpressionFault",
    "Level",
    "Scope",
    "Usage",
    "compile_expression",
    "usages",
]
