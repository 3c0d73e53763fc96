"""Windows of one Chromium, used again and again: a new one takes longer than most tests, a new tab in one does not."""

import json


class Windows:
    def __init__(self, chromium, url):
        self.chromium, self.url = chromium, url
        self.idle = {}  # what they look like: the windows that nobody uses now

    def open(self, *, headers=None, **look):
        """A window that remembers nothing. `look` is what it was made with: viewport, color_scheme, …"""
        idle = self.idle.setdefault(json.dumps(look, sort_keys=True), [])
        window = idle.pop() if idle else self._make(idle, look)
        window.set_extra_http_headers(headers or {})
        return window

    def _make(self, idle, look):
        window = self.chromium.new_context(base_url=self.url, **look)
        window.idle = idle
        window.storage = window.new_cdp_session(window.new_page())  # an empty tab, which keeps the window open
        return window

    def give_back(self, window):
        """Nobody needs it any more. One that a test has closed itself, having changed its clock, is not used again."""
        if not window.pages:
            return
        for page in window.pages[1:]:
            page.close()
        window.set_offline(False)
        window.clear_cookies()
        window.storage.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "local_storage"})
        window.idle.append(window)
