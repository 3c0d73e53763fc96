"""What a fresh site shows until the clinic has given its own facts: plainly an example, with nobody invented in it."""

from .models import Clinic, Location

PHONE = "01632 960001"  # from the range that the regulator keeps free for fiction
HOURS = "Mon-Fri 09:00-17:00"


def make_example(using="default"):
    """Make the one clinic and an example location where there is no clinic yet."""
    if Clinic.objects.using(using).exists():
        return
    Clinic(pk=1, name="Example SI Joint Clinic", is_example=True, phone=PHONE, hours=HOURS).save(using=using)
    Location(
        name="Example location",
        slug="example-location",
        is_example=True,
        address="1 Example Street\nExample Town\nEX1 1EX",
        phone=PHONE,
        hours=HOURS,
        getting_there="This is an example. The clinic will say here how to come by bus, by train and by car.",
        parking="This is an example. The clinic will say here where to park and what it costs.",
        offers_injections=True,
        access="This is an example. The clinic will say here about steps, lifts, toilets and a hearing loop.",
    ).save(using=using)
