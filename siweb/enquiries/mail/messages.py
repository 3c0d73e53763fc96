"""Every mail that the site sends about enquiries: one function each. Nothing about the person goes to the clinic."""

from django.urls import reverse

from siweb.core import mail, page_roles
from siweb.core.urls import absolute
from siweb.enquiries.questions.urgent_signs import urgent_levels


def new_enquiry(enquiry, clinic):
    """To the clinic's mailbox: that there is one, and where."""
    link = absolute(reverse("admin:enquiries_enquiry_change", args=[enquiry.pk]))
    context = {"clinic": clinic, "link": link, "may_be_spam": enquiry.is_unconfirmed_spam}
    return mail.make("enquiries/mail/new_enquiry", "You have a new enquiry", clinic.email, context)


def urgent(enquiry, clinic, clinician):
    """To a clinician: that a patient needs a call now, and where; the reference, and nothing about the patient."""
    link = absolute(reverse("admin:enquiries_enquiry_change", args=[enquiry.pk]))
    subject = f"Urgent: please ring the patient of enquiry {enquiry.reference}"
    context = {"clinic": clinic, "link": link, "at": enquiry.passed_on_at}
    return mail.make("enquiries/mail/urgent", subject, clinician.email, context)


def acknowledgement(enquiry, clinic, token):
    """To the patient: the reference, what happens next and by when, how to take it back, and the urgent routes."""
    context = _frame(enquiry, clinic) | {"due": enquiry.due_at, "link": absolute(reverse("yours", args=[token]))}
    subject = f"We have your enquiry {enquiry.reference}"
    return mail.make("enquiries/mail/acknowledgement", subject, enquiry.answers.email, context, clinic.email)


def letter(enquiry, clinic, subject, text):
    """To the patient, or the person who asks for them: what a colleague wrote, between the clinic's head and foot."""
    context = _frame(enquiry, clinic) | {"text": text}
    return mail.make("enquiries/mail/letter", subject, enquiry.answers.email, context, clinic.email)


def _frame(enquiry, clinic):
    """What every mail to a patient says: which enquiry, from whom, and the urgent routes."""
    return {
        "clinic": clinic,
        "reference": enquiry.reference,
        "help_link": absolute(page_roles.addresses()["help"]),
        "red_signs": urgent_levels(),
    }
