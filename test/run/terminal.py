"""Runs a program on a terminal of its own, presses Ctrl-C once it says it is ready, and prints what came of it as JSON."""

import json
import os
import pty
import select
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
pressed = False
while True:
    readable, _, _ = select.select([terminal], [], [], 30)
    if not readable:
        break
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if b"ready" in seen and not pressed:
        pressed = True
        os.write(terminal, b"\x03")
_, status = os.waitpid(pid, 0)
died = os.WIFSIGNALED(status)
print(
    json.dumps(
        {
            "seen": seen.decode(),
            "code": None if died else os.WEXITSTATUS(status),
            "signal": os.WTERMSIG(status) if died else None,
        }
    )
)
