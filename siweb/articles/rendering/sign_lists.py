"""The lists of warning signs: the page that defines them, and [[signs:…]] in any other text."""

from itertools import groupby

from django.utils.html import escape

from siweb.core.shared_texts import ACTIONS, EMERGENCY_LEVELS, EVERYONE, GROUPS, LEVELS

from . import sign_entries, syntax

# Kind of card: the levels that its signs may have. Nothing may look milder in a card than it is, or normal in a warning.
IN_CARDS = {
    "emergency": EMERGENCY_LEVELS,
    "urgent": ("team", "eye", "same-day", "talk"),
    "nonurgent": ("soon", "normal"),
}


MOST_LISTS = 80  # quotes of signs on a page: a list can be long, and its quote is short


def _list_of(signs, contrasts):
    """A list of signs; where it mixes people, those of some people are one point, with a list of its own.

    `contrasts` are the sentences to show: {key of the sign beside which it is: sentence}.
    """
    by_people = {}
    for sign in signs:
        by_people.setdefault(sign.audience, []).append(sign)
    if len(by_people) == 1:
        return _points(signs, contrasts)
    points = [
        _points(of, contrasts, whole=False)
        if audience == EVERYONE
        else f"<li>{escape(audience)}:\n{_points(of, contrasts)}</li>\n"
        for audience, of in by_people.items()
    ]
    return f"<ul>\n{''.join(points)}</ul>\n"


def _points(signs, contrasts, whole=True):
    points = "".join(_point(sign, contrasts) for sign in signs)
    return f"<ul>\n{points}</ul>\n" if whole else points


def _action(level):
    """What to do, in front of each sign: a link to one sign leads there, and its heading may be far above."""
    action = escape(ACTIONS[level])
    if level in EMERGENCY_LEVELS:
        action = action.replace("999", '<a href="tel:999">999</a>')
    return f"<strong>{action}:</strong>"


def _point(sign, contrasts):
    contrast = f". <em>{escape(contrasts[sign.key])}</em>" if sign.key in contrasts else ""
    return f"<li>{escape(sign.short)}{contrast}</li>\n"


class SignLists:
    """The part of a rendering that writes them."""

    def __init__(self):
        super().__init__()
        self.sign_lists = 0

    # --- in any text ------------------------------------------------------------------------------------------------
    def _is_sign_list(self, inline):
        quotes = [child for child in inline.children or [] if child.type != "softbreak"]
        return bool(quotes) and all(child.type == "quote" and child.meta["kind"] == "signs" for child in quotes)

    def _sign_list(self, inline, out):
        """A paragraph of [[signs:…]] as one list; a sign that two of them name is in it once."""
        self.sign_lists += sum(child.type == "quote" for child in inline.children)
        if self.sign_lists > MOST_LISTS:
            self._wrong(inline, f"The page has more than {MOST_LISTS} lists of signs. Take some out.")
            return
        found, contrasts = {}, {}
        for key in (child.meta["key"] for child in inline.children if child.type == "quote"):
            signs = self.around.signs.get(key, ())
            if not signs:
                self._missing(
                    inline,
                    f'There are no signs "{key}". Write a level ({", ".join(LEVELS)}), a group ({", ".join(GROUPS)}), '
                    "both as group:level, or the key of one sign.",
                )
            found |= {sign.key: sign for sign in signs}
            if not key.endswith(":form"):  # short lists, for cards and paper
                contrasts |= {sign.contrast: sign.key for sign in signs if sign.contrast}
        self._check_card(inline, found.values())
        self._track_signs(found.values(), contrasts)
        context = self.around
        shown = {key: syntax.with_rules(words, context.rules, context.facts) for words, key in contrasts.items()}
        out.append(syntax.raw(_list_of(list(found.values()), shown)))

    def _track_signs(self, signs, contrasts):
        """Record each sign, and each rule that its texts here include, as a quote of its own: they change one by one.

        The order of a list is no part of what it says, so a sign that moves in its text changes no page.
        """
        for sign in signs:
            self._quote(f"sign:{sign.key}", sign.digest)
            beside = sign.contrast if contrasts.get(sign.contrast) == sign.key else ""
            for key in syntax.rules_in(f"{sign.short_written} {beside}"):
                if rule := self.around.rules.get(key):
                    self._quote(f"rule:{key}", rule.digest)

    def _check_card(self, inline, signs):
        card = next((kind for kind in reversed(self.open_cards) if kind in IN_CARDS), None)
        if card is None:
            return
        for sign in signs:
            if sign.level not in IN_CARDS[card]:
                self._wrong(
                    inline,
                    f'The sign "{sign.key}" has the level {sign.level}, which is not for this card. Choose signs of: '
                    f"{', '.join(IN_CARDS[card])}, such as [[signs:{sign.group}:{IN_CARDS[card][0]}]].",
                )
            elif sign.level == "emergency-999" and "A&E" in self.card_heading:
                self._wrong(
                    inline, f'The sign "{sign.key}" needs an ambulance. Put it into a card whose heading says 999 only.'
                )

    # --- on the page that defines them --------------------------------------------------------------------------------
    def _sign_entries(self, entries, out):
        keyed = {}
        for key, lines in entries:
            name, (values, wording) = syntax.plain(key), sign_entries.read(lines)
            for mistake in sign_entries.mistakes(name, values, wording):
                self._wrong(key, mistake)
            self._new(key, name, name)
            keyed.setdefault(name, (lines, wording))
        headed = set()
        for group, of_group in groupby(self.document.signs, lambda sign: sign.group):
            anchor = (
                "" if group in headed else f' id="{group}"'
            )  # what is expected of a group comes in a list of its own
            headed.add(group)
            out.append(syntax.raw(f"<h2{anchor}>{escape(GROUPS[group])}</h2>\n"))
            for (level, audience), signs in groupby(of_group, lambda sign: (sign.level, sign.audience)):
                who = "" if audience == EVERYONE or GROUPS[group].startswith("If ") else f" ({audience})"
                out.append(syntax.raw(f"<h3>{escape(ACTIONS[level])}{escape(who)}</h3>\n<ul>\n"))
                for sign in signs:
                    lines, wording = keyed[sign.key]
                    out += [syntax.raw(f'<li id="{sign.key}">{_action(level)} '), self._inline(wording[0])]
                    out += self._marks(lines)
                    out.append(syntax.raw("</li>\n"))
                out.append(syntax.raw("</ul>\n"))

    def _marks(self, lines):
        """The source marks of an entry, which its line `source:` has: a source leads back to the first of its marks."""
        links = []
        for mark in (child for line in lines for child in line.children if child.type == "footnote_ref"):
            number = mark.meta["id"] + 1
            name = f' id="ref-{number}-1"' if mark.meta["subId"] == 0 else ""
            links.append(f'<a{name} href="#source-{number}" aria-label="Source {number}">{number}</a>')
        if links:
            yield syntax.raw(f'<sup class="ref">{"".join(links)}</sup>')
