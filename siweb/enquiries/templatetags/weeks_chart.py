"""{% weeks_chart %} is the manager's chart: enquiries by week above, hours until the first reply below (admin/_weeks.html).

Where things stand in the drawing is worked out here, in its own units; the table beside it says the same in numbers.
"""

from dataclasses import dataclass

from django import template

from siweb.enquiries.reports import statistics

register = template.Library()

LEFT, STEP = 4, 33  # where the first week begins, and how wide each is
ENQUIRIES, HOURS = (34, 124), (196, 286)  # where the highest bar of each half ends, and where all begin


@dataclass(frozen=True)
class Bar:
    """One number of one week in the drawing."""

    middle: float
    top: float
    height: float

    @property
    def left(self):
        return self.middle - 10

    @property
    def label(self):
        return self.top - 4


@register.inclusion_tag("staff/enquiries/_weeks.html")
def weeks_chart():
    """{"weeks": [(week, its bar of enquiries, its bar of hours, whether its day is written)]}"""
    found = statistics.last_weeks()
    came = _bars([week.enquiries for week in found], ENQUIRIES)
    waited = _bars([week.hours or 0 for week in found], HOURS)
    return {"weeks": list(zip(found, came, waited, [True, False] * (statistics.WEEKS // 2), strict=True))}


def _bars(values, ends):
    highest, bottom = ends
    scale = (bottom - highest) / (max(values) or 1)
    heights = [round(value * scale, 1) for value in values]
    return [Bar(LEFT + STEP * (number + 0.5), bottom - height, height) for number, height in enumerate(heights)]
