"""Words that promise or sell, where they promise: "not a cure", "which is best for you?" and "until it is safe" are honest."""

import re

from .messages import about, about_field, announced, blocks, sentences

_TREATMENT = r"(?:it|this|(?:the|an?|your|our) (?:injection|jab|steroid|treatment|needle)s?)"
_PROMISE = re.compile(
    r"(?<!not a )(?<!no )\bcur(?:e|es|ed)\b|\bbest\b|(?<!not )(?<!yourself )\bsafe(?:st|ly)?\b(?! (?:side|place|distance))"
    r"|(?<!no )(?<!not )(?<!cannot )\bguarantee\w{0,9}|\bpainless\w{0,9}|\bmost accurate\b|\bincredibl\w{1,9}"
    r"|\bmiracle\w{0,9}|\bstudies show\b|\bmagic\b|\brisk[- ]?free\b|\blife-changing\b"
    r"|\b(?:always|definitely|certainly|surely) (?:works?|helps?|heals?|succeeds?|lasts?|relieves?|get better|safe|effective)\b"
    r"|\balways (?:successful|gives? relief|(?:takes?|stops?) (?:the|your) pain)"
    r"|\b(?:will|is sure to|is certain to|is bound to) (?:always |definitely |certainly |surely )"
    r"(?:be (?:better|cured|safe)|work|help|heal|fix|cure|last|stop|relieve|remove|succeed|take|get better|feel)\b"
    rf"|(?<!whether )(?<!if )(?<!how )(?<!sure )(?<!that )(?<!promise )(?<!guarantee )(?<!know )\b{_TREATMENT}"
    r" will (?:work|help|heal|fix|cure|last|stop the pain|take (?:away )?(?:the|your) pain)\b(?! out| if| (?:you|us) )"
    r"|\b(?:is|are) (?:sure|certain|bound) to (?:work|help)\b|\bproven to (?:work|help|cure|heal)\b"
    r"|\bnever (?:fails?|hurts?|goes wrong|(?:does|causes?) (?:any )?(?:harm|damage|problems?))\b"
    r"|\bnever (?:have|feel) pain again\b"
    r"|\bwork(?:s|ed)? (?:every time|without fail|100 ?% of the time|(?:in|for) (?:everyone|everybody|all|every))\b"
    r"|\bhelps everyone\b|\b(?:everyone|everybody|all (?:our )?patients) (?:gets? better|feels? better|improves?|is cured)\b"
    r"|\b(?:no|without(?: any)?|zero|free of) (?:risks?|dangers?|side[- ]effects)\b|\bcompletely harmless\b"
    rf"|\b{_TREATMENT} (?:is|are) harmless\b|\b(?:nobody|no one) (?:is|was) harmed\b|\b(?:nobody|no one) has side[- ]effects\b"
    r"|\bside[- ]effects never (?:happen|occur)\b|\b(?:infection|harm|failure) is impossible\b"
    r"|\b(?:permanent|instant|immediate|total|complete|lasting) (?:relief|cure|fix)\b|\bpain[- ]free for (?:life|good|ever)\b"
    r"|\brelief is (?:certain|permanent)\b|\bresults are permanent\b|\bpain for good\b"
    r"|\byou will (?:be|feel) (?:better|cured|pain[- ]free|fine)\b|\byou will (?:have|feel) no pain\b"
    r"|\byou (?:will not|won[’']t) feel a thing\b|\bnothing to worry about\b"
    r"|\bnothing (?:can|will) go wrong\b|\b(?:cannot|can[’']t) (?:fail|go wrong)\b"
    r"|\b100 ?% (?:safe|effective|successful)\b|\bsuccess rate is 100\b"
    r"|\bclinically proven\b|\bworld-?class\b|\bstate[- ]of[- ]the[- ]art\b|\bcutting-edge\b",
    re.IGNORECASE,
)
MAX_CLAUSE = 200  # characters before a promise that are looked at
# A clause that denies what it names. "No doubt" and "not only" deny nothing.
_CLAUSE = re.compile(r"[,;:–—()]|\b(?:and|but|because|then)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not(?! only)|\w{2,6}n[’']t|cannot|nobody|nothing|none|neither|nor|rarely|seldom|hardly)\b|\bno one\b"
    r"|(?:^\W*|\b(?:is|are|was|were|that) )no\b(?! (?:doubt|question))",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\W*(?:is|are|does|do|did|will|can|could|which|what|who|how|why|when|where|should|may|has|have)\b", re.I
)
# What a word promises only where nothing like this comes before it.
_UNSURE = {
    "safe": re.compile(r"\b(?:until|when|whether|if|unless|(?<!not )only|once|make sure|check)\b", re.IGNORECASE),
    "safely": re.compile(r"\b(?:can|able to|how to|whether|if|when|until)\b(?! be\b)", re.IGNORECASE),
    "best": re.compile(
        r"\b(?:which|what|who|whether|how|when|where|your|their|try|at)\b|\b(?:it is|it’s|it may be|usually|often) $",
        re.IGNORECASE,
    ),
    "nothing to worry about": re.compile(r"\b(?:usually|often|mostly|probably|may be|if)\b", re.IGNORECASE),
}
_BEST_OF_ORDINARY = re.compile(r" (?:time|day|hour|moment|place|position|score|guess|interests?|known)s?\b")


def advice(document):
    """Every promise in the text, and where it announces itself."""
    for token, words in blocks(document):
        for promise in dict.fromkeys(_promises(words)):
            yield about(document, token.map, "promise", promise)
    for field, words in announced(document.text):
        for promise in dict.fromkeys(_promises(words)):
            yield about_field(field, "promise", promise)


def _promises(words):
    if not _PROMISE.search(words):
        return
    for sentence in sentences(words):
        is_question = sentence.endswith("?") and _QUESTION.match(sentence)
        for found in _PROMISE.finditer(sentence) if not is_question else ():
            if not _is_honest(sentence, found):
                yield found[0]


def _is_honest(sentence, found):
    """Whether the words before a promise deny it or leave it open, or it is about a time or a place."""
    before = sentence[max(0, found.start() - MAX_CLAUSE) : found.start()]
    start = max((end.end() for end in _CLAUSE.finditer(before)), default=0)
    clause, promise = before[start:], found[0].lower()
    if _DENIED.search(clause):
        return True
    unsure = _UNSURE.get(promise)
    if unsure and unsure.search(clause):
        return True
    return promise == "best" and bool(_BEST_OF_ORDINARY.match(sentence, found.end()))
