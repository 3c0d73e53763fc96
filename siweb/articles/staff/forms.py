"""The forms on the page of a text under review: one for each move that is possible now, and one for proposed words."""

from calendar import monthrange
from dataclasses import dataclass

from django import forms
from django.utils import timezone

from siweb.articles.editorial.workflow import State
from siweb.articles.models import Decision
from siweb.clinics.models import Clinic

KIND = Decision.Kind
LONGEST_NOTE = 4000  # characters


@dataclass(frozen=True)
class Way:
    """How a move stands on the page: what is asked, and what is said once it is done."""

    done: str
    note: str = ""  # label of the note; none is asked without one
    hint: str = ""
    fields: tuple = ()
    buttons: tuple = ()  # (moves to make in this order, words on the button), where it is not the move's own
    is_seldom: bool = False  # it is folded away


_PRESS_THROUGH = (
    ("approve", "Approve this text"),
    ("approve publish", "Approve and publish now"),
    ("approve schedule", "Approve and publish at that time"),
)

# In the order in which they stand on the page.
WAYS = {
    KIND.APPROVE: Way(
        "It is approved.",
        "A remark",
        "It is kept with the approval. Readers do not see it.",
        ("read", "review_due", "note", "publish_at"),
        _PRESS_THROUGH,
    ),
    KIND.CONFIRM: Way(
        "It is confirmed, with today’s date.",
        "A remark",
        "Readers do not see it.",
        ("read", "review_due", "note"),
    ),
    KIND.READ: Way("It is written down that you have read this text.", "A remark for the clinician", "", ("note",)),
    KIND.ASK: Way(
        "The writers see what you ask for.",
        "What should be changed?",
        "You may quote a passage: copy it from the page.",
        ("note",),
    ),
    KIND.PUBLISH: Way("It is published: readers see it now."),
    KIND.SCHEDULE: Way("It will be published at the time that you chose.", fields=("publish_at",)),
    KIND.CANCEL: Way("The schedule is cancelled. The text stays approved.", "A remark", "", ("note",)),
    KIND.REQUEST: Way(
        "It is sent for review: clinicians see it among the texts that wait for them.",
        "What should the clinician look at?",
        "What you changed, and why.",
        ("note", "reason"),
    ),
    KIND.WITHDRAW: Way(
        "It is taken back from review. You may go on writing.", "A remark", "", ("note",), is_seldom=True
    ),
    KIND.URGENT: Way(
        "It is published. The page says that it was corrected urgently, until a clinician has approved it.",
        "What is wrong with the page as readers see it, and why can it not wait?",
        "",
        ("note",),
        is_seldom=True,
    ),
    KIND.RETIRE: Way(
        "It is retired: readers do not see it any more. Nothing of it is lost.",
        "Why should readers not see it any more?",
        "",
        ("note",),
        is_seldom=True,
    ),
}
ORDER = tuple(WAYS)


_SAY = {"required": "Say it in a sentence, then press the button again."}
_DAY = "Write the day as 2027-03-31."
_TIME = "Write the day and the time as 2027-03-31 09:00."


class MoveForm(forms.Form):
    """What is said with a move. That it is enough is checked by workflow.decide()."""

    read = forms.BooleanField(
        widget=forms.CheckboxInput(attrs={"autocomplete": "off"}),  # a reload must not bring the tick to another page
        error_messages={"required": "Read the page to its end, then tick this box."},
    )
    review_due = forms.DateField(
        label="Next check due",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _DAY, "required": _DAY},
    )
    publish_at = forms.DateTimeField(
        label="Day and time when readers will see it",
        help_text="In the clinic’s own time.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _TIME, "required": _TIME},
    )
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_NOTE, error_messages=_SAY)
    reason = forms.CharField(
        label="Why does what the checks advise stay as it is?",
        help_text="One sentence. The clinician sees it beside the advice.",
        max_length=500,
        error_messages=_SAY,
    )

    def __init__(self, move, data=None, *, state, is_advised, code):
        self.move, self.way, self.state = move, WAYS[move.kind], state
        super().__init__(data, initial={"review_due": next_check()}, auto_id=f"{move.kind}-%s", label_suffix="")
        unasked = set() if is_advised else {"reason"}
        unasked |= {"publish_at"} if state == State.UNCHECKED else set()
        self.fields = {name: self.fields[name] for name in self.way.fields if name not in unasked}
        for name, field in self.fields.items():
            field.required = name in move.needs or name == "read"
        if "read" in self.fields:
            self.fields["read"].label = f"I have read this page as it will be shown. Its code is {code}."
        if "note" in self.fields:
            self.fields["note"].label, self.fields["note"].help_text = self.way.note, self.way.hint

    @property
    def buttons(self):
        if self.state == State.UNCHECKED or not self.way.buttons:
            return [(self.move.kind, self.move.wording)]
        return self.way.buttons


def next_check():
    """The day of the next check, as the clinic wishes it."""
    today = timezone.localdate()
    months = today.month - 1 + Clinic.current().review_months
    year, month = today.year + months // 12, months % 12 + 1
    return today.replace(year=year, month=month, day=min(today.day, monthrange(year, month)[1]))


class ProposalForm(forms.Form):
    """Other words for a passage of the text."""

    passage = forms.CharField(
        label="The passage as it is written",
        help_text="Copy it from “The text as it is written”, with its marks.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
        error_messages={"required": "Copy the passage that you mean into this box."},
    )
    wording = forms.CharField(
        label="Your words for it", widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=LONGEST_NOTE
    )
    note = forms.CharField(label="Why?", required=False, max_length=500)

    def __init__(self, data=None):
        super().__init__(data, auto_id="propose-%s", label_suffix="")


class AnswerForm(forms.Form):
    """Why proposed words are not taken in."""

    answer = forms.CharField(label="If not, why?", required=False, max_length=500)

    def __init__(self, proposal, data=None):
        self.proposal = proposal
        super().__init__(data, auto_id=f"answer-{proposal.pk}-%s", label_suffix="")
