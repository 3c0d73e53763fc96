"""Pictures in articles: shown in their sizes, served for ever, replaced and removed with care, carried in files."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from PIL import Image

from siweb.articles.editorial import publishing, quote_changes
from siweb.articles.importing import sync
from siweb.articles.importing.autoreload import follow_files
from siweb.articles.models import Article, Picture, Publication, Rendition
from siweb.articles.pictures import library, processing
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import signed
from tests.support.painting import noisy, painted, saved

SHOWN = '![A hip]({} "The hip.")\n'
WIDE = saved(noisy((1700, 900)), "JPEG")


@pytest.fixture
def hip(db, editor):
    return library.add(processing.make(WIDE), "hip.jpg", editor, "A hip")


@pytest.fixture
def article(hip, content):
    sync.import_folder(content("care", SHOWN.format("hip")))
    return Article.objects.get(slug="care")


def test_a_page_shows_a_picture_in_three_sizes_with_its_measures(article, hip, client):
    page = client.get("/guide/care/").content.decode()
    image = re.search(r"<figure><img [^>]*>", page)[0]
    assert f'src="{hip.address(960)}"' in image
    assert f'srcset="{hip.address(480)} 480w, {hip.address(960)} 960w, {hip.address(1600)} 1600w"' in image
    assert 'sizes="(min-width: 44rem) 38rem, 92vw"' in image
    assert 'width="1600"' in image
    assert f'height="{hip.height}"' in image
    assert 'alt="A hip"' in image


def test_a_picture_is_served_for_ever_and_can_do_nothing(client, hip):
    response = client.get(hip.small)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.cookies == {}


@pytest.mark.parametrize(
    "address",
    ["/pictures/", "/pictures/{d}-481.jpg", "/pictures/{d}-480.png", "/pictures/{d}-480.svg", "/pictures/x-480.jpg"],
)
def test_nothing_else_is_served(client, hip, address):
    assert client.get(address.format(d=hip.digest)).status_code == 404


def test_all_pictures_are_known_in_one_query_without_their_bytes(hip, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        assert set(publishing.photographs()) == {"hip"}
    assert "data" not in queries[0]["sql"]


def test_another_picture_under_the_name_is_shown_at_once_and_the_old_page_stays_exact(article, hip, client):
    before = hip.small
    library.replace(hip, processing.make(saved(painted())))
    page = client.get("/guide/care/").content.decode()
    assert hip.small in page
    assert before not in page
    assert before in Publication.objects.earliest("at").html
    assert client.get(before).status_code == 200


def test_a_changed_picture_puts_the_signed_article_on_the_clinicians_list(article, hip, clinician):
    signed(article.live, clinician)
    assert quote_changes.unchecked_changes() == {}
    library.replace(hip, processing.make(saved(painted())))
    assert quote_changes.unchecked_changes() == {"figure:hip": [article]}


def test_the_bytes_of_a_picture_that_nobody_ever_saw_go_with_it(hip):
    library.replace(hip, processing.make(saved(painted())))
    assert set(Rendition.objects.values_list("digest", flat=True)) == {hip.digest}
    library.remove(hip)
    assert Rendition.objects.count() == 0


def test_a_picture_that_a_text_uses_is_not_removed(article, hip):
    with pytest.raises(ValidationError, match="It is used in: care"):
        library.remove(hip)


def test_a_picture_in_a_draft_counts_as_used_and_a_longer_name_does_not(db, hip, editor):
    library.add(processing.make(saved(painted())), "hip-left.png", editor)
    draft = Article.objects.create(slug="draft")
    draft.edit(front_matter.parse(article_file(SHOWN.format("hip-left"))), by=editor, version=0)
    assert library.uses(hip) == []
    [use] = library.uses(Picture.objects.get(name="hip-left"))
    assert (use.article, use.live) == (draft, False)


def test_a_link_to_an_article_of_that_name_is_no_use_and_every_way_to_write_a_picture_is_one(db, hip, editor):
    bodies = {
        "link": "Read [more](hip).\n",
        "below": '![A hip][h]\n\n[h]: hip "The hip."\n',
        "angles": '![A hip]( <hip> "The hip.")\n',
    }
    for slug, body in bodies.items():
        Article.objects.create(slug=slug).edit(front_matter.parse(article_file(body)), by=editor, version=0)
    assert [use.article.slug for use in library.uses(hip)] == ["angles", "below"]


# --- In the admin -----------------------------------------------------------------------------------------------


def test_editors_find_describe_and_remove_pictures(client, editor, hip):
    client.force_login(editor)
    assert hip.small in client.get("/admin/articles/picture/").content.decode()
    address = f"/admin/articles/picture/{hip.pk}/change/"
    client.post(address, {"save": "", "alt": "A hip from the front"})
    assert "A hip from the front" in client.get(address).content.decode()
    client.post(address, {"remove": ""})
    assert Picture.objects.count() == 0


def test_the_list_says_where_each_picture_is_used_in_few_queries(
    client, editor, article, hip, django_assert_max_num_queries
):
    for colour in ("red", "green", "blue"):
        library.add(processing.make(saved(Image.new("RGB", (9, 9), colour))), f"{colour}.png", editor)
    client.force_login(editor)
    with django_assert_max_num_queries(12):
        page = client.get("/admin/articles/picture/").content.decode()
    assert page.count("Used in: care") == 1
    assert page.count("Used nowhere") == 3


def upload(data):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("new.png", data, "image/png")


def test_only_a_clinician_replaces_what_readers_see_and_another_one_checks_it(client, editor, clinician, article, hip):
    signed(article.live, clinician)
    address = f"/admin/articles/picture/{hip.pk}/change/"
    client.force_login(editor)
    assert "only a clinician" in client.get(address).content.decode()
    assert client.post(address, {"replace": "", "picture": upload(saved(painted()))}).status_code == 403
    client.force_login(clinician)
    client.post(address, {"replace": "", "picture": upload(saved(painted())), "confirm": article.pk})
    hip.refresh_from_db()
    assert hip.width == 64
    assert quote_changes.unchecked_changes() == {"figure:hip": [article]}


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_database_while_a_picture_is_made(client, editor, hip, monkeypatch):
    held, make = [], processing.make
    monkeypatch.setattr(processing, "make", lambda sent: held.append(connection.in_atomic_block) or make(sent))
    client.force_login(editor)
    client.post(f"/admin/articles/picture/{hip.pk}/change/", {"replace": "", "picture": upload(saved(painted()))})
    client.post("/admin/articles/picture/upload/", {"picture": upload(saved(painted()))})
    assert held == [False, False]


def test_a_bad_replacement_is_refused_in_words(client, editor, hip):
    client.force_login(editor)
    response = client.post(f"/admin/articles/picture/{hip.pk}/change/", {"replace": "", "picture": upload(b"no")})
    assert response.status_code == 422
    assert "This is not a picture" in response.content.decode()


# --- Files ------------------------------------------------------------------------------------------------------


def exported(folder):
    from django.core.management import call_command

    call_command("export_content", folder, verbosity=0)
    return folder / "articles"


def stored():
    return {(r.digest, r.width, r.kind): bytes(r.data) for r in Rendition.objects.all()}


def test_an_export_imports_into_an_empty_site_with_the_same_digests(article, hip, tmp_path):
    folder, before = exported(tmp_path / "content"), stored()
    assert [path.name for path in (folder.parent / "pictures").iterdir()] == ["hip.jpg"]
    Rendition.objects.all().delete()
    Picture.objects.all().delete()
    sync.import_folder(folder)
    assert Picture.objects.get().digest == hip.digest
    assert len(before) == 3
    assert stored() == before


def test_an_export_leaves_no_picture_of_another_kind_behind(article, hip, tmp_path):
    folder = exported(tmp_path / "content")
    library.replace(hip, processing.make(saved(painted())))
    exported(tmp_path / "content")
    assert [path.name for path in (folder.parent / "pictures").iterdir()] == ["hip.png"]


def test_a_picture_that_is_here_already_is_not_made_again(article, hip, tmp_path, monkeypatch):
    folder = exported(tmp_path / "content")
    monkeypatch.delattr(processing, "take")
    (folder.parent / "pictures" / ".DS_Store").write_bytes(b"of another program")
    assert sync.import_folder(folder).pages == 0


def test_a_text_and_its_picture_come_in_together(db, content):
    folder = content("care", SHOWN.format("hip"))
    (folder.parent / "pictures").mkdir()
    (folder.parent / "pictures" / "hip.jpg").write_bytes(WIDE)
    report = sync.import_folder(folder)
    assert report.outcomes == {"care": "NEW"}
    first = Picture.objects.get()
    assert sync.import_folder(folder).pages == 0
    (folder.parent / "pictures" / "hip.jpg").write_bytes(saved(painted(), "JPEG"))
    assert sync.import_folder(folder).pages == 1
    assert Picture.objects.get().digest != first.digest


def test_a_picture_that_staff_have_changed_is_not_replaced_by_a_file(db, content, hip):
    folder = content("care", SHOWN.format("hip"))
    (folder.parent / "pictures").mkdir()
    (folder.parent / "pictures" / "hip.png").write_bytes(saved(painted()))
    assert sync.import_folder(folder).kept_pictures == ["hip"]
    assert Picture.objects.get().digest == hip.digest


def test_a_file_puts_no_other_picture_into_an_approved_article(db, content, clinician):
    folder = content("care", SHOWN.format("hip"))
    (folder.parent / "pictures").mkdir()
    (folder.parent / "pictures" / "hip.png").write_bytes(saved(painted()))
    sync.import_folder(folder)
    before = Picture.objects.get().digest
    signed(Article.objects.get().live, clinician)
    (folder.parent / "pictures" / "hip.png").write_bytes(saved(painted((30, 30))))
    assert sync.import_folder(folder).kept_pictures == ["hip"]
    assert Picture.objects.get().digest == before


@pytest.mark.django_db(transaction=True)
def test_a_writer_sees_a_changed_picture_at_the_next_request(content):
    folder = content("care", SHOWN.format("hip"))
    (folder.parent / "pictures").mkdir()
    (folder.parent / "pictures" / "hip.png").write_bytes(saved(painted()))
    application = follow_files(lambda environ, start_response: Picture.objects.count(), folder)
    assert application({}, None) == 0
    (folder.parent / "pictures" / "hip.png").write_bytes(saved(painted((30, 30))))
    assert application({}, None) == 1


def test_two_files_of_one_name_refuse_the_import(db, content):
    folder = content("care")
    (folder.parent / "pictures").mkdir()
    for kind in ("jpg", "png"):
        (folder.parent / "pictures" / f"hip.{kind}").write_bytes(saved(painted()))
    with pytest.raises(sync.RefusedError, match=r"Two files are pictures of this name"):
        sync.import_folder(folder)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("hip.gif", saved(painted(), "GIF"), "pictures/hip.gif"),
        ("Hip.png", saved(painted()), "pictures/Hip.png"),
        ("pelvis.png", saved(painted()), "A drawing of static/figures has this name"),
        ("hip.png", b"<html>", "This is not a picture"),
    ],
)
def test_one_bad_picture_refuses_the_import(db, content, name, data, said):
    folder = content("care")
    (folder.parent / "pictures").mkdir()
    (folder.parent / "pictures" / name).write_bytes(data)
    with pytest.raises(sync.RefusedError, match=re.escape(said)):
        sync.import_folder(folder)
    assert Article.objects.count() == 0
