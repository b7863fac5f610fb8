"""The engine built from its Go module, with every dependency pinned by hash in module/go.sum."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.engine import toolchain
from rehearsal.engine.cache import publish
from rehearsal.engine.errors import EngineError
from rehearsal.engine.model import VERSION, Engine

MODULE = Path(__file__).with_name("module")
COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
STAMP = f"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
# Packages in the build (`go list -deps`), to show how far it is.
PACKAGES = 1733
ABOUT = "about five minutes on two cores, once per machine"


def built(home: Path) -> Engine | None:
    """The engine of the pinned version, when it has been built earlier."""
    path = home / VERSION / "pulumi"
    if not os.access(path, os.X_OK):
        return None
    return Engine(path, VERSION, official=False, source="a build of the Go module")


def build(home: Path, progress: Callable[[str], object], environment: Mapping[str, str]) -> Engine:
    """Download the module's dependencies and compile; the caller holds the cache's lock.

    Raises `EngineError` with the last line of the log and the log's path.
    """
    go = toolchain.find(home, progress, environment)
    staged = home / f".{VERSION}.new"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    log = home / f"build-{VERSION}.log"
    progress(f"engine: building Pulumi {VERSION} from source, {ABOUT}")
    command = [
        *(str(go), "build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false"),
        *("-ldflags", f"-s -w -X {STAMP}", "-o", str(staged / "pulumi"), COMMAND),
    ]
    # GOTOOLCHAIN=local: a build must not download another compiler behind the user's back.
    variables = {**environment, "GOFLAGS": "", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=MODULE, env=variables, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            while process.poll() is None:
                _report(progress, log, time.monotonic() - started)
                time.sleep(1)
        finally:
            # An interrupted build leaves no compiler behind.
            process.kill()
            process.wait()
    if process.returncode != 0:
        shutil.rmtree(staged, ignore_errors=True)
        raise EngineError(_reason(log))
    shutil.rmtree(home / VERSION, ignore_errors=True)
    publish(staged, home / VERSION)
    engine = built(home)
    if engine is None:
        raise EngineError(f"the engine was built but cannot be run; see {log}")
    return engine


def _report(progress: Callable[[str], object], log: Path, seconds: float) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    # `go build -v` names a package when it starts to compile it; downloads come first.
    compiled = sum(not line.startswith("go: ") for line in lines)
    step = f"{compiled} of {PACKAGES} packages" if compiled else "downloading dependencies"
    minutes, rest = divmod(round(seconds), 60)
    progress(f"engine: building Pulumi {VERSION} ({ABOUT}): {minutes}:{rest:02d}, {step}")


def _reason(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = next((line for line in reversed(lines) if line.strip()), "the compiler was stopped")
    return (
        f"the Pulumi engine could not be built: {last.strip()} (log: {log}); "
        "check that a Go module proxy can be reached, or install a pulumi CLI"
    )
