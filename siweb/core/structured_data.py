"""What a page says to machines, as JSON-LD: only what is true and stands on the page as well."""

import json

from django.utils import timezone
from django.utils.safestring import mark_safe

from .urls import absolute

_PROCEDURE = {
    "@type": "MedicalProcedure",
    "name": "Sacroiliac joint injection",
    "bodyLocation": "Sacroiliac joint",
    "procedureType": "https://schema.org/PercutaneousProcedure",
}


def article(page, crumbs):
    """A page of the guide, with the way to it."""
    facts = {
        "@type": "MedicalWebPage",
        "name": page.title,
        "description": page.summary,
        "url": absolute(page.url),
        "inLanguage": "en-GB",
        "about": _procedure(page),
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
    }
    if page.signature.is_complete:
        check = page.signature.check
        facts |= {
            "lastReviewed": timezone.localdate(check.at).isoformat(),
            "reviewedBy": {"@type": "Person", "name": check.by.get_full_name()},
        }
    return _script(facts, _breadcrumbs(crumbs))


_DESCRIBES = {"procedure": "howPerformed", "aftercare": "followup"}  # role of a page: what it says of the procedure


def _procedure(page):
    """The procedure, described by the article that describes it."""
    return _PROCEDURE | {_DESCRIBES[role]: absolute(page.url) for role in page.role if role in _DESCRIBES}


def location(place, clinic):
    facts = {
        "@type": "MedicalClinic",
        "name": place.name,
        "url": absolute(place.get_absolute_url()),
        "parentOrganization": {"@type": "MedicalOrganization", "name": clinic.name},
        "address": ", ".join(place.address_lines),
        "telephone": place.shown_phone,
        "openingHours": place.schema_hours,
        "specialOpeningHoursSpecification": [
            _special_day(day, span) for day, opening in place.hours_changes for span in opening.spans or (None,)
        ],
    }
    return _script({key: value for key, value in facts.items() if value})


def _special_day(day, span):
    """A day that differs as machines read it: one that is closed opens and closes at midnight (schema.org)."""
    opens, closes = (f"{moment:%H:%M}" for moment in span) if span else ("00:00", "00:00")
    dates = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
    return {"@type": "OpeningHoursSpecification", "opens": opens, "closes": closes} | dates


def _breadcrumbs(crumbs):
    items = [
        {"@type": "ListItem", "position": number, "name": crumb["title"]}
        | ({"item": absolute(crumb["url"])} if crumb["url"] else {})
        for number, crumb in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _script(*things):
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(
        {"@context": "https://schema.org", "@graph": things}, ensure_ascii=False, separators=(",", ":")
    )
    for character in "<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(written)  # noqa: S308  every < > & is written as an escape
