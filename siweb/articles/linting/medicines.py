"""Medicines: where none may be advertised, and sentences that tell people to stop or change one without asking first."""

import re
from itertools import chain

from siweb.articles.rendering import syntax

from .messages import about, about_field, announced, blocks, body, sentences

# Prescription-only medicines may not be advertised: never where a text announces itself. Those that an injection may hold
# stand in no keyword either; people look for the tablets that they take.
_INJECTED = (
    r"triamcinolone|methylprednisolone|hydrocortisone|prednisolone|dexamethasone|betamethasone|kenalog|adcortyl|depo-?medrone"
    r"|cortisone|lidocaine|lignocaine|xylocaine|(?:levo)?bupivacaine|marcain|ropivacaine|mepivacaine|prilocaine"
)
_TAKEN = (
    r"gabapentin|pregabalin|amitriptyline|duloxetine|tramadol|morphine|oxycodone|fentanyl|diazepam|midazolam|propofol|naproxen"
    r"|diclofenac|celecoxib|etoricoxib|meloxicam|warfarin|apixaban|rivaroxaban|edoxaban|dabigatran|clopidogrel|heparin"
    r"|ticagrelor|prasugrel|eliquis|xarelto|lixiana|pradaxa"
    r"|methotrexate|adalimumab|etanercept|infliximab|secukinumab|botulinum|botox|paxlovid|ritonavir|cobicistat"
)
_MEDICINE = re.compile(rf"\b(?:{_INJECTED}|{_TAKEN})\b", re.IGNORECASE)
_INJECTED_MEDICINE = re.compile(rf"\b(?:{_INJECTED})\b", re.IGNORECASE)

# Only the person who prescribes a medicine, or the team that knows of it, may say that it is to be stopped, left out or changed.
_NOT_TAKE = r"(?:do not|don[’']t|must not|should not|cannot|can[’']t) (?:take|have(?! to\b)|use|inject)"
_STOP = (
    r"(?:stop(?:ping)?|pause|quit|skip|omit|hold|withhold|discontinue|cease|avoid|delay|give up|stay off|come off|go without"
    r"|refrain from|leave out|miss out|miss)"
)
_CHANGES = (
    rf"(?:{_STOP}|halve|double|reduce|lower|increase|change|restart|swap|switch|cut down(?: on)?|put|{_NOT_TAKE}"
    r"|take (?:half|double|twice|an extra|extra))"
)
_MEDICINES = (
    rf"(?:{_INJECTED}|{_TAKEN}|aspirin|ibuprofen|insulin|metformin|steroids?|(?:blood thinner|anti-?coagulant|anti-?platelet"
    r"|painkiller|tablet|medicine|medication|pill|inhaler|statin|biologic|antibiotic)s?)"
)
_BETWEEN = (
    r"(?: (?:taking|using|the|your|any|all|these|those|this|other|daily|usual|own|dose|of|[a-z]{1,12}-?[a-z]{1,12}))"
)
_DAYS = r"(?:\d|one|two|three|five|seven)"
_TO_CHANGE = re.compile(
    rf"\b{_CHANGES}\b:?{_BETWEEN}{{0,4}} {_MEDICINES}\b(?! (?:bottle|box|packet|list|diary|card|chart)s?\b)"
    rf"|\b{_MEDICINES} (?:(?:must|should|will|needs? to|ha(?:s|ve) to|(?:is|are) to) be|is|are) (?:stopped|paused"
    rf"|halved|doubled|reduced|changed|left out)\b"
    rf"|\b{_MEDICINES} (?:must|should|can) ?not be taken\b"
    rf"|\b{_MEDICINES}(?:: | [–—-] ){_STOP}(?! sign)\b"
    rf"|\bno {_MEDICINES} (?:for|from|on the|{_DAYS} )"
    rf"|\byour last (?:dose of )?{_MEDICINES}(?: tablet| dose)?(?: is)? {_DAYS} (?:day|week|hour)s?\b",
    re.IGNORECASE,
)
# "If you take warfarin, stop it 5 days before."
_IF_TAKEN = re.compile(
    rf"\bif you (?:take|are on|use|are taking|have)\b[^,.;]{{0,60}} {_MEDICINES}\b[^,.;]{{0,60}}, (?:please )?"
    rf"{_STOP} (?:it|them|this|these|{_DAYS})\b",
    re.IGNORECASE,
)
# What is no change: how a tablet is held, two medicines at once, where insulin is injected, what a leaflet warns of.
_ORDINARY = re.compile(
    rf"hold\b[^.]{{0,40}} (?:under|in|on|into)\b|take (?:an )?extra (?:care|time|list|copy)\b|{_NOT_TAKE}"
    r"(?:(?: [a-z]{1,12}){0,2} (?:two|both|more)\b|[^.]{0,80} (?:near|into|if you (?:have|had|are allergic))\b)",
    re.IGNORECASE,
)
_PUT = re.compile(r"put\b(?![^.]{0,60} on hold\b)", re.IGNORECASE)
_ASKED_FIRST = re.compile(
    r"\b(?:tell|tells|told|say|says|said|ask|asks|asked|advise[sd]?|agree[sd]?|prescribe[sd]?)\b", re.I
)
_CONDITION = re.compile(r"(?:if|when|unless) [^,]{1,100}, ", re.IGNORECASE)
_NOT_TOLD = re.compile(
    r"\b(?:ask|asks|asked|call|tell|tells|told|check|whether|if|unless|should i|may i|can i|do i|never"
    r"|not|don’t|don't|without|until"
    r"|why|who|which|decide[sd]?|some|people|they|may|might|can|could|or)\b",
    re.IGNORECASE,
)


def advice(document):
    """Medicines that a text announces, and orders to change one."""
    yield from _announced(document.text)
    for token, words in chain(blocks(document), _rows(document)):
        for order in _orders(words):
            yield about(document, token.map, "change-medicine", order)


def _announced(text):
    looked_for = (("keywords", keyword) for keyword in text.keywords)
    for pattern, said in ((_MEDICINE, announced(text)), (_INJECTED_MEDICINE, looked_for)):
        for field, words in said:
            if medicine := pattern.search(words):
                yield about_field(field, "medicine", medicine[0])


def _rows(document):
    """(first token, "name: what the other cells say") of every row of a table."""
    first, cells = None, []
    for token in body(document):
        if token.type == "tr_open":
            first, cells = token, []
        elif token.type == "inline" and first:
            cells.append(syntax.plain(token))
        elif token.type == "tr_close":
            if len(cells) > 1:
                yield first, ": ".join(cells)
            first = None


def _orders(words):
    """The words of each sentence that tells readers to stop or change a medicine without asking first."""
    for sentence in sentences(words):
        found = _IF_TAKEN.search(sentence) or _TO_CHANGE.search(sentence)
        if found and not sentence.endswith("?") and not _is_left_open(sentence, found):
            yield found[0]


def _is_left_open(sentence, found):
    rest = sentence[found.start() :]
    if _ORDINARY.match(rest) or _PUT.match(rest):
        return True
    before = sentence[: found.start()]
    if (condition := _CONDITION.match(before)) and not _ASKED_FIRST.search(condition[0]):
        before = before[condition.end() :]  # "If you have sedation, stop …" is an order
    return bool(_NOT_TOLD.search(before))
