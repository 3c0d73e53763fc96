"""Keep one job runner beside the server: start it again whenever it ends, until the server itself has ended.

python -m siweb.operations.job_supervisor SERVER_PID. It imports nothing of the site, so that it lives when a runner dies
of a fault or of too little memory.
"""

import contextlib
import os
import subprocess
import sys
import time

PAUSE = 5  # seconds before another start, so that a runner that cannot start does not take the processor


def supervise(server):
    """Go on while `server` is the parent of this process."""
    while os.getppid() == server:
        runner = subprocess.Popen([sys.executable, "manage.py", "tick", "--beside", str(os.getpid())])  # noqa: S603
        while runner.poll() is None and os.getppid() == server:
            time.sleep(0.5)
        if os.getppid() != server:
            return  # the runner ends too: this process was its parent
        print(f"the job runner ended ({runner.returncode}); it is started again", file=sys.stderr, flush=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        supervise(int(sys.argv[1]))
