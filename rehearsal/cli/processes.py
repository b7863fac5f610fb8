"""Processes by their ids, which a later process may bear again."""

from __future__ import annotations

import subprocess
from pathlib import Path


def born(pid: int) -> str | None:
    """When the process started, as the system reports it; None when there is none, or a zombie."""
    try:
        # After the name, which may hold anything: state first, start in clock ticks as the 20th.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except OSError:
        if Path("/proc/self").exists():
            return None
    # Without /proc (macOS). Not on Linux: there ps computes the start, and may be a second off.
    done = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = done.stdout.strip().partition(" ")
    return started.strip() if state and not state.startswith("Z") else None
