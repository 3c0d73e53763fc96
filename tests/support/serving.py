"""The real site as a program of its own: `manage.py serve` on a free port, over a database that is thrown away.

`with Site.start(tmp_path, WORKERS="1") as site:` starts one; the fixture `site` is one that all tests share.
"""

import contextlib
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

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds until a start or a stop has failed; each needs about three, and far more on a busy machine

# What the site's own environment may take over from ours; everything else is said by the test.
_INHERITED = ("PATH", "HOME", "LANG")

_PUBLISH = """
import dataclasses, time
from django.contrib.auth.models import User
from siweb.articles.models import Article
from siweb.articles.editorial.publishing import publish
article = Article.objects.get(slug={slug!r})
text = dataclasses.replace(article.head.parsed, **{changes!r})
article.edit(text, by=User.objects.get_or_create(username="edith")[0], version=article.version)
publish(article)
print(time.time())
"""


def inherited_environment():
    """Return the variables of our own environment that a site's may take over."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage  # names in any case
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class Site:
    """A running site. `env` are its environment variables, such as SITE_URL or WORKERS.

    It begins with a copy of a database that is migrated and holds the shipped content (tests/support/prepared.py), unless it
    is to start `fresh` or from another project's folder.
    """

    def __init__(self, tmp_path, project=PROJECT, *, fresh=False, **env):
        self.project, self.folder, self.data_dir = Path(project), Path(tmp_path), Path(tmp_path) / "data"
        self.port = int(env.pop("PORT", 0)) or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log, self.process, self.database = self.folder / "site.log", None, None
        self.env = inherited_environment() | {
            "DATA_DIR": str(self.data_dir),
            "TMPDIR": str(self.folder),
            "PORT": str(self.port),
            **env,
        }
        from tests.support import prepared  # which needs this module

        template = None if fresh or project != PROJECT else prepared.copy_to(self.data_dir)
        if os.environ.get("DATABASE_URL"):
            self.database = Database(os.environ["DATABASE_URL"])
            self.database.create(template)
            self.env["DATABASE_URL"] = self.database.url

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
        self.begin()
        self.wait()

    def begin(self):
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

    def wait(self):
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

    def publish(self, slug, **changes):
        """Edit and publish an article as staff would, and return when readers could know (seconds since 1970)."""
        return float(self.manage("shell", "-v0", "-c", _PUBLISH.format(slug=slug, changes=changes)))

    def workers(self):
        """The process ids of the workers. Linux only."""
        return [pid for pid in self._children() if b"job_supervisor" not in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def _children(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def log(self):
        """What it has written to the terminal of late."""
        return self._log.read_text(encoding="utf-8")[-20_000:]

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
            if self.database:
                self.database.drop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Database:
    """A throwaway PostgreSQL database on the server that a URL names."""

    def __init__(self, server, name=""):
        self.server, self.name = server, name or f"siweb_test_{secrets.token_hex(6)}"
        self.url = urlunsplit(urlsplit(server)._replace(path=f"/{self.name}"))

    def create(self, template=None):
        """Create it, empty or as a copy of another."""
        self.tell(f"CREATE DATABASE {{}} TEMPLATE {template or 'template1'}")

    def tell(self, statement):
        """Run one statement, with the database's name for {}, from outside the database."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))

    @property
    def connections(self):
        """How many connections its server allows at once, to all of its databases together."""
        with psycopg.connect(self.server) as connection:
            return int(connection.execute("SHOW max_connections").fetchone()[0])

    def refuse(self):
        """Be gone: break off every connection and let nobody in."""
        self.tell("ALTER DATABASE {} ALLOW_CONNECTIONS false")
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.name])

    def admit(self):
        self.tell("ALTER DATABASE {} ALLOW_CONNECTIONS true")

    def drop(self):
        self.tell("DROP DATABASE {} WITH (FORCE)")


def living(group):
    """{process id: command line} of every process of a group that is not only waiting to be buried. Linux only."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, of = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def ticks(group):
    """The process ids of the minute ticks of a group."""
    return [pid for pid, command in living(group).items() if " manage.py tick " in command]


def supervisors(group):
    """The process ids of what keeps the minute ticks of a group running."""
    return [pid for pid, command in living(group).items() if "job_supervisor" in command]


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
