"""One class for each engine: how it is started, how it chooses its colours, and how it prints. The rest is the same in all."""

import base64
import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, ChromeOptions, ChromeService, FirefoxOptions, Keys, WebKitGTKOptions
from selenium.webdriver.common.by import By
from selenium.webdriver.common.print_page_options import PrintOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.service import Service as WebKitService

from tests.support.serving import until

from . import PYTHON
from .marionette import Marionette

WIDTH, HEIGHT = 1280, 900
IS_DARK = "return matchMedia('(prefers-color-scheme: dark)').matches"


class Browser:
    """A running browser that is on a site. `driver` is selenium's, for what has no method here."""

    name = ""

    def __init__(self, url, display, folder):
        self.url, self.display, self.folder = url, display, Path(folder)
        self.process = None  # the program that we started, in a group of its own
        try:
            self.driver = self.start()
        except BaseException:
            self.kill()
            raise

    def start(self):
        """Start the browser and return selenium's driver of it."""
        raise NotImplementedError

    def prefer(self, scheme):
        """Look at pages in "dark" or "light" from now on."""
        self.choose_colours(scheme)
        self.wait(lambda: self.run(IS_DARK) == (scheme == "dark"), f"the colours are {scheme}")

    def choose_colours(self, scheme):
        raise NotImplementedError

    def print(self):
        """Print the page on A4 as it is now, and return the PDF."""
        options = PrintOptions()
        options.page_width, options.page_height, options.background = 21.0, 29.7, False
        options.margin_top = options.margin_bottom = 1.1
        options.margin_left = options.margin_right = 1.3
        return base64.b64decode(self.driver.print_page(options))

    def forget(self):
        """Go on in a new tab that remembers nothing, as at the start."""
        before = self.driver.window_handles
        self.driver.switch_to.new_window("tab")
        opened = self.driver.current_window_handle
        for handle in before:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(opened)
        self.open("/robots.txt")  # cookies and storage are those of the site that is shown
        self.driver.delete_all_cookies()
        self.run("localStorage.clear()")
        self.driver.set_window_rect(0, 0, WIDTH, HEIGHT)
        self.prefer("light")

    def sign_in(self, cookie):
        """Be the member of staff whose session it is: see the fixture `cookies`."""
        self.open("/robots.txt")
        self.driver.add_cookie({"name": "session", "value": cookie, "path": "/"})

    def open(self, path):
        self.driver.get(self.url + path)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def text(self, css="main"):
        """The words that are to be seen there."""
        return self.run("return document.querySelector(arguments[0]).innerText", css)

    def click(self, css):
        self.find(css).click()

    def type(self, css, words):
        self.find(css).send_keys(words)

    def press(self, button):
        """Press the button with these words, and wait for the page to which it leads."""
        self.run("document.documentElement.dataset.before = ''")
        self.driver.find_element(By.XPATH, f"//button[normalize-space() = '{button}']").click()
        arrived = "return document.readyState === 'complete' && !('before' in document.documentElement.dataset)"
        self.wait(lambda: self.run(arrived), f"a page follows “{button}”")

    def paste(self, css, kinds):
        """Copy {"text/html": …, "text/plain": …} as another program would, and press Ctrl+V in a field."""
        self.display.copy(kinds)
        self.click(css)
        self.control("v")

    def control(self, key):
        """Press a key together with Ctrl."""
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()

    def control_shift(self, key):
        """Press a key together with Ctrl and Shift."""
        held = ActionChains(self.driver).key_down(Keys.CONTROL).key_down(Keys.SHIFT).send_keys(key)
        held.key_up(Keys.SHIFT).key_up(Keys.CONTROL).perform()

    def undo(self):
        """Take back what was typed or pasted last."""
        self.control("z")

    def wait(self, true, what):
        """Wait until something is true and return it; while a page is leaving, nothing is."""

        def answer():
            with contextlib.suppress(WebDriverException):
                return true()

        return until(answer, what, lambda: self.driver.current_url)

    def close(self):
        try:
            self.driver.quit()
        finally:
            self.kill()

    def kill(self):
        """Leave nothing behind of the program or of what it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Chromium(Browser):
    name = "chromium"

    def start(self):
        from tests.browser.conftest import QUIET  # which imports our fixtures

        options = ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for switch in (*QUIET, "--no-first-run", "--password-store=basic"):
            options.add_argument(switch)
        service = ChromeService(
            shutil.which("chromedriver"), env=self.display.env, popen_kw={"start_new_session": True}
        )
        driver = webdriver.Chrome(options, service)
        self.process = service.process
        return driver

    def choose_colours(self, scheme):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


class Firefox(Browser):
    name = "firefox"

    # Marionette itself sets most of what keeps Firefox from asking its maker's hosts.
    PREFERENCES = {
        "marionette.port": "0",  # a free one
        "browser.startup.page": "0",
        "browser.aboutwelcome.enabled": "false",
        "datareporting.policy.dataSubmissionEnabled": "false",
        "app.normandy.enabled": "false",
        "nimbus.rollouts.enabled": "false",
        "browser.newtabpage.enabled": "false",
    }

    def start(self):
        profile = self.folder / "profile"
        profile.mkdir()
        lines = (f'user_pref("{name}", {value});\n' for name, value in self.PREFERENCES.items())
        (profile / "user.js").write_text("".join(lines))
        self.process = subprocess.Popen(
            # Without the last switch preferences cannot be changed while it runs.
            ["firefox-esr", "-marionette", "-profile", profile, "-no-remote", "-remote-allow-system-access"],
            env=self.display.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        port = until(lambda: self._port(profile / "MarionetteActivePort"), "Firefox listens")
        self.marionette = Marionette(port)
        return webdriver.Remote(self.marionette, options=FirefoxOptions(), file_detector=UselessFileDetector())

    def _port(self, file):
        """The port that it has written down, once it listens there."""
        assert self.process.poll() is None, f"Firefox stopped with {self.process.returncode}"
        return int(file.read_text() or 0) if file.exists() else 0

    def choose_colours(self, scheme):
        number = ["dark", "light"].index(scheme)
        self.marionette.set_preference("layout.css.prefers-color-scheme.content-override", number)


class WebKit(Browser):
    name = "webkit"

    # What the next paste brings: the kinds that are not empty.
    LISTEN = """
    delete window.arrived;
    const note = ({ clipboardData: it }) => { window.arrived = [...it.types].filter((kind) => it.getData(kind)); };
    document.addEventListener("paste", note, { capture: true, once: true });
    """
    ASK = "const done = arguments[2]; webkit.messageHandlers[arguments[0]].postMessage(arguments[1]).then(done, done)"

    def start(self):
        options = WebKitGTKOptions()
        options.binary_location = PYTHON
        options.add_argument(str(Path(__file__).with_name("webkit_browser.py")))
        driver = shutil.which("WebKitWebDriver")
        # Held on to, because a Service that nobody holds stops its program.
        self.service = WebKitService(driver, env=self.display.env, popen_kw={"start_new_session": True})
        self.service.start()
        self.process = self.service.process
        connection = RemoteConnection(client_config=ClientConfig(self.service.service_url))
        return webdriver.Remote(connection, options=options, file_detector=UselessFileDetector())

    def choose_colours(self, scheme):
        self._ask("prefer", scheme)

    def print(self):
        path = self.folder / "printed.pdf"
        path.unlink(missing_ok=True)
        self._ask("print", str(path))
        return path.read_bytes()

    def paste(self, css, kinds):
        """Press again when a kind is missing: WebKitGTK gives up on another program's answer after a moment.

        On a busy machine it then pastes what it has, such as the plain words.
        """
        self.display.copy(kinds)
        self.wait(lambda: self._pastes(css, kinds), "the whole clipboard is pasted")

    def _pastes(self, css, kinds):
        self.run(self.LISTEN)
        self.click(css)
        self.control("v")
        self.wait(lambda: self.run("return 'arrived' in window"), "the page is asked to paste")
        if missing := set(kinds) - set(self.run("return window.arrived")):
            print("Not pasted:", missing)
            self.undo()
            return False
        return True

    def undo(self):
        """WebKitGTK leaves Ctrl+Z to the browser around it, which never sees the keys that WebDriver presses."""
        self.wait(lambda: self.run("return document.execCommand('undo')"), "there is something to take back")

    def _ask(self, name, message):
        """Ask our browser for what WebDriver has no command for; see webkit_browser.py."""
        error = self.driver.execute_async_script(self.ASK, name, message)
        assert error is None, error


BROWSERS = {browser.name: browser for browser in (Chromium, Firefox, WebKit)}
