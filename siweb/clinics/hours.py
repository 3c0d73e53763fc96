"""Opening hours as staff type them: a line for each run of days, such as "Mon-Fri 9am-5pm", and for each day that differs."""

import re
from datetime import date, time

from django.core.exceptions import ValidationError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = [day[:3].lower() for day in DAYS]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TO = r"\s*(?:-|–|to|until)\s*"
_TIME = r"\d{1,2}[:.]\d\d(?:\s*[ap]m)?|\d{1,2}\s*[ap]m|midday|noon"
_SPAN = rf"(?P<opens>{_TIME}){_TO}(?P<closes>{_TIME})"
_LINE = re.compile(
    rf"(?P<first>[a-z]{{3}})[a-z]*\s*(?:{_TO}(?P<last>[a-z]{{3}})[a-z]*)?[\s:]+{_SPAN}",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\s+(?P<month>[a-z]{{3}})[a-z]*\s+(?P<year>\d{{4}}))[\s:]+(?:closed|{_SPAN})[\s:,]*(?P<reason>.*)",
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
        raise ValidationError(
            f'"{line}" is not understood. Write a line such as: Mon-Fri 9am-5pm, or: Mon-Fri 09:00-17:00'
        ) from None
    if last < first or closes <= opens:
        raise ValidationError(f'"{line}" ends before it begins. Write the earlier day and the earlier time first.')
    return first, last, opens, closes


def _parse_time(text):
    if text.lower() in ("midday", "noon"):
        return time(12)
    hour, minute, half = re.fullmatch(r"(\d+)(?:[:.](\d\d))?\s*([ap]m)?", text.lower()).groups()
    hour, minute = int(hour), int(minute or 0)
    if half and not 1 <= hour <= 12:
        raise ValueError(text)
    return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)


def parse_special_hours(text):
    """The days that differ as {date: ([(opens, closes), …], reason)}; a day that is closed has no hours.

    Raises ValidationError that names the line and shows how to write it.
    """
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        day, spans, reason = _parse_special(line)
        known, _ = found.setdefault(day, ([], reason))
        known.extend(spans)
    return found


def _parse_special(line):
    match = _SPECIAL.fullmatch(line)
    try:
        day = date(int(match["year"]), MONTHS.index(match["month"].title()) + 1, int(match["day"]))
        spans = [(_parse_time(match["opens"]), _parse_time(match["closes"]))] if match["opens"] else []
    except (TypeError, ValueError):
        raise ValidationError(
            f'"{line}" is not understood. Write a line such as: 24 Dec 2026 9am-12.30pm Christmas Eve, '
            "or: 5 Jan 2027 closed Staff training"
        ) from None
    if spans and spans[0][1] <= spans[0][0]:
        raise ValidationError(f'"{line}" ends before it begins. Write the earlier time first.')
    return day, spans, match["reason"].strip(" .")


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


def schema_hours(text):
    """The hours as schema.org wants them: ["Mo 09:00-17:00", …]."""
    return [
        f"{DAYS[weekday][:2]} {opens:%H:%M}-{closes:%H:%M}"
        for weekday, spans in sorted(parse_hours(text).items())
        for opens, closes in spans
    ]
