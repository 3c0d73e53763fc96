"""A real SMTP server in its moods: working, refusing, hanging; where nothing listens it is dead.

`with MailServer() as server:` listens until the end; `server.mails` is what it took, in order.
"""

import email
import logging
import re
import select
import socket
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from siweb.enquiries.models import Outbox
from tests.support.serving import free_port

CLINIC, MARIA = "clinic@joint.example", "maria@patient.example"

logging.getLogger("mail.log").setLevel(logging.ERROR)  # it tells of every word


@dataclass
class Taken:
    """A mail as it came over the wire."""

    sender: str
    to: list  # of the envelope: who really gets it
    message: EmailMessage

    @property
    def text(self):
        return self.message.get_body(["plain"]).get_content()

    @property
    def html(self):
        return self.message.get_body(["html"]).get_content()


class MailServer:
    """`refuse[address]` is what is answered to a recipient, such as "550 unknown"; `answer` what is answered to a text.

    While `forgets`, it takes a text, and hangs up without saying so.
    """

    forgets = False

    def __init__(self, port=0):
        self.port, self.mails, self.tried, self.refuse, self.answer = port or free_port(), [], [], {}, "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        if address in self.refuse:
            self.tried.append(address)
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=default)
        taken = self.mails if self.answer.startswith("250") else self.tried
        taken.append(Taken(envelope.mail_from, envelope.rcpt_tos, message))
        if self.forgets:
            server.transport.abort()
        return self.answer

    def to(self, address):
        """What was taken for one address."""
        return [mail for mail in self.mails if mail.to == [address]]

    def __enter__(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()


class HangingServer:
    """Takes a connection, and never says a word."""

    def __init__(self, port):
        self.port = port

    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", self.port))
        return self

    def __exit__(self, *_):
        self._socket.close()

    def was_called(self):
        """Whether somebody waits for it to speak."""
        return bool(select.select([self._socket], [], [], 0)[0])


def set_mail_server(settings, port):
    """Let the site in this process send there."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "The clinic <no-reply@joint.example>"
    settings.EMAIL_TIMEOUT = 10


def one(mails):
    [mail] = mails
    return mail


def message_of(enquiry, kind="acknowledgement"):
    """What the outbox holds of one mail about an enquiry."""
    return Outbox.objects.get(enquiry=enquiry, kind=kind)


def link_in(mail):
    """The path of the private link in a mail's text."""
    return re.search(r"http://\S+?(/enquire/yours/\S+)", mail.text)[1]
