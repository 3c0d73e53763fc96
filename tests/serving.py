"""The real site as a program of its own: `manage.py serve` on a free port, over a database that is thrown away.

`with Site.start(tmp_path, WORKERS="1") as site:` starts one; the fixture `site` is one that all tests share.
"""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until a start or a stop has failed; each needs about three

# What the site's own environment may take over from ours; everything else is said by the test.
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage  # names in any case
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Site:
    """A running site. `env` are its environment variables, such as SITE_URL or WORKERS."""

    def __init__(self, tmp_path, project=PROJECT, **env):
        self.project, self.data_dir = Path(project), Path(tmp_path) / "data"
        self.port = int(env.pop("PORT", 0)) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log, self.process, self._database = Path(tmp_path) / "site.log", None, None
        self.env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self.env |= {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), **env}
        if os.environ.get("DATABASE_URL") and "DATABASE_URL" not in env:
            self._database = Database(os.environ["DATABASE_URL"])
            self.env["DATABASE_URL"] = self._database.url

    @classmethod
    def start(cls, tmp_path, project=PROJECT, **env):
        """Make one and wait until it answers."""
        site = cls(tmp_path, project, **env)
        try:
            site.serve()
        except BaseException:
            site.close()
            raise
        return site

    def serve(self):
        """Start the program, also after a stop(), and wait until it answers."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=self.project,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a group of its own, so that nothing of it outlives the test
            )
        until(self._answers, "the site answers", self.log)

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the site stopped with {self.process.returncode}:\n{self.log()}")
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path, *, method="GET", body=None, **headers):
        """One request over a connection of its own; header names with _ for -."""
        asked = self._as_our_proxy_would() | {"Connection": "close"}
        asked |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, asked)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def _as_our_proxy_would(self):
        address = urlsplit(self.env.get("SITE_URL", self.url))
        return {"Host": address.netloc, "X-Forwarded-Proto": address.scheme}

    def manage(self, *arguments, **options):
        """Run another manage.py command beside the server, and return what it wrote."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=self.project, env=self.env, capture_output=True, text=True, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self):
        """All that it has written to the terminal so far."""
        return self._log.read_text(encoding="utf-8")

    def stop(self, how=signal.SIGINT):
        """Stop as Ctrl-C does, the whole group, and return the exit code."""
        os.killpg(self.process.pid, how)
        return self.process.wait(PATIENCE)

    def close(self):
        """Leave nothing behind, whatever has happened."""
        try:
            if self.process and self.process.poll() is None:
                try:
                    self.stop()
                except subprocess.TimeoutExpired:
                    self.stop(signal.SIGKILL)
        finally:
            if self._database:
                self._database.drop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Database:
    """A throwaway PostgreSQL database on the server that a URL names."""

    def __init__(self, server):
        self.server, self.name = server, f"siweb_test_{secrets.token_hex(6)}"
        self.url = urlunsplit(urlsplit(server)._replace(path=f"/{self.name}"))
        self.tell("CREATE DATABASE {}")

    def tell(self, statement):
        """Run one statement, with the database's name for {}, from outside the database."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            return connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))

    def drop(self):
        self.tell("DROP DATABASE {} WITH (FORCE)")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true, what, explain=lambda: "", seconds=PATIENCE):
    """Ask until the answer is yes, and return it; past the deadline the test has failed."""
    deadline = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}\n{explain()}"
        time.sleep(0.02)
    return answer
