"""Text that must be read again soon, and by nobody who only has the database: encrypted under the site's secret key."""

import base64
import hashlib
import secrets

from django.core import signing
from django.utils.crypto import salted_hmac

_SALT = "siweb.core.sealing"


def seal(text):
    """Encrypt a text with a stream that is another each time, and sign it."""
    nonce = secrets.token_bytes(16)
    return signing.Signer(salt=_SALT).sign(base64.b85encode(nonce + _crypt(nonce, text.encode())).decode())


def unseal(sealed):
    """The text; None where it was sealed with another secret key."""
    try:
        data = base64.b85decode(signing.Signer(salt=_SALT).unsign(sealed))
    except signing.BadSignature:
        return None
    return _crypt(data[:16], data[16:]).decode()


def _crypt(nonce, data):
    """Combine data with the output of SHAKE-256 for a key of this nonce: the same step encrypts and decrypts."""
    key = salted_hmac(_SALT, nonce, algorithm="sha256").digest()
    stream = hashlib.shake_256(key).digest(len(data))
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")
