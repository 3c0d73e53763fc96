"""The panel beside the editor says what stops a text and what could be improved, each with its place."""

import html
import re

import pytest

from tests.articles.staff.test_editor_fields import FILLED

ADDRESS = "/admin/articles/article/checks/"


@pytest.fixture
def ask(db, client, editor):
    client.force_login(editor)

    def ask(**typed):
        response = client.post(ADDRESS, FILLED | {"keywords": ""} | typed)
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return ask


def places(panel):
    """[(field, line, words, message)] of every finding."""
    found = (
        r'data-field="(.*?)" data-line="(\d+)" data-words="(.*?)">.*?</button> (.*?)(?: <button name="fix".*?)?</li>'
    )
    return [(field, int(line), words, said) for field, line, words, said in re.findall(found, panel)]


def test_a_good_text_has_no_errors_and_its_words_are_counted(ask):
    panel = ask(takeaways="One.\nTwo.\nThree.")
    assert "No errors." in panel
    assert places(panel) == []
    assert "<dd>2</dd>" in panel
    assert "1 minute<" in panel


def test_what_cannot_be_rendered_is_an_error_with_its_line(ask):
    panel = ask(body="\r\n\r\nOne.\r\n\r\n[here](nowhere)")
    assert "Fix 1 error before publishing." in panel
    assert ("body", 5) in [place[:2] for place in places(panel)]


def test_what_a_field_lacks_is_said_about_the_field(ask):
    assert places(ask(title=""))[0][:2] == ("title", 1)


def test_advice_names_the_words_that_it_is_about(ask):
    panel = ask(summary="The best way.")
    assert ("summary", 1, "best") in [place[:3] for place in places(panel)]
    assert "No errors." in panel


def test_nobody_else_and_nothing_incomplete_is_answered(db, client, reception, editor):
    assert client.post(ADDRESS, FILLED).status_code == 403
    client.force_login(reception)
    assert client.post(ADDRESS, FILLED).status_code == 403
    client.force_login(editor)
    assert client.post(ADDRESS, {"title": "a"}).status_code == 400
    assert client.get(ADDRESS).status_code == 405
    assert client.post(ADDRESS, FILLED).headers["Cache-Control"].count("no-store") == 1


def test_a_text_with_very_many_findings_is_answered_with_the_first_of_them(ask):
    panel = ask(takeaways="a\nb\nc", body="\n\n".join(f"[We sat on it](nowhere{number})" for number in range(300)))
    assert len(places(panel)) == 100
    assert "Fix 300 errors before publishing." in panel
    assert "The first 100 are shown." in panel


def test_a_certain_fix_is_one_press_away(ask):
    panel = ask(body="\r\nOne.\r\n\r\n**Two:**three")
    assert """name="fix" value="[4, "**Two:**three", "**Two:** three"]\"""" in panel
    assert 'name="fix"' not in ask(body="Price* from")
