"""Owns the clipboard of an X display, as a word processor does after Copy: offers one text in several kinds at once.

Run by Debian's Python, which has GTK. Reads {kind: text} as a line of JSON, writes "copied", and answers until it is stopped.
"""

import json
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402  their version is chosen first

PLAIN = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")  # the names that plain words have on X


def offer(kinds):
    """Become the owner of the clipboard."""
    data = {name: text for kind, text in kinds.items() for name in (PLAIN if kind == "text/plain" else (kind,))}
    owner = Gtk.Invisible()
    for name in data:
        Gtk.selection_add_target(owner, Gdk.SELECTION_CLIPBOARD, Gdk.Atom.intern(name, False), 0)

    def give(_widget, selection, _info, _time):
        target = selection.get_target()
        selection.set(target, 8, data[target.name()].encode())

    owner.connect("selection-get", give)
    return Gtk.selection_owner_set(owner, Gdk.SELECTION_CLIPBOARD, Gdk.CURRENT_TIME)


if __name__ == "__main__":
    if offer(json.loads(sys.stdin.readline())):
        print("copied", flush=True)
        Gtk.main()
