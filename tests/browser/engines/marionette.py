"""Firefox through Marionette, the protocol that geckodriver forwards: Debian has Firefox and no geckodriver.

`Marionette(port)` is a command executor for `selenium.webdriver.Remote`. A message is its length, a colon and JSON:
[0, number, name, parameters] to Firefox, and [1, number, error, result] from it.
"""

import itertools
import json
import socket

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.command import Command

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's reference, as the WebDriver standard has it

# What selenium calls a command: what Marionette calls it. Its parameters have the same names if _CHANGED says no other.
_NAMES = {
    Command.NEW_SESSION: "WebDriver:NewSession",
    Command.QUIT: "Marionette:Quit",
    Command.GET: "WebDriver:Navigate",
    Command.GO_BACK: "WebDriver:Back",
    Command.GO_FORWARD: "WebDriver:Forward",
    Command.REFRESH: "WebDriver:Refresh",
    Command.GET_CURRENT_URL: "WebDriver:GetCurrentURL",
    Command.GET_TITLE: "WebDriver:GetTitle",
    Command.GET_PAGE_SOURCE: "WebDriver:GetPageSource",
    Command.SET_TIMEOUTS: "WebDriver:SetTimeouts",
    Command.GET_TIMEOUTS: "WebDriver:GetTimeouts",
    Command.W3C_EXECUTE_SCRIPT: "WebDriver:ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "WebDriver:ExecuteAsyncScript",
    Command.FIND_ELEMENT: "WebDriver:FindElement",
    Command.FIND_ELEMENTS: "WebDriver:FindElements",
    Command.FIND_CHILD_ELEMENT: "WebDriver:FindElement",
    Command.FIND_CHILD_ELEMENTS: "WebDriver:FindElements",
    Command.W3C_GET_ACTIVE_ELEMENT: "WebDriver:GetActiveElement",
    Command.CLICK_ELEMENT: "WebDriver:ElementClick",
    Command.CLEAR_ELEMENT: "WebDriver:ElementClear",
    Command.SEND_KEYS_TO_ELEMENT: "WebDriver:ElementSendKeys",
    Command.GET_ELEMENT_TEXT: "WebDriver:GetElementText",
    Command.GET_ELEMENT_TAG_NAME: "WebDriver:GetElementTagName",
    Command.GET_ELEMENT_RECT: "WebDriver:GetElementRect",
    Command.GET_ELEMENT_ATTRIBUTE: "WebDriver:GetElementAttribute",
    Command.GET_ELEMENT_PROPERTY: "WebDriver:GetElementProperty",
    Command.GET_ELEMENT_VALUE_OF_CSS_PROPERTY: "WebDriver:GetElementCSSValue",
    Command.GET_ELEMENT_ARIA_ROLE: "WebDriver:GetComputedRole",
    Command.GET_ELEMENT_ARIA_LABEL: "WebDriver:GetComputedLabel",
    Command.IS_ELEMENT_SELECTED: "WebDriver:IsElementSelected",
    Command.IS_ELEMENT_ENABLED: "WebDriver:IsElementEnabled",
    Command.W3C_ACTIONS: "WebDriver:PerformActions",
    Command.W3C_CLEAR_ACTIONS: "WebDriver:ReleaseActions",
    Command.ADD_COOKIE: "WebDriver:AddCookie",
    Command.GET_ALL_COOKIES: "WebDriver:GetCookies",
    Command.DELETE_COOKIE: "WebDriver:DeleteCookie",
    Command.DELETE_ALL_COOKIES: "WebDriver:DeleteAllCookies",
    Command.W3C_GET_CURRENT_WINDOW_HANDLE: "WebDriver:GetWindowHandle",
    Command.W3C_GET_WINDOW_HANDLES: "WebDriver:GetWindowHandles",
    Command.SWITCH_TO_WINDOW: "WebDriver:SwitchToWindow",
    Command.NEW_WINDOW: "WebDriver:NewWindow",
    Command.CLOSE: "WebDriver:CloseWindow",
    Command.SWITCH_TO_FRAME: "WebDriver:SwitchToFrame",
    Command.SWITCH_TO_PARENT_FRAME: "WebDriver:SwitchToParentFrame",
    Command.GET_WINDOW_RECT: "WebDriver:GetWindowRect",
    Command.SET_WINDOW_RECT: "WebDriver:SetWindowRect",
    Command.W3C_GET_ALERT_TEXT: "WebDriver:GetAlertText",
    Command.W3C_ACCEPT_ALERT: "WebDriver:AcceptAlert",
    Command.W3C_DISMISS_ALERT: "WebDriver:DismissAlert",
    Command.W3C_SET_ALERT_VALUE: "WebDriver:SendAlertText",
    Command.SCREENSHOT: "WebDriver:TakeScreenshot",
    Command.ELEMENT_SCREENSHOT: "WebDriver:TakeScreenshot",
    Command.PRINT_PAGE: "WebDriver:Print",
}


def _in_parent(parameters):
    return parameters | {"element": parameters["id"]}


def _frame(parameters):
    """A frame is a number, an element, or None for the page itself."""
    frame = parameters["id"]
    return {"element": frame[ELEMENT]} if isinstance(frame, dict) else {"id": frame}


_CHANGED = {
    Command.NEW_SESSION: lambda _: {},
    Command.QUIT: lambda _: {"flags": ["eForceQuit"]},
    Command.FIND_CHILD_ELEMENT: _in_parent,
    Command.FIND_CHILD_ELEMENTS: _in_parent,
    Command.SWITCH_TO_FRAME: _frame,
    Command.SCREENSHOT: lambda _: {"full": False, "hash": False},
    Command.ELEMENT_SCREENSHOT: lambda parameters: {"id": parameters["id"], "full": False, "hash": False},
}


class Marionette:
    """A connection to a Firefox that listens on a port of this machine."""

    def __init__(self, port, seconds=60):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self._answers = self._socket.makefile("rb")
        self._numbers = itertools.count(1)
        self._read()  # a greeting

    def execute(self, command, params):
        """Do what selenium asks for, and answer as its own connection to a driver does."""
        if command not in _NAMES:
            raise WebDriverException(f"marionette.py does not know the command {command}")
        change = _CHANGED.get(command, lambda parameters: parameters)
        given = {name: value for name, value in (params or {}).items() if name != "sessionId"}
        error, result = self.send(_NAMES[command], change(given))
        if error:
            return {"status": error["error"], "value": error}
        return {"value": result["value"] if isinstance(result, dict) and result.keys() == {"value"} else result}

    def set_preference(self, name, value):
        """Change a number of about:config while Firefox runs."""
        self._must("Marionette:SetContext", {"value": "chrome"})
        try:
            script = "Services.prefs.setIntPref(arguments[0], arguments[1])"
            self._must("WebDriver:ExecuteScript", {"script": script, "args": [name, value]})
        finally:
            self._must("Marionette:SetContext", {"value": "content"})

    def _must(self, name, parameters):
        error, result = self.send(name, parameters)
        if error:
            raise WebDriverException(f"{name}: {error['message']}")
        return result

    def send(self, name, parameters):
        """Send one command, and return its error and its result; one of them is None."""
        number = next(self._numbers)
        message = json.dumps([0, number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, answered, error, result = self._read()
        assert answered == number
        return error, result

    def _read(self):
        length = b""
        while (digit := self._answers.read(1)) != b":":
            if not digit:
                raise WebDriverException("Firefox has closed the connection")
            length += digit
        return json.loads(self._answers.read(int(length)))

    def close(self):
        self._answers.close()
        self._socket.close()
