"""The enquiry form, filled in as a patient would."""

ANSWERS = {
    "who": "me",
    "name": "Maria Okafor",
    "phone": "01632 960001 after 5",
    "email": "maria.okafor@example.org",
    "first": "phone",
    "voicemail": "yes",
    "times": ["morning", "afternoon"],
    "place": "any",
    "needs": "step-free",
    "language": "",
    "tell": ["diabetes", "blood"],
    "words": "It hurts on the left, low down, since the birth of my second child. Sitting is worst.\r\n" * 3,
    "do": "send",
}
