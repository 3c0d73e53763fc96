"""What readers would see differently from how it was written, where that does not stop the text: see rendering/slips."""

from siweb.articles.rendering.renderer import problem_of


def advice(document):
    """Marks that would be shown, and marks that hardly mean what the author meant."""
    return (problem_of(document, slip, "as-written") for slip in document.slips if not slip.is_error)
