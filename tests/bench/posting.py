"""A load of patients: kept-open connections that send a filled form again and again, each time under a new key."""

import multiprocessing
import re
import selectors
import socket
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.filled import ANSWERS

PATIENCE = 60  # seconds that an answer may take before the sender counts it as cut off


@dataclass
class Posted:
    """What became of one load."""

    acknowledged: dict = field(default_factory=dict)  # by key: the address of the page that confirms it
    refused: list = field(default_factory=list)  # status codes of answers that confirm nothing
    cut_off: list = field(default_factory=list)  # keys that got no whole answer
    waits: list = field(default_factory=list)  # seconds
    seconds: float = 0
    busy: float = 0  # the share of a processor that the patients themselves needed

    @property
    def rate(self):
        return len(self.acknowledged) / self.seconds


class Form:
    """A request that is ready but for its key. An address of its own goes with each, as a proxy of ours would write it."""

    def __init__(self, port, cookie="", **hidden):
        self.port, key = port, uuid.UUID(int=0)
        body = urlencode({"key": key} | hidden | ANSWERS, doseq=True).encode()
        head = [
            "POST /enquire/check/ HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36",
            f"Origin: http://127.0.0.1:{port}",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"Cookie: {cookie}",
            "X-Forwarded-For: ",
        ]
        self.before = "\r\n".join(head).encode()
        self.between, self.after = (b"\r\n\r\n" + body).split(str(key).encode())
        self.greeting = f"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()

    def request(self, key):
        address = b"10.%d.%d.%d" % tuple(key.bytes[:3])
        return self.before + address + self.between + str(key).encode() + self.after


class _Patient:
    """One connection."""

    def __init__(self, form):
        self.connection = socket.create_connection(("127.0.0.1", form.port), timeout=PATIENCE)
        self.form, self.answer, self.key = form, b"", None

    def greet(self):
        """Ask for something small: a server takes its time to let a newcomer in when it has much to do."""
        self.connection.sendall(self.form.greeting)

    def send(self, key):
        self.key, self.answer, self.began = key, b"", time.perf_counter()
        self.connection.sendall(self.form.request(key))

    def hear(self):
        """Whether the answer is whole now. Raises an OSError when it never will be."""
        heard = self.connection.recv(65536)
        if not heard:
            raise ConnectionError
        self.answer += heard
        head, ended, body = self.answer.partition(b"\r\n\r\n")
        return bool(ended) and len(body) >= int(re.search(rb"(?i)content-length: (\d+)", head)[1])

    def hear_all(self):
        while not self.hear():
            pass

    def tell(self, posted):
        """Write down what the answer says."""
        posted.waits.append(time.perf_counter() - self.began)
        status = int(self.answer[9:12])
        location = re.search(rb"\r\n(?i:location): (/enquire/sent/\S+)", self.answer)
        if status in (302, 303) and location:
            posted.acknowledged[self.key.hex] = location[1].decode()
        else:
            posted.refused.append(status)


class _Crowd:
    """Patients who send side by side, each the next form as soon as the last is answered."""

    def __init__(self, form, count):
        self.posted, self.waiting = Posted(), selectors.DefaultSelector()
        for _ in range(count):
            patient = _Patient(form)
            patient.greet()
            self.waiting.register(patient.connection, selectors.EVENT_READ, patient)
        for patient in self._all():
            patient.hear_all()

    def _all(self):
        return [key.data for key in list(self.waiting.get_map().values())]

    def _ready(self):
        """Those who hear something. When nobody does for too long, all: to read then fails."""
        return [key.data for key, _ in self.waiting.select(PATIENCE)] or self._all()

    def _leave(self, patient):
        self.waiting.unregister(patient.connection)
        patient.connection.close()

    def send(self, seconds):
        began, worked = time.perf_counter(), time.process_time()
        for patient in self._all():
            self._step(patient, patient.send, uuid.uuid4())
        while self.waiting.get_map():
            for patient in self._ready():
                if self._step(patient, patient.hear):
                    patient.tell(self.posted)
                    if time.perf_counter() < began + seconds:
                        self._step(patient, patient.send, uuid.uuid4())
                    else:
                        self._leave(patient)
        self.posted.seconds = time.perf_counter() - began
        self.posted.busy = (time.process_time() - worked) / self.posted.seconds
        return self.posted

    def _step(self, patient, act, *arguments):
        try:
            return act(*arguments)
        except OSError:
            self.posted.cut_off.append(patient.key.hex)
            self._leave(patient)
            return False


def pool():
    """A process of their own for patients, so that they do not share our interpreter."""
    return multiprocessing.get_context("spawn").Pool(1)


def post(form, patients, seconds):
    """Send for so long, and wait for the last answers; or until nobody is at the other end any more."""
    return _Crowd(form, patients).send(seconds)


def post_again(form, keys):
    """Send these keys, one after the other."""
    posted = Posted()
    for key in keys:
        patient = _Patient(form)
        patient.send(uuid.UUID(key))
        patient.hear_all()
        patient.tell(posted)
        patient.connection.close()
    return posted
