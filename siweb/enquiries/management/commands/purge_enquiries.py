"""Erase the enquiries that are past the retention period, as `tick` does every night; --dry-run only lists them."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.enquiries.privacy import complaints, erasure
from siweb.enquiries.privacy.clock_doubt import clock_doubt, confirm_clock


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--clock-is-right", action="store_true", help="confirm the date and time of this machine")

    def handle(self, dry_run, clock_is_right, **options):
        past = erasure.past_their_time()
        self.stdout.write(
            f"Kept for {Clinic.current().retention} after the last activity; spam that a person confirmed, "
            f"for {erasure.SPAM_DAYS} days."
        )
        self._list(past["nobody"], "past that time, but nobody has dealt with them, so they stay")
        self._list(past["erase"], "to erase")
        old = complaints.past_their_time(erasure.kept_since(timezone.now()))
        self.stdout.write(f"{len(old)} closed complaints to delete")
        if not dry_run:
            self._check_clock(clock_is_right)
            self.stdout.write(f"{erasure.purge()} erased")

    def _check_clock(self, clock_is_right):
        if clock_is_right:
            confirm_clock()
        elif doubt := clock_doubt():
            raise CommandError(f"{doubt.question} Nothing was erased. If it is right, add --clock-is-right.")

    def _list(self, enquiries, what):
        self.stdout.write(f"{len(enquiries)} {what}")
        for enquiry in enquiries:
            self.stdout.write(
                f"  {enquiry.reference}  {enquiry.state}  last activity {timezone.localtime(enquiry.last_activity_at):%Y-%m-%d}"
            )
