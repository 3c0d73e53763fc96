"""What a database holds of each enquiry, for those who check that none is lost, doubled or half there."""

from dataclasses import dataclass

WHOLE = (1, 1, 2)  # answers, events and mails (to the clinic, and to the patient) of one enquiry that was sent once

_ENQUIRIES = """
SELECT submission_key,
    (SELECT count(*) FROM enquiries_answers WHERE enquiry_id = enquiries_enquiry.id),
    (SELECT count(*) FROM enquiries_enquiryevent WHERE enquiry_id = enquiries_enquiry.id),
    (SELECT count(*) FROM enquiries_outbox WHERE enquiry_id = enquiries_enquiry.id)
FROM enquiries_enquiry
"""
_STRAYS = "SELECT count(*) FROM {} WHERE enquiry_id NOT IN (SELECT id FROM enquiries_enquiry)"
_BELONGINGS = ("enquiries_answers", "enquiries_enquiryevent", "enquiries_outbox")
_MARKED = "SELECT count(*) FROM enquiries_enquiry WHERE state = 'spam'"


@dataclass
class Stored:
    enquiries: dict  # by submission key, as 32 digits: how many answers, events and mails
    strays: int  # answers, events and mails of no enquiry
    marked: int  # taken for a machine's

    def lost(self, acknowledged):
        """How many of these keys are not there."""
        return len(set(acknowledged) - self.enquiries.keys())

    @property
    def doubled(self):
        """Enquiries that have more of something than one sending gives."""
        return sum(any(has > needs for has, needs in self._compared(counts)) for counts in self.enquiries.values())

    @property
    def halves(self):
        """Enquiries that lack something, and what lacks its enquiry."""
        return self.strays + sum(
            any(has < needs for has, needs in self._compared(counts)) for counts in self.enquiries.values()
        )

    @staticmethod
    def _compared(counts):
        return zip(counts, WHOLE, strict=True)


def read(connection):
    """Look, through a connection of sqlite3 or psycopg."""
    found = connection.execute(_ENQUIRIES).fetchall()
    return Stored(
        enquiries={_digits(key): counts for key, *counts in found},
        strays=sum(connection.execute(_STRAYS.format(table)).fetchone()[0] for table in _BELONGINGS),
        marked=connection.execute(_MARKED).fetchone()[0],
    )


def references(connection):
    """The reference of each enquiry, by its key."""
    found = connection.execute("SELECT submission_key, reference FROM enquiries_enquiry").fetchall()
    return {_digits(key): reference for key, reference in found}


def _digits(key):
    """A key as either database gives it, in one form."""
    return str(key).replace("-", "")
