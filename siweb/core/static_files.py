"""How static files are stored: with a hash in each name, and in each import of a script too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Name every file by its content, and rewrite the imports of ES modules to those names.

    Otherwise a browser could run a new module together with an old one that it still holds in its cache.
    Django finds imports by regular expressions: tests/core/test_static_files.py says which forms they miss.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # a chain of imports needs one pass for each module; Django's own limit is 5
