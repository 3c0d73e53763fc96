"""Each finding of the report leads to its place in the editor: the field, the line of the box, the words."""

import pytest
from django.core.management import call_command

from siweb.articles.staff.check_panel import report_on
from tests.articles.staff.test_editor_fields import FILLED

pytestmark = pytest.mark.django_db

GOOD = FILLED | {"takeaways": "One.\nTwo.\nThree.", "keywords": ""}


def errors(**typed):
    return [(found.field, found.line, found.words) for found in report_on(GOOD | typed).errors]


def advised(**typed):
    return [(found.key, found.field, found.line, found.words) for found in report_on(GOOD | typed).advice]


def test_a_good_text_has_nothing_to_fix():
    report = report_on(GOOD)
    assert (report.errors, report.advice, report.words, report.minutes) == ((), (), 2, 1)
    assert report.grade.raw == report.grade.adjusted


# Fields that cannot be taken: where the first finding leads to.
REFUSED = [
    ({"title": " "}, ("title", 1)),
    ({"summary": "\r\n"}, ("summary", 1)),
    ({"kind": "poem"}, ("kind", 1)),
    ({"order": "-1"}, ("order", 1)),
    ({"aliases": "ok\r\nNot This"}, ("aliases", 1)),
    ({"keywords": "a\r\nb\x07"}, ("keywords", 2)),
    ({"body": "One.\r\n\r\nTw\x07o."}, ("body", 3)),
    ({"body": "One.\r\n\r\n" + "> " * 30 + "deep"}, ("body", 3)),
    ({"body": "\r\n \r\nOne.\r\n\r\n[a](nowhere)"}, ("body", 5)),
    ({"body": "|a|b|\r\n|-|-|\r\n|c|[a](nowhere)|"}, ("body", 3)),
    ({"body": "One.\r\rTwo.\r\r::: poem\rx\r:::"}, ("body", 5)),
    ({"body": "One.\n\n![](pelvis)"}, ("body", 3)),
    ({"body": "One.\n\n[[rule:nothing]]"}, ("body", 3)),
    ({"body": "One.\n\n# Two"}, ("body", 3)),
    ({"body": "a\r\n\r\n[^s]: S\r\n\r\n[^s]: T"}, ("body", 5)),
]


@pytest.mark.parametrize(("typed", "place"), REFUSED)
def test_an_error_leads_to_its_field_or_its_line(typed, place):
    assert errors(**typed)[0][:2] == place


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_advice_counts_the_lines_of_the_box(ends):
    body = ends.join(["", " ", "One.", "", "Two", "and the best."])
    assert advised(body=body) == [("promise", "body", 6, "best")]


def test_advice_on_the_same_words_has_the_same_key_wherever_they_stand():
    assert advised(body="The best.")[0][0] == advised(body="One.\n\nTwo.\n\nThe best.")[0][0] == "promise"


def test_what_stops_a_text_does_not_hide_what_could_be_better():
    report = report_on(GOOD | {"body": "The best.\n\n[a](nowhere)"})
    assert len(report.errors) == 1
    assert [found.key for found in report.advice] == ["promise"]
    assert report.words == 3


def test_a_text_that_cannot_be_parsed_is_not_counted():
    report = report_on(GOOD | {"title": "Go\x07ing"})
    assert (report.advice, report.words, report.grade) == ((), 0, None)


def test_the_name_of_the_clinic_makes_no_text_harder(clinic):
    clinic.name = "Ultrasonography Rehabilitation Associates International"
    clinic.save()
    report = report_on(GOOD | {"body": "We are [[clinic:name]]."})
    assert report.advice == ()
    assert report.grade.adjusted < report.grade.raw


def test_the_command_says_what_must_be_fixed_and_what_could_be_better(content, capsys):
    folder = content("care", "The best.\n\n[a](nowhere)\n", takeaways="[One., Two., Lidocaine.]")
    content("poem", "Words.\n", kind="poem")
    call_command("check_articles", *folder.glob("*.md"))
    assert capsys.readouterr().out.splitlines() == [
        "care.md: grade -2.6 (raw -2.6), 3 words",
        '  fix, line 10: The link "nowhere" leads nowhere. Write the slug of an article, a path such as '
        "/clinics/, or one with https.",
        '  suggestion, takeaways: "Lidocaine" is a prescription-only medicine, which may not be advertised. '
        'Say "the medicine" here.',
        '  suggestion, line 8: "best" promises too much. Say what is known, and how sure it is.',
        "poem.md",
        '  fix, line 4: kind is "poem". It must be one of: step, topic, rules, signs, glossary, page.',
    ]
