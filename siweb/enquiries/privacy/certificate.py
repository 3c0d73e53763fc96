"""An erasure that somebody asked for, and the certificate of it: what went, where traces were looked for, what remains.

What was erased is stored with the erasure itself. The sweep and the search for traces follow, and are repeated until they
are done: a machine that is switched off between the two costs nobody the proof.
"""

import json
import logging

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from siweb.core.models import name_of
from siweb.core.sealing import seal, unseal
from siweb.enquiries.models import Certificate, Enquiry

from . import disk_space, erasure, traces
from .complaints import number

log = logging.getLogger(__name__)


def what_goes(enquiry):
    """What an erasure takes away, in words that name nobody."""
    counted = (
        (enquiry.all_answers.count(), "version of the answers", "versions of the answers"),
        (enquiry.events.exclude(note="").count(), "note", "notes"),
        (enquiry.outbox.count(), "record of a mail", "records of mails"),
    )
    return [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]


def erase(enquiry, *, by=None):
    """Erase an enquiry as its person asked; the Certificate, which search_traces() may yet have to finish.

    Raises ValidationError where the enquiry is held, or the disk has no room for the sweep.
    """
    disk_space.check_room()
    certificate = _erase(enquiry, by)
    finish(certificate)
    return certificate


@transaction.atomic
def _erase(enquiry, by):
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if certificate := Certificate.objects.filter(enquiry=enquiry).first():  # in another window, a moment ago
        return certificate
    facts = {
        "went": what_goes(enquiry),
        "complaints": [(number(complaint), complaint.closed_on is None) for complaint in enquiry.complaints.all()],
        "sought": seal(json.dumps(traces.told_by(enquiry))),
    }
    erased = erasure.erase(enquiry, why="request", by=by)
    return Certificate.objects.create(enquiry=erased, at=erased.erased_at, by=name_of(by), **facts)


def finish(certificate):
    """Sweep and search for one certificate; whether it is done. After a fault it stays to be finished."""
    if certificate.searched_at:
        return True
    try:
        erasure.sweep()
        certificate.found = _search(certificate.sought)
        certificate.sought, certificate.searched_at = "", timezone.now()
        certificate.save(update_fields=["found", "sought", "searched_at"])
    except (DatabaseError, OSError) as fault:
        log.error("the search for traces of an erased enquiry is repeated: %s", type(fault).__name__)
        certificate.refresh_from_db()
        return False
    return True


def finish_all():
    """Finish what was broken off; how many certificates are done now."""
    return sum(finish(certificate) for certificate in Certificate.objects.filter(searched_at=None))


def _search(sought):
    """What was found of the sealed texts; of what can be unsealed no more, {} because nothing could be looked for."""
    texts = unseal(sought)
    if texts is None:
        return {}
    found = traces.look_for(json.loads(texts))
    return {name: getattr(found, name) for name in ("tables", "columns", "files", "others", "traces")}
