"""Every mail that the site sends about enquiries: one function each. Nothing about the person goes to the clinic."""

from django.urls import reverse

from siweb import mails
from siweb.look import absolute

from .signs import RED_SIGNS


def new_enquiry(enquiry, clinic):
    """To the clinic's mailbox: that there is one, and where."""
    link = absolute(reverse("admin:enquiries_enquiry_change", args=[enquiry.pk]))
    return mails.make("new_enquiry", "You have a new enquiry", clinic.email, {"clinic": clinic, "link": link})


def acknowledgement(enquiry, clinic, token):
    """To the patient: the reference, what happens next and by when, how to take it back, and the urgent routes."""
    context = {
        "clinic": clinic,
        "reference": enquiry.reference,
        "due": enquiry.due_at,
        "link": absolute(reverse("yours", args=[token])),
        "help_link": absolute(reverse("article", args=["when-to-get-help"])),
        "red_signs": RED_SIGNS,
    }
    subject = f"We have your enquiry {enquiry.reference}"
    return mails.make("acknowledgement", subject, enquiry.answers.email, context, clinic.email)
