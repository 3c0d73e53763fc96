"""Booking enquiries: what was asked, how far it has come, who did and who looked, and the e-mails to send about it.

What a person wrote stands in Answers (and in the words of a complaint) and nowhere else, so that erasing an enquiry is
deleting those rows. How an enquiry moves is in workflow.py; how one arrives in submission.py; how it goes in erasure.py.
"""

from .address_count import AddressCount
from .answers import Answers, Key
from .canned_reply import CannedReply
from .certificate import Certificate
from .complaint import Complaint
from .enquiry import Enquiry
from .event import DeskEvent, EnquiryEvent
from .outbox import Outbox

__all__ = [
    "AddressCount",
    "Answers",
    "CannedReply",
    "Certificate",
    "Complaint",
    "DeskEvent",
    "Enquiry",
    "EnquiryEvent",
    "Key",
    "Outbox",
]
