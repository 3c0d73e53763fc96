"""Text that must be read again soon, and by nobody who only has the database: encrypted under the site's secret key.

The library is imported where it is used: 10 MB that most processes never need.
"""

import base64

from django.utils.crypto import salted_hmac

_SALT = "siweb.core.sealing"


def seal(text):
    """Encrypt and sign a text (Fernet: AES and HMAC), with another result each time."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed):
    """Return the text; None where it was changed, or sealed with another secret key."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(sealed).decode()
    except InvalidToken:
        return None


def _fernet():
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(salted_hmac(_SALT, "", algorithm="sha256").digest()))
