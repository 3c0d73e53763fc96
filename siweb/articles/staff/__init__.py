"""The staff's pages about articles: one module for each page. Their addresses stand in siweb/articles/admin.py."""
