"""The content security policy."""

from . import stylesheet


def content_security_policy(framed_by="'none'", frames="'none'", forms="'self'"):
    """Nothing but our own files; the one inlined style sheet is named by its hash. Frames only where staff see a preview."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' {stylesheet.style_hash()}",
            *(f"{kind}-src 'self'" for kind in ("img", "font", "connect", "manifest")),
            f"form-action {forms}",
            "base-uri 'none'",
            "object-src 'none'",
            f"frame-ancestors {framed_by}",
            *([f"frame-src {frames}"] if frames != "'none'" else []),
        ]
    )


def framed_by_us(response):
    """Let this one response stand in a frame of our own pages. Its forms send nothing: readers' answers are not staff's."""
    response.headers["Content-Security-Policy"] = content_security_policy(framed_by="'self'", forms="'none'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
