"""Pages of a long list, by where the page before ended."""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

PAGE = 30  # rows


def page_of(rows, order, asked):
    """(the keys of one page of rows, {"previous": …, "next": …}), by where the page before ended: nothing is counted.

    A row that goes meanwhile takes no other with it, as it would were pages numbered.
    """
    field, newest_first = order.lstrip("-"), order.startswith("-")
    backwards = bool(asked.get("before"))
    point = _read(asked.get("before") or asked.get("after") or "")
    backwards = backwards and point is not None
    upwards = newest_first == backwards
    found = _beyond(rows, field, point, upwards).order_by(*([field, "pk"] if upwards else [f"-{field}", "-pk"]))
    found = list(found.values_list(field, "pk")[: PAGE + 1])
    if point and not found:
        return page_of(rows, order, {})  # all of it has gone: begin again
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    links = {}
    if more if backwards else point:
        links["previous"] = ("before", _write(*found[0]))
    if point if backwards else more:
        links["next"] = ("after", _write(*found[-1]))
    return [pk for _, pk in found], links


def _beyond(rows, field, point, upwards):
    if point is None:
        return rows
    (value, pk), way = point, "gt" if upwards else "lt"
    further = Q(**{f"{field}__{way}": value}) | Q(**{f"pk__{way}": pk})
    return rows.filter(further, **{f"{field}__{way}e": value})


def _write(value, pk):
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}_{pk}"


def _read(text):
    """(time, key) as _write wrote them; None for anything else."""
    time, _, pk = text.partition("_")
    try:
        return datetime.fromisoformat(time).replace(tzinfo=UTC), UUID(pk)
    except ValueError:
        return None
