"""Erase one enquiry by its reference, and print where traces of it were looked for and what was found."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from siweb.enquiries.casework.references import read_reference
from siweb.enquiries.models import Enquiry
from siweb.enquiries.privacy import certificate, traces


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
        try:
            self._print(certificate.erase(enquiry))
        except ValidationError as held:
            raise CommandError(" ".join(held.messages)) from None

    def _print(self, made):
        write, found = self.stdout.write, made.found
        write(f"{made.enquiry.reference} is erased. What is kept is the reference, dates, states and outcome.")
        if not found:
            raise CommandError("The search for traces did not finish. `tick` repeats it: see “Patients’ data”.")
        files = "".join(f", {file}" for file in found["files"])
        write(f"Looked in: {found['tables']} tables, {found['columns']} columns of text{files}")
        for where in found["others"]:
            write(f"Also found, because the same person wrote there too: {where}")
        for complaint, is_open in made.complaints:
            until = "it is closed and past its retention period" if is_open else "its retention period is over"
            write(f"Kept until {until}: {complaint}")
        write(f"Traces of this enquiry: {found['traces']}")
        write(traces.WHAT_REMAINS)
        if found["traces"]:
            raise CommandError("Something was left. Keep this text and ask the person who maintains the site.")
