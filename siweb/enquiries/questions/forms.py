"""The enquiry form: eight questions, no more than reception uses. The server judges, and says how to fix."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from siweb.core import phone_numbers

from . import email_addresses, screening

NAME_LENGTH, WORDS_LENGTH, EMAIL_LENGTH = 100, 4000, 254

# Version and wording of the consent that is asked for where the clinic's lawful basis is consent.
CONSENT_VERSION = "2026-11"
CONSENT = "I agree that {clinic} may use the health information that I give here to answer my enquiry."

WHO = [("me", "Me"), ("other", "Someone else")]
KNOWS = [("yes", "Yes"), ("no", "No"), ("cannot", "I cannot ask them")]
RING = [("asker", "Me, the one who is asking"), ("patient", "The person I am asking for")]
FIRST = [("phone", "Phone"), ("email", "E-mail")]
VOICEMAIL = [("yes", "Yes"), ("no", "No")]
TIMES = [("morning", "Mornings"), ("midday", "The middle of the day"), ("afternoon", "Afternoons"), ("any", "Any time")]
ANY_PLACE = "any"
NEEDS = [
    ("interpreter", "An interpreter (say which language below)"),
    ("bsl", "British Sign Language (BSL)"),
    ("text", "Text messages or e-mail only, no calls"),
    ("large-print", "Large print"),
    ("step-free", "Step-free access"),
]
TELL = [
    *((item.key, item.wording) for item in screening.SCREENING),
    (screening.RATHER_SAY, "I would rather say on the phone"),
]

# Letters that show nothing; a name of only these is no name. Joiners stay where they join.
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5"
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\u200b\u2060]")

_validate_email = EmailValidator(allowlist=[])  # not even localhost: mail is for people elsewhere


def without_invisible(text):
    """Without characters that reorder or hide what staff read. Lines and tabs stay; joiners stay for emoji and Persian."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _CONTROL.sub("", _REORDERING.sub("", text))


def is_visible(text):
    """Whether a reader would see anything."""
    return any(unicodedata.category(letter)[0] not in "CZM" and letter not in _BLANKS for letter in text)


class Line(forms.CharField):
    """One line that shows something."""

    def to_python(self, value):
        value = " ".join(without_invisible(super().to_python(value)).split())
        return value if is_visible(value) else ""

    def widget_attrs(self, widget):
        return {}  # no maxlength: a browser would cut what is pasted, without a word


class Words(forms.CharField):
    """Several lines."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value):
        value = without_invisible(super().to_python(value)).strip()
        return value if is_visible(value) else ""

    def widget_attrs(self, widget):
        return {}


def _line(label, *, most=NAME_LENGTH, empty="", **options):
    messages = {
        "required": empty,
        "max_length": "This is %(show_value)d characters long. Shorten it to %(limit_value)d.",
        "null_characters_not_allowed": "Type this again: it holds a character that cannot be stored.",
    }
    return options.pop("type", Line)(
        label=label, max_length=most, required=bool(empty), error_messages=messages, **options
    )


def _text_input(autocomplete="", *, kind="text", **attrs):
    """Return a widget. Never autocomplete="off": browsers then forget on Back and on a reload what was typed."""
    autofill = {"autocomplete": autocomplete} if autocomplete else {}
    return forms.TextInput(attrs={"type": kind, **autofill, **attrs})


def _choice(label, choices, *, empty="", **options):
    messages = {"required": empty, "invalid_choice": "Choose one of the answers that are shown."}
    return forms.ChoiceField(
        label=label, choices=choices, required=bool(empty), widget=forms.RadioSelect, error_messages=messages, **options
    )


def _choices(label, choices, **options):
    messages = {"invalid_choice": "Choose among the answers that are shown.", "invalid_list": "Choose again."}
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=messages,
        **options,
    )


class ContactForm(forms.Form):
    """How to reach a person: of the enquiry form, and alone behind the private link."""

    use_required_attribute = False
    number = None  # the phone_numbers.Phone of what was typed

    phone = _line(
        "Phone number",
        help_text="For example 07700 900123. You can add words, such as “after 5”",
        widget=_text_input("tel", kind="tel"),
    )
    email = _line("E-mail address", most=EMAIL_LENGTH, widget=_text_input("email", kind="email", spellcheck="false"))
    first = _choice("Which should we try first? (if you give both)", FIRST)
    voicemail = _choice("If nobody answers, may we leave a message?", VOICEMAIL)
    times = _choices("When is a good time for you? (optional)", TIMES)

    contact_fields = ("phone", "voicemail", "email", "first", "times")

    def clean_phone(self):
        text = self.cleaned_data["phone"]
        self.number = phone_numbers.read_phone(text) if text else None
        if text and self.number is None:
            raise ValidationError("Enter a whole phone number, such as 01632 960001 or +44 1632 960001.")
        return text

    def clean_email(self):
        address = re.sub(r"\s*([@.])\s*", r"\1", self.cleaned_data["email"])
        if re.search(r"[\r\n]", self.data.get("email", "").strip()):
            raise ValidationError("Enter an e-mail address, like name@example.org.")
        if not address:
            return ""
        if not address.isascii():
            raise ValidationError(
                "We cannot write to an e-mail address with letters beyond a to z. Give another, or a phone number."
            )
        try:
            _validate_email(address)
            if address.endswith("]"):  # an address by number, such as [127.0.0.1]
                raise ValidationError(address)
        except ValidationError:
            raise ValidationError("Enter an e-mail address, like name@example.org.") from None
        return address

    def clean(self):
        data = super().clean()
        if not self.errors.keys() & {"phone", "email"}:
            self._clean_routes(data)
        if data.get("phone") and not data.get("voicemail") and "voicemail" not in self.errors:
            self.add_error("voicemail", "Say whether we may leave a message.")
        return data

    def _clean_routes(self, data):
        phone, email = data.get("phone"), data.get("email")
        if not phone and not email:
            self.add_error("phone", "Enter a phone number or an e-mail address, so that we can reply.")
        elif not (phone and email):
            data["first"] = "phone" if phone else "email"
        elif not data.get("first") and "first" not in self.errors:
            self.add_error("first", "Choose which we should try first.")

    @property
    def email_slip(self):
        """The address that was perhaps meant, or ""."""
        return email_addresses.likely_meant(self.cleaned_data.get("email", ""))

    def said(self):
        """What is stored of it (fields of Answers)."""
        data, phone = self.cleaned_data, self.number
        return {
            "phone": phone.number if phone else "",
            "phone_raw": phone.raw if phone else "",
            "phone_doubtful": bool(phone and phone.doubtful),
            "phone_note": phone.note if phone else "",
            "email": data["email"],
            "first": data["first"],
            "voicemail": data["voicemail"] if phone else "",
            "times": list(dict.fromkeys(data["times"])),
        }


class EnquiryForm(ContactForm):
    """All eight questions. Its answers travel with the reader from page to page: nothing is kept before it is sent."""

    who = _choice("Who needs the appointment?", WHO, empty="Say who needs the appointment.")
    asker = _line("Your own name", widget=_text_input("section-asker name", spellcheck="false"))
    relation = _line("What you are to them", help_text="For example wife, son, carer or GP", widget=_text_input())
    knows = _choice("Do they know that you are asking?", KNOWS)
    ring = _choice("Whom should we ring?", RING)
    name = _line(
        "Full name of the person who needs the appointment",
        empty="Enter the full name of the person who needs the appointment.",
        widget=_text_input("name", spellcheck="false"),
    )
    place = _choice(
        "Which clinic would suit?", [(ANY_PLACE, "No preference")], empty="Choose a clinic, or “No preference”."
    )
    needs = _choices("What do you need? (optional)", NEEDS)
    language = _line("Which language? (if you need an interpreter)", widget=_text_input())
    tell = _choices(
        "Tell us first: the person who needs the appointment … (optional)", TELL, help_text="Tick any that is true"
    )
    words = _line(
        "Anything else? (optional)",
        most=WORDS_LENGTH,
        type=Words,
        help_text="Please do not write your medical history here. We will ask what we need",
    )
    consent = forms.BooleanField(required=False)

    # What is said where an answer is missing that others make necessary.
    needed = {
        "asker": "Enter your own name.",
        "relation": "Say what you are to them, such as wife, son or carer.",
        "knows": "Say whether they know that you are asking.",
        "ring": "Say whom we should ring.",
        "language": "Say which language you need an interpreter for.",
        "consent": "We may only use what you write if you agree. If you would rather not, please call us.",
        "who": "You also answered for someone else. Choose “someone else”, or empty those answers.",
    }

    field_order = (
        *("who", "asker", "relation", "knows", "ring", "name", *ContactForm.contact_fields),
        *("place", "needs", "language", "tell", "words", "consent"),
    )

    def __init__(self, *args, clinic, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = clinic.injection_places
        choices = [(slug, name) for slug, (name, _) in self.places.items()]
        self.fields["place"].choices = [*choices, *self.fields["place"].choices]
        if clinic.asks_consent:
            self.fields["consent"].label = CONSENT.format(clinic=clinic.name)
        else:
            del self.fields["consent"]

    def clean_consent(self):
        if not self.cleaned_data["consent"]:
            raise ValidationError(self.needed["consent"])
        return True

    def clean(self):
        data = super().clean()
        if data.get("who") == "other":
            for name in ("asker", "relation", "knows", "ring"):
                self._need(name)
        elif data.get("who") == "me" and data.get("relation"):  # a name alone is what a browser fills in by itself
            self.add_error("who", self.needed["who"])
        if "interpreter" in data.get("needs", []):
            self._need("language")
        return data

    def _need(self, name):
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, self.needed[name])

    def said(self):
        """What is stored (fields of Answers). What was filled in for someone else does not count when it is for "me"."""
        data = self.cleaned_data
        other = data["who"] == "other"
        place = None if data["place"] == ANY_PLACE else self.places[data["place"]][1]
        return super().said() | {
            "who": data["who"],
            **{name: data[name] if other else "" for name in ("asker", "relation", "knows", "ring")},
            "name": data["name"],
            "place_id": place,
            "needs": list(dict.fromkeys(data["needs"])),
            "language": data["language"],
            "tell": list(dict.fromkeys(data["tell"])),
            "words": data["words"],
            "consent": CONSENT_VERSION if data.get("consent") else "",
        }

    def summary(self):
        """What was answered, as (words of the question, the answer in words, where it is changed)."""
        names = [name for name in self.fields if name != "consent"]
        if self.cleaned_data["who"] == "me":
            names = [name for name in names if name not in ("asker", "relation", "knows", "ring")]
        for name in names:
            question = self.fields[name].label.removesuffix(" (optional)")
            answers = in_words(self.fields[name], self.data.getlist(name))
            if name == "phone" and self.number:
                answers = list(_phone_as_read(self.number))
            if name == "first":  # with one way to reach them there is nothing to choose
                answers = in_words(self.fields[name], [self.cleaned_data["first"]])
            yield question, "\n".join(answers), self[name].auto_id + ("_0" if self[name].use_fieldset else "")


def _phone_as_read(phone):
    """Yield how a phone number was understood, for its owner to check."""
    yield f"We will ring {phone_numbers.say_phone(phone.number)}"
    if phone.note:
        yield f"Your note: {phone.note}"
    if not phone.is_certain:
        yield "Please check the number. If it is not right, change it."


def in_words(field, values):
    """The values of a question as its answers read, without the empty ones."""
    wordings = dict(getattr(field, "choices", ()))
    return [str(wordings.get(value, value)).strip() for value in values if value.strip()]


def typed(posted):
    """(name, value) of every answer in what was posted, for a page to carry them on."""
    return [(name, value) for name in EnquiryForm.field_order for value in posted.getlist(name)]
