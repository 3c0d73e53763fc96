"""Erase one enquiry by its reference, and print where traces of it were looked for and what was found."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from siweb.enquiries import erasing, traces
from siweb.enquiries.models import Enquiry
from siweb.enquiries.references import read_reference


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("reference", help="such as SIJ-7F3K")

    def handle(self, reference, **options):
        reference = read_reference(reference)
        enquiry = Enquiry.objects.filter(reference=reference).first()
        if enquiry is None:
            raise CommandError(f"There is no enquiry {reference}. Check the reference.")
        if enquiry.state == Enquiry.State.ERASED:
            raise CommandError(f"{reference} was erased on {timezone.localtime(enquiry.erased_at):%d %B %Y}.")
        told = traces.told_by(enquiry)
        try:
            erasing.erase(enquiry, why="request")
        except ValidationError as held:
            raise CommandError(" ".join(held.messages)) from None
        erasing.sweep()
        self._certify(reference, traces.look_for(told))

    def _certify(self, reference, found):
        write = self.stdout.write
        write(f"{reference} is erased. Its tombstone holds the reference, dates, states and outcome.")
        write(
            f"Looked in: {found.tables} tables, {found.columns} columns of text"
            + "".join(f", {f}" for f in found.files)
        )
        for where in found.elsewhere:
            write(f"Also found, because the same person wrote there too: {where}")
        write(f"Traces of this enquiry: {found.traces}")
        write(traces.WHAT_REMAINS)
        if found.traces:
            raise CommandError("Something was left. Keep this text and ask whoever maintains the site.")
