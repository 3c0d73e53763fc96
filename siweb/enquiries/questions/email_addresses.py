"""E-mail addresses as people type them."""

from difflib import get_close_matches

# What most people in the UK have; an address that is nearly one of these is asked about, never changed.
COMMON_DOMAINS = (
    *("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "live.co.uk", "live.com"),
    *("yahoo.com", "yahoo.co.uk", "icloud.com", "btinternet.com", "sky.com", "aol.com", "nhs.net", "talktalk.net"),
    *("virginmedia.com", "msn.com", "mail.com", "proton.me", "protonmail.com", "ntlworld.com", "blueyonder.co.uk"),
    *("email.com", "ymail.com", "rocketmail.com", "me.com", "gmx.com", "gmx.co.uk", "tiscali.co.uk", "o2.co.uk"),
)


def likely_meant(address):
    """The address that was perhaps meant, or "": maria@gmial.com was perhaps maria@gmail.com."""
    local, _, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in COMMON_DOMAINS:
        return ""
    near = get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.85)
    return f"{local}@{near[0]}" if near else ""
