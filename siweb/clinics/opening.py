"""Whether a place is open on a day, and when: its own special days, the clinic's, the nation's bank holidays, its week."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache

import holidays

from .hours import parse_hours, parse_special_hours, say_hours

USUAL_HOURS = "Mon-Fri 09:00-17:00"  # until the clinic has given its own
ANNOUNCED = timedelta(days=14)  # how long before it a day that differs is announced


@dataclass(frozen=True)
class OpeningDay:
    """A day of a place: when it is open, and why that differs from other weeks."""

    spans: tuple = ()  # (opens, closes) of each stretch; none where it is closed
    reason: str = ""
    differs: bool = False  # from the same weekday of other weeks

    @property
    def words(self):
        """Its hours in words: "9am to 12.30pm (Christmas Eve)", "closed (Boxing Day)"."""
        return say_hours(self.spans) + (f" ({self.reason})" if self.reason else "")


def opening_on(place, clinic, day, usual=""):
    """The OpeningDay of a place of the clinic, which may be the clinic itself. `usual` are hours where none are given."""
    weekly = tuple(_week(place.hours or usual).get(day.weekday(), ()))
    for special in (place.special_hours, clinic.special_hours):
        spans, reason = _special_days(special).get(day, (None, ""))
        if spans is not None:
            return OpeningDay(tuple(sorted(spans)), reason, tuple(sorted(spans)) != weekly)
    if weekly and (name := bank_holidays(clinic.nation, day.year).get(day)):
        return OpeningDay((), name, True)
    return OpeningDay(weekly)


# A page and a deadline ask about many days of the same few texts.
_week, _special_days = lru_cache(maxsize=32)(parse_hours), lru_cache(maxsize=32)(parse_special_hours)


def say_today(place, clinic, today):
    """ "Today 9am to 5pm" or "Closed today (Boxing Day)"; "" where no hours are given."""
    if not place.hours.strip():
        return ""
    found = opening_on(place, clinic, today)
    return f"Today {found.words}" if found.spans else found.words.replace("closed", "Closed today", 1)


def coming_changes(place, clinic, today):
    """[(day, its OpeningDay)] of today and the next two weeks, where it differs from other weeks."""
    if not place.hours.strip():
        return []
    days = [today + timedelta(days=n) for n in range(ANNOUNCED.days + 1)]
    return [(day, found) for day in days if (found := opening_on(place, clinic, day)).differs]


@cache
def bank_holidays(nation, year):
    """{day: name} of the bank holidays of a nation of the United Kingdom."""
    found = holidays.country_holidays("GB", subdiv=nation, years=year)
    return {day: name.replace(" (observed)", ", substitute day") for day, name in found.items()}
