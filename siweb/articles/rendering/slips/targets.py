"""Links that lead elsewhere than their words say, or that cannot be followed."""

import re
from urllib.parse import urlsplit

from .slip import Slip

_TEL = re.compile(r"tel:(?:\+[\d-]{8,20}|0[\d-]{7,20}|[1-9][\d-]{2,20})")
_NUMBER = re.compile(r"\+?\d(?:[ \d-]|\(0\))+\d")
_EXTENSION = re.compile(r"\b(?:ext|extension|option)\b\.? ?\d+", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,6}[a-z]{2,24})(?:/\S*)?", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
# Mail filters and search engines that send readers on, and learn who follows the link.
_WRAPPERS = re.compile(
    r"https://(?:[\w-]+\.safelinks\.protection\.outlook\.com/|urldefense\.(?:proofpoint\.)?com/|[\w.-]*mimecast(?:protect)?\.com/"
    r"|(?:www\.)?google\.[a-z.]{2,6}/url\?|lm?\.facebook\.com/l\.php|linkprotect\.cudasvc\.com/|secure-web\.cisco\.com/)"
)
_SUBDOMAINS = re.compile(r"^(?:www\d?|m)\.")


def in_link(words, href, at):
    """The Slips of a link with these words, on the line `at`."""
    if not words.strip():
        yield Slip(at, f"The link to {href} has no words. Write [words]({href}).", href, is_error=True)
    if message := _refusal(words, href):
        yield Slip(at, message, words if message.startswith("The words") else href, is_error=True)
    elif _WRAPPERS.match(href):
        message = "This address leads through a mail filter or a search engine. Open it, and write the address that it leads to."
        yield Slip(at, message, href)


def _refusal(words, href):
    """Why a link cannot stay as it is, or ""."""
    if href.startswith("https:") and not re.match(r"https://[\w\[]", href):
        return f"The address {href} is not complete. Write https://, then the name of the site."
    if href.startswith("https:") and _is_other_site(words.strip(), href):
        return f"The words say {words.strip()}, but the link leads to {urlsplit(href).hostname}. Make them the same."
    if href.startswith("tel:") and not _TEL.fullmatch(href):
        return f"The number in {href} cannot be called. Write tel: and digits only."
    if href.startswith("tel:") and _is_other_number(words, href):
        return f"The words say {words}, but the link calls {href[4:]}. Make them the same."
    if href.startswith("mailto:") and not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+", href):
        return f"The address {href} cannot be written to. Write mailto:name@example.org."
    if href.startswith("mailto:") and (named := _other_mail(words, href)):
        return f"The words say {named}, but the link writes to {href[7:]}. Make them the same."
    return ""


def _is_other_number(words, href):
    """Whether the words of a link give a telephone number that is not the one that it calls."""
    numbers = [_plain_number(number) for number in _NUMBER.findall(_EXTENSION.sub("", words))]
    called = _plain_number(href)
    return any(len(number) > 2 and number != called for number in numbers)


def _plain_number(written):
    return re.sub(r"^(?:44|0044)0?", "0", re.sub(r"\D", "", written))


def _is_other_site(words, href):
    """Whether the words of a link are an address of another site than the one that it leads to."""
    named = _HOST.fullmatch(words)
    return bool(named) and _site(named[1]) != _site(urlsplit(href).hostname or "") and not _is_part(named[1], href)


def _site(host):
    return _SUBDOMAINS.sub("", host.lower())


def _is_part(named, href):
    """Whether one of the two names is a part of the other: conditions.nhs.uk and nhs.uk, but not uk."""
    one, other = sorted((_site(named), _site(urlsplit(href).hostname or "")), key=len)
    return one.count(".") > 0 and other.endswith(f".{one}")


def _other_mail(words, href):
    """The e-mail address that the words of a link give, where it is not the one that it writes to."""
    address = href[7:].partition("?")[0].lower()
    return next((named for named in _MAIL.findall(words) if named.lower() != address), "")
