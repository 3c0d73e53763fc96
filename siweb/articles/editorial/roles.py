"""A role is on one page, and the site always has a page with each role that it needs (core/page_roles.py).

A site whose texts come from before there were roles has none: it may be given them one by one, and loses none again.
"""

from collections import defaultdict

from siweb.articles.models import Publication
from siweb.articles.text.front_matter import BadText, Problem
from siweb.core.page_roles import NEEDED, ROLES


def problems_of(slug, text):
    """Yield a Problem for everything that is wrong with the roles of a text, if it were live at a slug now."""
    yield from wrong_kinds(text)
    owners = _owners_now()
    for role in text.role:
        if others := sorted(owners[role] - {slug}):
            yield _problem(text, _on_two_pages(role, others[0]))
    for role in NEEDED:
        if owners[role] == {slug} and role not in text.role:
            yield _problem(text, _lost(role))


def wrong_kinds(text):
    """Yield a Problem for each role of a text that only a page of another kind can have."""
    for role in text.role:
        if ROLES[role].kind not in ("", text.kind):
            yield _problem(
                text, f'The role "{role}" needs kind: {ROLES[role].kind}. Set the kind, or take the role out.'
            )


def problems_of_files(texts, moved_in=frozenset()):
    """Yield (slug, Problem) for what is wrong with the roles of files among themselves ({slug: Text}).

    Files that give any role must give all that the site needs, unless a page without a file has it, or all files are of
    another site (`moved_in`: their digests) that had none.
    """
    owners = _owners({slug: text.role for slug, text in texts.items()})
    for slug, text in texts.items():
        yield from ((slug, problem) for problem in wrong_kinds(text))
        for role in text.role:
            if others := sorted(other for other in owners[role] if other < slug):
                yield slug, _problem(text, _on_two_pages(role, others[0]))
    if owners and not {text.digest for text in texts.values()} <= moved_in:
        now = _owners_now()
        for role in NEEDED:
            if not owners[role] and now[role] <= texts.keys():
                slug = min(now[role], default=min(texts))
                yield slug, _problem(texts[slug], _lost(role) if now[role] else _on_no_page(role))


def check(offers):
    """Raise BadText when these live texts ({slug: Offer}) share a role, or lose one that the site needs and now has."""
    owners, now = _owners({slug: offer.roles for slug, offer in offers.items()}), _owners_now()
    problems = [
        Problem(1, f"{max(slugs)}.md: {_on_two_pages(role, min(slugs))}", "role")
        for role, slugs in owners.items()
        if len(slugs) > 1
    ]
    problems += [
        Problem(1, f"{min(now[role])}.md: {_lost(role)}", "role") for role in NEEDED if now[role] and not owners[role]
    ]
    if problems:
        raise BadText(problems)


def missing():
    """Return the roles that the site needs and no page that readers see has."""
    found = Publication.objects.by_role()
    return [role for role in NEEDED if role not in found]


def needed_roles_of(article):
    """Return the roles of the page that readers see of an article without which the site would lack something."""
    return [role for role in article.page.role if ROLES[role].is_needed] if article.page else []


def _owners_now():
    return _owners(dict(Publication.objects.filter(showing__isnull=False).values_list("article__slug", "role")))


def _owners(roles):
    """Return {role: slugs of the pages that have it} for {slug: roles}."""
    owners = defaultdict(set)
    for slug, of in roles.items():
        for role in of:
            owners[role].add(slug)
    return owners


def _problem(text, message):
    return Problem(text.role_line, message, "role")


def _on_two_pages(role, other):
    return f'The page "{other}" has the role "{role}" too. Take it out of one of the two.'


def _lost(role):
    return (
        f'The site needs a page with the role "{role}" ({ROLES[role].use}), and this is the one. '
        f"Put it back into the front matter: role: {role}."
    )


def _on_no_page(role):
    return f'No page has the role "{role}", which the site needs ({ROLES[role].use}). Add a line to its file: role: {role}.'
