"""A browser of one window around WebKitGTK, for WebKitWebDriver, that does two things which MiniBrowser cannot do for a test.

Run by Debian's Python, which has GTK. WebKit's WebDriver has no command to print, and a driven page's window.print() does
nothing: here `webkit.messageHandlers.print.postMessage(path)` prints the page to a PDF file through GTK, without its dialog.
`webkit.messageHandlers.prefer.postMessage("dark")` chooses the colours of the desk. Both are promises.
"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, JavaScriptCore, WebKit2  # noqa: E402  their version is chosen first

TOP_AND_BOTTOM, LEFT_AND_RIGHT = 9, 11  # millimetres, as the site's style sheet has it
DRIVEN_AS = "MiniBrowser"  # the name that selenium asks WebKitWebDriver for


def prefer(_view, scheme, answer):
    Gtk.Settings.get_default().set_property("gtk-application-prefer-dark-theme", scheme == "dark")
    answer()


def print_to(view, path, answer):
    operation = WebKit2.PrintOperation(web_view=view)
    operation.set_page_setup(a4())
    settings = Gtk.PrintSettings()
    settings.set_printer("Print to File")
    settings.set(Gtk.PRINT_SETTINGS_OUTPUT_FILE_FORMAT, "pdf")
    settings.set(Gtk.PRINT_SETTINGS_OUTPUT_URI, GLib.filename_to_uri(path))
    operation.set_print_settings(settings)
    operation.connect("failed", lambda _, error: answer(error.message))
    operation.connect("finished", lambda _: answer())
    view.printing = operation  # nothing else keeps it alive
    operation.print_()


def a4():
    setup = Gtk.PageSetup()
    setup.set_paper_size(Gtk.PaperSize.new(Gtk.PAPER_NAME_A4))
    for set_margin in (setup.set_top_margin, setup.set_bottom_margin):
        set_margin(TOP_AND_BOTTOM, Gtk.Unit.MM)
    for set_margin in (setup.set_left_margin, setup.set_right_margin):
        set_margin(LEFT_AND_RIGHT, Gtk.Unit.MM)
    return setup


def listen(view, name, act):
    """Let a page's script call act(view, its message, a function to answer with)."""

    def received(_manager, message, reply):
        def answer(error=""):
            if error:
                reply.return_error_message(error)
            else:
                reply.return_value(JavaScriptCore.Value.new_null(message.get_context()))

        act(view, message.to_string(), answer)
        return True

    manager = view.get_user_content_manager()
    manager.connect(f"script-message-with-reply-received::{name}", received)
    manager.register_script_message_handler_with_reply(name, None)


def open_window(context):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    listen(view, "prefer", prefer)
    listen(view, "print", print_to)
    window = Gtk.Window(default_width=1280, default_height=900)
    window.add(view)
    view.connect("close", lambda _: window.destroy())
    window.show_all()
    return view


def begin(context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name(DRIVEN_AS)
    info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
    session.set_application_info(info)
    session.connect("create-web-view", lambda _: open_window(context))


if __name__ == "__main__":
    remembers_nothing = WebKit2.WebContext.new_ephemeral()
    remembers_nothing.set_automation_allowed(True)
    remembers_nothing.connect("automation-started", begin)
    Gtk.main()
