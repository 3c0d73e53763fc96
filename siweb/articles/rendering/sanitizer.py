"""What may leave the renderer: the elements, attributes, classes and addresses that our pages are made of."""

import nh3

from . import syntax
from .care_cards import CARDS

_CLASSES = {
    "a": {"back", "term"},
    "dd": {"also"},
    "div": {"card", "differs", "rule", "open", *CARDS},
    "dl": {"terms"},
    "li": {"tick"},
    "section": {"sources", *syntax.SHEETS},
    "span": {"hidden"},
    "sup": {"ref"},
}
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "aria-label"},
    "img": {"src", "srcset", "sizes", "loading", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"data-label"},
    "th": {"scope"},
}
_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "hr", "blockquote", "pre", "div", "section"),
    *("a", "b", "br", "code", "em", "s", "span", "strong", "sup"),
    *("ol", "ul", "li", "dl", "dt", "dd", "figure", "figcaption", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def clean(html):
    """The last word on what leaves: anything that is not named above is dropped."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )
