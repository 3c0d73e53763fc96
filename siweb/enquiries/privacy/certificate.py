"""An erasure that somebody asked for, and the certificate of it: what went, where traces were looked for, what remains.

It holds no personal data, so that it can be given to the person and kept.
"""

from dataclasses import dataclass

from django.utils import timezone

from siweb.core.models import name_of

from . import disk_space, erasure, traces
from .complaints import number


@dataclass(frozen=True)
class Certificate:
    reference: str
    at: object
    by: str  # the member of staff, or "" for the command
    went: list  # in words
    found: traces.Found
    complaints: list  # that stay, as (number, whether it is open)


def what_goes(enquiry):
    """What an erasure takes away, in words that name nobody."""
    counted = (
        (enquiry.all_answers.count(), "version of the answers", "versions of the answers"),
        (enquiry.events.exclude(note="").count(), "note", "notes"),
        (enquiry.outbox.count(), "record of a mail", "records of mails"),
    )
    return [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]


def erase(enquiry, *, by=None):
    """Erase an enquiry as its person asked, and certify it. Raises ValidationError where it is held, or the disk has no room."""
    disk_space.check_room()
    told, went = traces.told_by(enquiry), what_goes(enquiry)
    stay = [(number(complaint), complaint.closed_on is None) for complaint in enquiry.complaints.all()]
    erasure.erase(enquiry, why="request", by=by)
    erasure.sweep()
    return Certificate(enquiry.reference, timezone.now(), name_of(by), went, traces.look_for(told), stay)
