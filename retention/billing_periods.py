"""How long invoices stay: our own policy, and what tax law asks where we are registered for tax.

The duty falls on the seller. TAX_COUNTRIES names where else than at home we have an establishment
or a tax number. An invoice doesn't say whose tax it belongs to, so the longest of these periods
counts for all of them.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# As a law's file marks it: read, read about, remembered, or our own promise.
Certainty = Literal["text_read", "secondary", "from_knowledge", "policy"]

HOME = "US"


class BillingPeriod(NamedTuple):
    """So many years after an invoice, or after the end of the calendar year it is from."""

    place: str
    years: int
    from_year_end: bool
    citation: str
    certainty: Certainty

    @property
    def keep_for(self) -> relativedelta:
        return relativedelta(years=self.years)

    @property
    def until(self) -> str:
        start = "the end of the invoice’s year" if self.from_year_end else "the invoice"
        return f"{self.years} years after {start}"

    @property
    def besides(self) -> str:
        """Its law, to be named after those of home."""
        return "" if self.certainty == "policy" else f"; {self.citation}"

    @property
    def length(self) -> tuple[int, bool]:
        """What orders them: a year's end is later than each of its days."""
        return self.years, self.from_year_end

    @property
    def basis(self) -> str:
        if self.certainty == "policy":
            return self.citation
        return f"The law of {self.place}, where we are registered for tax; {self.citation}"


# By ISO 3166 code; EU is the One-Stop-Shop. A business year is taken to be a calendar year.
BILLING_PERIODS: dict[str, BillingPeriod] = {
    "US": BillingPeriod(
        "the United States", 7, False,
        "Our own policy: longer than the three and six years in which tax is usually assessed (26 "
        "U.S.C. § 6501(a), (e)), as long as a bad debt may be claimed (§ 6511(d)(1)). No law asks "
        "for seven years",
        "policy",
    ),
    "AT": BillingPeriod(
        "Austria", 7, True, "§ 132(1) BAO", "from_knowledge",
    ),
    "CA": BillingPeriod(
        "Canada", 6, True, "Income Tax Act s. 230(4)(b); Excise Tax Act s. 286(3)",
        "from_knowledge",
    ),
    "CH": BillingPeriod(
        "Switzerland", 10, True, "Art. 958f(1) CO", "text_read",
    ),
    "DE": BillingPeriod(
        "Germany", 8, True,
        "§ 147(3), (4) AO; § 257(4), (5) HGB; § 14b(1) UStG; eight since 2025, for older ones too",
        "secondary",
    ),
    "ES": BillingPeriod(
        "Spain", 6, True, "Art. 30(1) Código de Comercio", "from_knowledge",
    ),
    "EU": BillingPeriod(
        "the European Union (One-Stop-Shop)", 10, True,
        "Directive 2006/112/EC Art. 369(2), 369k(2); Regulation (EU) No 282/2011 Art. 63c",
        "text_read",
    ),
    # The period was read; that it begins with the end of the business year is remembered.
    "FR": BillingPeriod(
        "France", 10, True, "Art. L123-22 Code de commerce", "from_knowledge",
    ),
    "GB": BillingPeriod(
        "the United Kingdom", 6, True,
        "Value Added Tax Act 1994 Sch. 11 para. 6(3); Finance Act 1998 Sch. 18 para. 21",
        "text_read",
    ),
    "IT": BillingPeriod(
        "Italy", 10, True, "Art. 2220 Codice civile", "from_knowledge",
    ),
}  # fmt: skip


def longest(countries: Iterable[str]) -> BillingPeriod:
    """What counts with a registration in these countries: never less than at home.

    Raises ImproperlyConfigured for a country without a row: its invoices might go too early.
    """
    if unknown := sorted(set(countries) - BILLING_PERIODS.keys()):
        raise ImproperlyConfigured(
            f"TAX_COUNTRIES names {', '.join(unknown)}. Give each a row in "
            "retention/billing_periods.py, or take it out."
        )
    periods = [BILLING_PERIODS[code] for code in (HOME, *countries)]
    return max(periods, key=lambda period: period.length)


BILLING = longest(settings.TAX_COUNTRIES)
# Each that may count, with registrations anywhere: letters have its words in every language.
POSSIBLE = sorted({longest([code]).until for code in BILLING_PERIODS})
