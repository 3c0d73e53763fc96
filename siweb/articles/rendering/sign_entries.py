"""The entries of a text of kind `signs`: the key of a sign, its lines (level, group, for, …), then its full wording.

numb-saddle
:   level: emergency
:   group: nerves
:   for: everyone
:   short: new numbness between the legs
:   source: [^csp2024]
:   typed: numb down below, saddle numbness
:   New numbness between your legs.
"""

import re

from siweb.core.shared_texts import GROUPS, LEVELS, Sign

from . import syntax

NEEDED = ("level", "group", "for", "short", "source", "typed")
_LINE = re.compile(rf"({'|'.join(NEEDED)}|form): *(.*)", re.DOTALL)
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def signs_in(tokens):
    """The Signs of a text's definition lists, without those that have a mistake; of two with one key, the first."""
    found = {}
    for key, lines in syntax.definitions(tokens):
        name = syntax.plain(key)
        values, wording = read(lines)
        if not any(mistakes(name, values, wording)):
            found.setdefault(name, _sign(name, values, wording[0]))
    return tuple(found.values())


def read(lines):
    """({name of a line: its text}, [tokens of the wording]) of an entry's lines."""
    values, wording = {}, []
    for token in lines:
        if match := _LINE.fullmatch(syntax.plain(token)):
            sources = [child.meta["label"] for child in token.children if child.type == "footnote_ref"]
            values[match[1]] = " ".join(sources) or match[2].strip()
        else:
            wording.append(token)
    return values, wording


def mistakes(name, values, wording):
    """What is wrong with an entry, each with how to fix it."""
    if not _KEY.fullmatch(name) or name in GROUPS or name in LEVELS:
        yield f'"{name}" cannot be the key of a sign. Use small letters, digits and dashes, such as numb-saddle.'
    for line in NEEDED:
        if not values.get(line):
            yield f'Sign "{name}" has no line "{line}:". Add it after ":   ".'
    level, group = values.get("level"), values.get("group")
    if level and level not in LEVELS:
        yield f'Sign "{name}" has the unknown level "{level}". Known: {", ".join(LEVELS)}.'
    if group and group not in GROUPS:
        yield f'Sign "{name}" has the unknown group "{group}". Known: {", ".join(GROUPS)}.'
    if values.get("form", "yes") != "yes":
        yield f'Sign "{name}": write "form: yes", or leave the line out.'
    if len(wording) != 1:
        yield f'Sign "{name}" needs its full wording once, on the last line after ":   ".'


def _sign(name, values, wording):
    typed = tuple(words.strip() for words in values["typed"].split(",") if words.strip())
    return Sign(
        name,
        values["level"],
        values["group"],
        values["for"],
        values["short"],
        syntax.plain(wording),
        wording.content,
        tuple(values["source"].split()),
        typed,
        "form" in values,
        values["short"],
    )


def anchors(signs):
    """The anchors that the page of these signs has: one for each sign and each group."""
    return {sign.key for sign in signs} | {anchor for _, anchor, _ in groups_of(signs)}


def groups_of(signs):
    """(group, anchor, heading) of the groups of these signs, in their order."""
    for group in dict.fromkeys(sign.group for sign in signs):
        yield group, group, GROUPS[group]


def reader_words(document, token):
    """What readers see of a line of a sign's entry: only the text of `short:`; None for any other token."""
    if document.text.kind == "signs" and (match := _LINE.fullmatch(syntax.plain(token))):
        return match[2] if match[1] == "short" else ""
    return None
