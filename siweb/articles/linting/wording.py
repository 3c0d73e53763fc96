"""Words that promise or sell, medicines that may not be advertised, shares told twice, words of links."""

import re

from siweb.articles.rendering import syntax

from .citations import CLAIM, NUMBER
from .messages import about, about_field, announced, blocks, body, sentences

# Words that promise or sell. "Not a cure", "no guarantee", "is it safe?" and "the safe side" are honest uses.
_PROMISE = re.compile(
    r"(?<!not a )(?<!no )\bcur(?:e|es|ed)\b|\bbest\b|(?<!not )(?<!yourself )\bsafe(?:st|ly)?\b(?! side)(?![^.?!]{0,80}\?)"
    r"|(?<!no )(?<!not )(?<!cannot )\bguarantee\w{0,9}|\bpainless\w{0,9}|\bmost accurate\b|\bincredibl\w{1,9}"
    r"|\bmiracle\w{0,9}|\bstudies show\b|\bmagic\b|\brisk-?free\b"
    r"|\b(?:always|definitely|certainly|surely) (?:works?|helps?|heals?|succeeds?|lasts?|get better)\b"
    r"|\b(?:will|is sure to|is certain to|is bound to) (?:always |definitely |certainly |surely )(?:\w{1,12})\b"
    r"|(?<!whether )(?<!if )(?<!how )(?<!sure )(?<!that )(?<!promise )(?<!guarantee )(?<!know )\b(?:it"
    r"|this|(?:the|an?|your|our) (?:injection|jab|steroid|treatment)s?)"
    r" will (?:work|help|heal|fix|cure|last|stop the pain|take (?:away )?(?:the|your) pain)\b(?! out| if| (?:you|us) )"
    r"|\b(?:is|are) (?:sure|certain|bound) to (?:work|help)\b|\bnever (?:fails?|hurts?|goes wrong|does harm)\b"
    r"|\bworks? (?:every time|for (?:everyone|everybody|all)|in every case)\b|\bhelps everyone\b"
    r"|\b(?:no|without(?: any)?|zero|free of) (?:risks?|dangers?|side[- ]effects)\b|\bcompletely harmless\b"
    r"|\b(?:permanent|instant|immediate|total|complete|lasting) (?:relief|cure|fix)\b|\bpain[- ]free for (?:life|good|ever)\b"
    r"|\byou will (?:be|feel) (?:better|cured|pain[- ]free|fine)\b|\bnothing (?:can|will) go wrong\b"
    r"|\bclinically proven\b|\bworld-?class\b|\bstate[- ]of[- ]the[- ]art\b|\bcutting-edge\b",
    re.IGNORECASE,
)
# Prescription-only medicines may not be advertised: never where a text announces itself. Those that an injection may hold
# stand in no keyword either; people look for the tablets that they take.
_INJECTED = (
    r"triamcinolone|methylprednisolone|hydrocortisone|prednisolone|dexamethasone|betamethasone|kenalog|adcortyl|depo-?medrone"
    r"|cortisone|lidocaine|lignocaine|xylocaine|(?:levo)?bupivacaine|marcain|ropivacaine|mepivacaine|prilocaine"
)
_TAKEN = (
    r"gabapentin|pregabalin|amitriptyline|duloxetine|tramadol|morphine|oxycodone|fentanyl|diazepam|midazolam|propofol|naproxen"
    r"|diclofenac|celecoxib|etoricoxib|meloxicam|warfarin|apixaban|rivaroxaban|edoxaban|dabigatran|clopidogrel|heparin"
    r"|methotrexate|adalimumab|etanercept|infliximab|secukinumab|botulinum|botox|paxlovid|ritonavir|cobicistat"
)
_MEDICINE = re.compile(rf"\b(?:{_INJECTED}|{_TAKEN})\b", re.IGNORECASE)
_INJECTED_MEDICINE = re.compile(rf"\b(?:{_INJECTED})\b", re.IGNORECASE)
# Only whoever prescribes a medicine, or the team that knows of it, may say that it is to be stopped, left out or changed.
_CHANGES = (
    r"(?:stop(?:ping)?|pause|quit|skip|omit|halve|double|reduce|lower|increase|change|hold|withhold"
    r"|leave out|miss out|miss|cut down(?: on)?"
    r"|come off|(?:do not|don’t|don't) (?:take|use|inject))"
)
_MEDICINES = (
    rf"(?:{_INJECTED}|{_TAKEN}|aspirin|ibuprofen|insulin|metformin|steroids?|(?:blood thinner|anti-?coagulant|anti-?platelet"
    r"|painkiller|tablet|medicine|medication|pill|inhaler|statin|biologic|antibiotic)s?)"
)
_TO_CHANGE = re.compile(
    rf"\b{_CHANGES}\b(?: (?:taking|using|the|your|any|all|these|those|this|other|daily|usual|own|dose|of"
    rf"|[a-z]{{1,12}}-?[a-z]{{1,12}}))"
    rf"{{0,4}} {_MEDICINES}\b"
    rf"|\b{_MEDICINES} (?:must|should|will|needs? to|ha(?:s|ve) to|(?:is|are) to) be (?:stopped|paused"
    rf"|halved|doubled|reduced|changed|left out)\b",
    re.IGNORECASE,
)
_NOT_TOLD = re.compile(
    r"\b(?:ask|asks|asked|call|tell|tells|told|check|whether|if|unless|should i|may i|can i|do i|never"
    r"|not|don’t|don't|without|until"
    r"|why|who|which|decide[sd]?|some|people|they|may|might|can|could|or)\b",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(r"%|\bper ?cent\b", re.IGNORECASE)

# The same share told twice: "5% (1 in 20)", "1 in 20, or 5%", "38 of 317 people (about 1 in 8)".
_SHARE = rf"(?:(\d{{1,3}}(?:\.\d{{1,4}})?) ?(?:%|per ?cent\b)|({NUMBER}) (?:in|of) (?:every )?({NUMBER}))"
_TWICE = re.compile(
    rf"\b{_SHARE}(?: [a-z]{{1,20}}){{0,3}}(,? or | ?\()(?:about |around |nearly )?{_SHARE}\)?", re.IGNORECASE
)
_AS_GOOD_AS_EQUAL = 0.15  # "7% or 1 in 14"

_SAYS_NOTHING = re.compile(
    r"(?:(?:click |press |tap )?here|this(?: page| link| site)?|link|(?:read |learn |find out )?more(?: information)?)\W*"
    r"|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)


def advice(document):
    """What could be said better."""
    yield from _announced(document)
    for token, words in blocks(document):
        yield from _promises(document, token, words)
        if percentage := _PERCENTAGE.search(words):
            yield about(document, token.map, "percentage", percentage[0])
        for stop in _told_to_change(words):
            yield about(document, token.map, "change-medicine", stop)
        for twice in _TWICE.finditer(words):
            if _disagree(twice):
                yield about(document, token.map, "disagree", twice[0])
    for token in body(document):
        if token.type == "inline":
            yield from _links(document, token)


def _announced(document):
    text = document.text
    looked_for = (("keywords", keyword) for keyword in text.keywords)
    for pattern, said in ((_MEDICINE, announced(text)), (_INJECTED_MEDICINE, looked_for)):
        for field, words in said:
            if medicine := pattern.search(words):
                yield about_field(field, "medicine", medicine[0])
    said = None
    for field, words in announced(text):
        for promise in dict.fromkeys(_PROMISE.findall(words)):
            yield about_field(field, "promise", promise)
        for claim in CLAIM.finditer(words):
            said = said or "\n".join(words for _, words in blocks(document))
            if claim[0] not in said:
                yield about_field(field, "only-announced", claim[0])


def _promises(document, token, words):
    for promise in dict.fromkeys(_PROMISE.findall(words)):
        yield about(document, token.map, "promise", promise)


def _told_to_change(words):
    """The words of each sentence that tells readers to stop or change a medicine without asking first."""
    for sentence in sentences(words):
        found = _TO_CHANGE.search(sentence)
        if found and not sentence.endswith("?") and not _NOT_TOLD.search(sentence[: found.start()]):
            yield found[0]


def _disagree(twice):
    """Whether two shares that stand for one another differ. Two of one form joined by "or" are a range."""
    first, joint, second = twice.groups()[:3], twice[4], twice.groups()[4:]
    if "or" in joint and (first[0] is None) == (second[0] is None):
        return False
    one, other = _share(*first), _share(*second)
    return abs(one - other) > _AS_GOOD_AS_EQUAL * max(one, other)


def _share(per_cent, part, whole):
    if per_cent:
        return float(per_cent) / 100
    return int(part.replace(",", "")) / max(1, int(whole.replace(",", "")))


def _links(document, token):
    for words in _words_of_links(token):
        if _SAYS_NOTHING.fullmatch(words.strip()):
            yield about(document, token.map, "link-words", words)


def _words_of_links(token):
    start = None
    for index, child in enumerate(token.children):
        if child.type == "link_open":
            start = index + 1
        elif child.type == "link_close" and start is not None:
            yield syntax.plain(token.copy(children=token.children[start:index]))
