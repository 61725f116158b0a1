"""Runs a program on a terminal of its own, presses keys once a text is there, and prints what came of it as JSON.

Standard input: {"command": [...], "steps": [["text to wait for", "keys"], ...], "background": false}
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

DEADLINE = 40

request = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    if request.get("background"):
        # A process group of its own that the terminal does not belong to, as a shell makes for `command &`.
        child = os.fork()
        if child != 0:
            _, status = os.waitpid(child, os.WUNTRACED)
            os._exit(99 if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status))
        os.setpgid(0, 0)
    os.execvp(request["command"][0], request["command"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
steps = request["steps"]
seen = b""
mark = 0
end = time.monotonic() + DEADLINE
while time.monotonic() < end:
    readable, _, _ = select.select([terminal], [], [], 0.2)
    if readable:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    if steps and steps[0][0].encode() in seen[mark:] and not readable:
        mark = len(seen)
        os.write(terminal, steps.pop(0)[1].encode())
else:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode(errors="replace"))
print(json.dumps({"seen": text, "code": os.waitstatus_to_exitcode(status), "left": steps}))
