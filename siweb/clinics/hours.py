"""Opening hours as staff type them: a line for each run of days, such as "Mon-Fri 09:00-17:00"."""

import re
from datetime import time

from django.core.exceptions import ValidationError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = [day[:3].lower() for day in DAYS]
_LINE = re.compile(
    r"(?P<first>[a-z]{3})[a-z]*\s*(?:(?:-|–|to)\s*(?P<last>[a-z]{3})[a-z]*)?\s+"
    r"(?P<opens>\d{1,2}[:.]\d\d)\s*(?:-|–|to)\s*(?P<closes>\d{1,2}[:.]\d\d)",
    re.IGNORECASE,
)


def parse_hours(text):
    """The hours as {weekday: [(opens, closes), …]} with Monday as 0; a day that is not named is closed.

    Raises ValidationError that names the line and shows how to write it.
    """
    hours = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        first, last, opens, closes = _parse_line(line)
        for weekday in range(first, last + 1):
            hours.setdefault(weekday, []).append((opens, closes))
    for spans in hours.values():
        spans.sort()
    return hours


def _parse_line(line):
    match = _LINE.fullmatch(line)
    try:
        first = _SHORT.index(match["first"].lower())
        last = _SHORT.index(match["last"].lower()) if match["last"] else first
        opens, closes = _parse_time(match["opens"]), _parse_time(match["closes"])
    except (TypeError, ValueError):
        raise ValidationError(f'"{line}" is not understood. Write a line such as: Mon-Fri 09:00-17:00') from None
    if last < first or closes <= opens:
        raise ValidationError(f'"{line}" ends before it begins. Write the earlier day and the earlier time first.')
    return first, last, opens, closes


def _parse_time(text):
    hour, minute = re.split("[:.]", text)
    return time(int(hour), int(minute))


def say_hours(spans):
    """One day's hours in words: "9am to 12.30pm and 1pm to 5pm", or "closed"."""
    return " and ".join(f"{say_time(opens)} to {say_time(closes)}" for opens, closes in spans) or "closed"


def say_time(moment):
    """The way the NHS and most readers write it: 9am, 5.30pm, midday."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    minutes = f".{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def hours_lines(text):
    """The week in words, equal days joined: ["Monday to Friday: 9am to 5pm", "Saturday: closed", …]."""
    hours = parse_hours(text)
    runs = []
    for weekday in range(7):
        said = say_hours(hours.get(weekday, []))
        if runs and runs[-1][2] == said:
            runs[-1][1] = weekday
        else:
            runs.append([weekday, weekday, said])
    return [f"{_say_days(first, last)}: {said}" for first, last, said in runs]


def _say_days(first, last):
    if first == last:
        return DAYS[first]
    return f"{DAYS[first]} {'and' if last == first + 1 else 'to'} {DAYS[last]}"


def hours_today(text, today):
    """ "Today 9am to 5pm" or "Closed today"; "" where no hours are given."""
    if not text.strip():
        return ""
    spans = parse_hours(text).get(today.weekday(), [])
    return f"Today {say_hours(spans)}" if spans else "Closed today"


def schema_hours(text):
    """The hours as schema.org wants them: ["Mo 09:00-17:00", …]."""
    return [
        f"{DAYS[weekday][:2]} {opens:%H:%M}-{closes:%H:%M}"
        for weekday, spans in sorted(parse_hours(text).items())
        for opens, closes in spans
    ]
