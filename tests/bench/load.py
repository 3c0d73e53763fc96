"""A load of readers: kept-open connections that ask for one page again and again, as fast as the answers come."""

import multiprocessing
import os
import selectors
import socket
import time
from dataclasses import dataclass
from pathlib import Path

READERS = 8


@dataclass
class Load:
    requests: int
    seconds: float
    busy: float  # the share of a processor that the readers themselves needed

    @property
    def rate(self):
        return self.requests / self.seconds


def request_for(path, port):
    """What a browser sends."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept-Language: en-GB,en;q=0.9",
        "Sec-Fetch-Dest: document",
        "Sec-Fetch-Mode: navigate",
        "Sec-Fetch-Site: same-origin",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def answer_to(port, request):
    """The whole answer to one request, as bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        return b"".join(iter(lambda: connection.recv(65536), b""))


def run(port, request, seconds):
    """Put the load on a port from a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return Load(*pool.apply(_read, (port, request, seconds)))


def _read(port, request, seconds):
    size = _size_of_kept_open_answer(port, request)
    waiting = selectors.DefaultSelector()
    for _ in range(READERS):
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        connection.sendall(request)
        waiting.register(connection, selectors.EVENT_READ, [size])
    done, began, worked = 0, time.perf_counter(), time.process_time()
    while (now := time.perf_counter()) < began + seconds:
        for key, _ in waiting.select(1):
            left = key.data
            left[0] -= len(key.fileobj.recv(65536))
            if left[0] == 0:
                done, left[0] = done + 1, size
                key.fileobj.sendall(request)
    for key in list(waiting.get_map().values()):
        key.fileobj.close()
    return done, now - began, (time.process_time() - worked) / (now - began)


def _size_of_kept_open_answer(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        head, _, _ = answer.partition(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return len(head) + 4 + int(length.split(b":")[1])


def processor_seconds(pid):
    """What a process has used of the processors so far. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid):
    """What a process holds in memory now. Linux only."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
