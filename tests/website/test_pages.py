"""What every page of the site has and what each page shows; the whole sitemap is walked."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from django.urls import URLPattern, get_resolver

from siweb.articles.models import Publication
from siweb.clinics.models import Clinic, Location, Practitioner
from siweb.website import errors
from tests.support.deciding import signed

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemap(client):
    tree = ET.fromstring(client.get("/sitemap.xml").content)
    return [loc.text.removeprefix("http://127.0.0.1:8000") for loc in tree.iter(f"{NAMESPACE}loc")]


def html(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_the_sitemap_names_every_page_that_readers_have(shipped, client):
    paths = sitemap(client)
    assert {
        "/",
        "/guide/",
        "/search/",
        "/clinics/",
        "/clinics/example-location/",
        "/enquire/",
        "/guide/anatomy/",
        "/privacy/",
    } <= set(paths)
    assert len(paths) == len(set(paths)) == 6 + len(shipped)


@pytest.mark.slow
def test_every_page_has_one_title_one_h1_a_description_and_its_own_address(shipped, client):
    titles = []
    for path in sitemap(client):
        page = html(client, path)
        assert page.count("<h1") == 1, path
        titles += re.findall(r"<title>(.*?)</title>", page, re.DOTALL)
        assert re.search(r'<meta name="description" content="[^"]{20,}">', page), path
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{path}">' in page, path
        assert '<html lang="en-GB"' in page
        assert 'property="og:title"' in page
    assert len(titles) == len(set(titles)) == len(sitemap(client))


def test_every_page_gives_the_clinics_phone_999_and_111_as_links(shipped, client):
    for path in [*sitemap(client), "/guide/anatomy/print/", "/guide/anatomy/large-print/", "/guide/anatomy/useful/"]:
        page = html(client, path)
        for link in ("tel:999", "tel:111", "tel:+441632960001"):
            assert f'href="{link}"' in page, (path, link)
        assert "/guide/when-to-get-help/" in page, path
        assert "interpreter" in page, path


def test_no_page_sets_a_cookie_or_varies_by_one_unasked(shipped, client):
    for path in sitemap(client):
        response = client.get(path)
        assert not response.cookies
        assert response.headers["Cache-Control"] == "public, no-cache"


def test_no_page_carries_an_inline_style_or_handler(shipped, client):
    for path in sitemap(client):
        page = html(client, path)
        assert " style=" not in page, path
        assert not re.search(r"\son\w+=", page), path
        assert page.count("<style>") == 1


def test_the_three_doors_stand_on_the_home_page_and_the_last_leads_with_help(shipped, client):
    page = html(client, "/")
    doors = [page.index(words) for words in ("I am thinking about it", "I am booked", "I have had it")]
    assert doors == sorted(doors)
    assert doors[2] < page.index("/guide/when-to-get-help/", doors[2]) < page.index("/guide/aftercare/", doors[2])


def test_the_home_page_shows_the_path_in_seven_numbered_steps(shipped, client):
    page = html(client, "/")
    steps = ["anatomy", "causes", "mimics", "imaging", "procedure", "aftercare", "next-steps"]
    places = [page.rindex(f'href="/guide/{slug}/"') for slug in steps]
    assert places == sorted(places)


MEDICINES = re.compile(
    r"steroid|cortisone|lidocaine|bupivacaine|triamcinolone|methylprednisolone|hydrocortisone", re.IGNORECASE
)


@pytest.mark.parametrize("path", ["/", "/guide/", "/clinics/", "/clinics/example-location/"])
def test_no_page_that_promotes_names_a_medicine(shipped, client, path):
    assert not MEDICINES.search(html(client, path))


def test_no_title_or_description_names_a_medicine(shipped, client):
    for path in sitemap(client):
        head = html(client, path).partition("</head>")[0]
        assert not MEDICINES.search(re.sub(r"<style>.*?</style>", "", head, flags=re.DOTALL)), path


def test_an_article_shows_its_parts_in_order(shipped, client):
    page = html(client, "/guide/causes/")
    article = shipped["causes"].page
    parts = [
        f"<h1>{article.title}",
        "Not yet checked by a clinician at this clinic",
        article.takeaways[0][:20],
        "On this page",
        f'id="{article.contents[0]["anchor"]}"',
        'id="sources"',
        'id="checked"',
        "Was this page useful?",
        "/guide/causes/large-print/",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "Editorial team" in page
    assert f"About {article.minutes} minutes to read" in page


def test_a_step_knows_its_neighbours(shipped, client):
    first, middle, last = (html(client, f"/guide/{slug}/") for slug in ("anatomy", "causes", "next-steps"))
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in middle
    assert 'rel="next"' in middle
    assert 'rel="next"' not in last


def test_an_article_says_that_it_was_checked_only_when_a_person_has_signed_that_text(shipped, client, clinician):
    assert json_ld(html(client, "/guide/causes/"))[0].get("reviewedBy") is None
    signed(shipped["causes"].live, by=clinician)
    page = html(client, "/guide/causes/")
    assert "Checked by Clara Clinician" in page
    assert json_ld(page)[0]["reviewedBy"]["name"] == "Clara Clinician"
    assert "Not yet checked" in html(client, "/guide/anatomy/")


def json_ld(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])["@graph"]


def test_machines_are_told_what_stands_on_the_page(shipped, client):
    page, way = json_ld(html(client, "/guide/procedure/"))
    assert page["@type"] == "MedicalWebPage"
    assert page["about"]["@type"] == "MedicalProcedure"
    assert [item["name"] for item in way["itemListElement"]] == ["Home", "Guide", shipped["procedure"].page.title]
    place = json_ld(html(client, "/clinics/example-location/"))[0]
    assert (place["@type"], place["openingHours"][0]) == ("MedicalClinic", "Mo 09:00-17:00")
    assert "FAQPage" not in html(client, "/guide/procedure/")


def test_nothing_in_the_facts_can_end_the_script_that_holds_them(db, client):
    Location.objects.update(name="</script><script>alert(1)</script>", is_example=False)
    page = html(client, "/clinics/example-location/")
    assert "<script>alert" not in page
    assert json_ld(page)[0]["name"].startswith("</script>")


def test_a_place_shows_what_the_clinic_has_said_of_it(db, client):
    place = Location.objects.get()
    place.offers_injections, place.guidance = True, "live X-ray"
    place.save()
    person = Practitioner.objects.create(name="A Person", role="radiologist", register="GMC", number="1234567")
    person.locations.add(place)
    page = html(client, "/clinics/example-location/")
    for said in ("live X-ray", "A Person", "GMC", "1234567", "1 Example Street", "Monday to Friday: 9am to 5pm"):
        assert said in page


def test_a_page_on_paper_points_search_engines_at_the_article(shipped, client):
    page = html(client, "/guide/causes/large-print/")
    assert '<meta name="robots" content="noindex">' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/guide/causes/">' in page


@pytest.mark.parametrize(
    "path", ["/guide/nothing/", "/nothing/", "/clinics/nothing/", "/guide/nothing/print/", "/%00", "/static/%00"]
)
def test_a_missing_page_keeps_a_way_onward(db, client, path):
    page = html(client, path, status=404)
    assert 'href="/"' in page
    assert 'href="tel:999"' in page
    assert 'name="q"' in page


def test_when_even_the_page_for_a_fault_fails_the_numbers_are_said(db, rf, monkeypatch):
    monkeypatch.setattr(errors, "error_page", lambda *_: 1 / 0)
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert all(number in response.content.decode() for number in ("999", "111", "01632 960001"))


@pytest.mark.parametrize(("asked", "wanted"), [("/guide/privacy/", "/privacy/"), ("/anatomy/", "/guide/anatomy/")])
def test_an_article_has_one_address(shipped, client, asked, wanted):
    response = client.get(asked)
    assert (response.status_code, response.url) == (301, wanted)


def test_no_address_answers_to_a_method_that_it_does_not_have(shipped, client):
    takes_post = ("useful", "enquiry_check", "yours")
    for pattern in (p for p in get_resolver().url_patterns if isinstance(p, URLPattern)):
        path = "/" + re.sub("<[^>]+>", "anatomy", str(pattern.pattern))
        for method in ("put", "delete", "patch", "trace", *([] if pattern.name in takes_post else ["post"])):
            assert getattr(client, method)(path).status_code in (301, 405, 404), (method, path)


def test_robots_may_read_everything(shipped, client):
    assert html(client, "/robots.txt") == "User-agent: *\nDisallow:\nSitemap: http://127.0.0.1:8000/sitemap.xml\n"


def test_security_txt_says_whom_to_tell_and_until_when(db, client):
    text = html(client, "/.well-known/security.txt")
    assert "Contact: tel:+441632960001" in text
    assert re.search(r"^Expires: 20\d\d-\d\d-\d\dT00:00:00Z$", text, re.MULTILINE)
    clinic = Clinic.current()
    clinic.email = "desk@clinic.example"
    clinic.save()
    assert "Contact: mailto:desk@clinic.example" in html(client, "/.well-known/security.txt")


def test_the_watchers_page_answers_while_the_database_does(db, client):
    assert client.get("/healthz").json()["version"] >= 1


def test_an_https_site_is_closed_until_it_is_opened(shipped, client, settings):
    settings.PUBLIC = True
    page = html(client, "/")
    assert '<meta name="robots" content="noindex">' in page
    assert "Not open yet" in page
    assert "tel:+441632960001" not in page
    assert "Disallow: /\n" in html(client, "/robots.txt")


def test_a_page_costs_the_same_few_queries_however_many_articles_there_are(
    shipped, client, django_assert_max_num_queries
):
    client.get("/")  # what is asked once for each version of the site: the pages by their role
    with django_assert_max_num_queries(8):
        client.get("/guide/causes/")


@pytest.mark.slow
def test_every_link_inside_the_site_arrives(shipped, client):
    seen = set()
    for path in sitemap(client):
        for link in set(re.findall(r'href="(/[^"#]*)', html(client, path))) - seen:
            seen.add(link)
            if not link.startswith("/static/"):
                assert client.get(link).status_code == 200, (path, link)
    assert len(seen) > len(Publication.objects.showing())


@pytest.mark.slow
def test_every_link_to_a_section_finds_it(shipped, client):
    anchors = {}
    for path in sitemap(client):
        page = html(client, path)
        for target, anchor in re.findall(r'href="(/[^"#]*)?#([^"]+)"', page):
            where = target or path
            if where not in anchors:
                anchors[where] = set(re.findall(r'\bid="([^"]+)"', html(client, where)))
            assert anchor in anchors[where], (path, where, anchor)
