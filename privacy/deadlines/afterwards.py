"""What follows from an answer, or from none."""

from datetime import date

from dateutil.relativedelta import relativedelta

from privacy.deadlines.due import Due
from privacy.deadlines.periods import end_of
from privacy.deadlines.working_days import SUNDAYS_ONLY
from privacy.regimes.resolver import Law, Laws


def refused_by_silence(law: Law, answer: Due) -> date | None:
    """The day after which no answer counts as a refusal, where the law says that it does."""
    silence = law.effective.duties.silence
    refuses = silence is not None and silence.value is not None and silence.value.is_refusal
    return (answer.legal_due or answer.safe_due) if refuses else None


def record_until(law: Law, answered_on: date) -> date | None:
    """The first day on which the record of an answered request may go."""
    months = law.effective.duties.records.value
    if months is None or months.months is None:
        return None
    return answered_on + relativedelta(months=months.months)


def appeal_until(laws: Laws, told_on: date) -> date | None:
    """The last day for an appeal against a decision: the latest of all laws. None: no end."""
    rules = [law.effective.duties.appeal.value for law in laws.of]
    windows = [rule.window for rule in rules if rule and rule.available]
    ends = [end_of(window, told_on, SUNDAYS_ONLY) if window else None for window in windows]
    days = [end for end in ends if end]
    return max(days) if days and len(days) == len(ends) else None
