"""The `LanguageRuntime` service: what the engine asks of a language, answered for Python.

Calls that generate code (GenerateProgram, GeneratePackage, Pack, Link, Template) are left
unimplemented, which gRPC reports by name: rehearsal never converts programs.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeAlias

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict

from rehearsal.plugins.language.interpreter import REPORTED, Order
from rehearsal.plugins.language.packages import installed, required_plugins, site_packages
from rehearsal.plugins.language.spare import Interpreters
from rehearsal.plugins.protocol.stubs import language_pb2 as lang
from rehearsal.plugins.protocol.stubs import language_pb2_grpc, plugin_pb2

# grpc ships no types of its own.
Context: TypeAlias = Any

VERSION = "0.1.0"


class PythonLanguage(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs programs and plugins in Python processes of their own.

    `engine` is the engine's address (host:port); programs send their log messages there.
    """

    def __init__(self, engine: str, interpreters: Interpreters) -> None:
        self._engine = engine
        self._interpreters = interpreters

    def Handshake(  # noqa: N802
        self, request: lang.LanguageHandshakeRequest, context: Context
    ) -> lang.LanguageHandshakeResponse:
        """Nothing to agree on: the engine's address came on the command line."""
        return lang.LanguageHandshakeResponse()

    def GetPluginInfo(  # noqa: N802
        self, request: empty_pb2.Empty, context: Context
    ) -> plugin_pb2.PluginInfo:
        """The version of this host."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetRequiredPackages(  # noqa: N802
        self, request: lang.GetRequiredPackagesRequest, context: Context
    ) -> lang.GetRequiredPackagesResponse:
        """The provider plugins of the packages that the program can import."""
        packages = [
            plugin_pb2.PackageDependency(
                name=plugin.name, kind="resource", version=plugin.version, server=plugin.server
            )
            for plugin in required_plugins(site_packages(_python(request.info)))
        ]
        return lang.GetRequiredPackagesResponse(packages=packages)

    def GetProgramDependencies(  # noqa: N802
        self, request: lang.GetProgramDependenciesRequest, context: Context
    ) -> lang.GetProgramDependenciesResponse:
        """The installed distributions, for `pulumi about`."""
        dependencies = [
            lang.DependencyInfo(name=name, version=version)
            for name, version in installed(site_packages(_python(request.info)))
        ]
        return lang.GetProgramDependenciesResponse(dependencies=dependencies)

    def About(self, request: lang.AboutRequest, context: Context) -> lang.AboutResponse:  # noqa: N802
        """Which Python runs the programs."""
        version = ".".join(str(part) for part in sys.version_info[:3])
        return lang.AboutResponse(executable=sys.executable, version=version)

    def RuntimeOptionsPrompts(  # noqa: N802
        self, request: lang.RuntimeOptionsRequest, context: Context
    ) -> lang.RuntimeOptionsResponse:
        """No questions for `pulumi new`."""
        return lang.RuntimeOptionsResponse()

    def InstallDependencies(  # noqa: N802
        self, request: lang.InstallDependenciesRequest, context: Context
    ) -> Iterator[lang.InstallDependenciesResponse]:
        """Install the program's requirements.txt into the interpreter that will run it."""
        requirements = Path(request.info.program_directory or request.directory, "requirements.txt")
        if not requirements.is_file():
            return
        python = str(_python(request.info) or sys.executable)
        command = [python, "-m", "pip", "install", "-r", str(requirements)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for stream, chunk in _output(process):
            yield lang.InstallDependenciesResponse(**{stream: chunk})
        if process.wait() != 0:
            context.abort(grpc.StatusCode.INTERNAL, f"pip could not install {requirements}")

    def Run(self, request: lang.RunRequest, context: Context) -> lang.RunResponse:  # noqa: N802
        """Run a stack's program to its end."""
        order: Order = {
            "cwd": request.pwd or request.info.program_directory,
            "path": str(Path(request.info.program_directory, request.info.entry_point)),
            "argv": list(request.args),
            "env": {
                "PULUMI_CONFIG": json.dumps(dict(request.config)),
                "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
            },
            "settings": {
                "engine": self._engine,
                "monitor": request.monitor_address,
                "project": request.project,
                "stack": request.stack,
                "parallel": request.parallel,
                "dry_run": request.dryRun,
                "organization": request.organization,
                "root_directory": request.info.root_directory,
            },
        }
        process = self._interpreters.run(order, _python(request.info))
        context.add_callback(_killer(process))
        for stream, chunk in _output(process):
            output = sys.stdout.buffer if stream == "stdout" else sys.stderr.buffer
            output.write(chunk)
            output.flush()
        code = process.wait()
        self._interpreters.finished(process)
        if code == REPORTED:
            return lang.RunResponse(bail=True)
        if code != 0:
            return lang.RunResponse(error=f"Program exited with non-zero exit code: {code}")
        return lang.RunResponse()

    def RunPlugin(  # noqa: N802
        self, request: lang.RunPluginRequest, context: Context
    ) -> Iterator[lang.RunPluginResponse]:
        """Run a plugin written in Python and stream what it prints; its first line is its port."""
        directory = request.info.program_directory
        order: Order = {
            # As the published host does: a pack works in the project that it judges.
            "cwd": request.pwd or directory,
            "argv": list(request.args),
            "env": dict(pair.split("=", 1) for pair in request.env if "=" in pair),
        }
        if request.kind == "analyzer":
            order |= {"module": "pulumi.policy", "argv": [*request.args, directory]}
        else:
            order |= {"path": str(Path(directory, request.info.entry_point))}
        process = self._interpreters.run(order, _python(request.info))
        context.add_callback(_killer(process))
        self._interpreters.warm()  # the program comes after its policy packs
        for stream, chunk in _output(process):
            yield (
                lang.RunPluginResponse(stdout=chunk)
                if stream == "stdout"
                else lang.RunPluginResponse(stderr=chunk)
            )
        code = process.wait()
        self._interpreters.finished(process)
        yield lang.RunPluginResponse(exitcode=code)

    def Cancel(self, request: empty_pb2.Empty, context: Context) -> empty_pb2.Empty:  # noqa: N802
        """End the running programs; called when the user interrupts the engine."""
        self._interpreters.stop()
        return empty_pb2.Empty()


def register(server: Any, servicer: PythonLanguage) -> None:
    """Add `servicer` to a gRPC server."""
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(servicer, server)


def _python(info: lang.ProgramInfo) -> Path | None:
    """The interpreter of the `virtualenv` option of Pulumi.yaml; None without one."""
    name = MessageToDict(info.options).get("virtualenv")
    if not name:
        return None
    for base in (info.program_directory, info.root_directory):
        python = Path(base, str(name), "bin", "python")
        if python.exists():
            # The environments, not the files: a virtual environment's python is a link out of it.
            ours = Path(sys.prefix).resolve() == python.parents[1].resolve()
            return None if ours else python
    return None


def _killer(process: subprocess.Popen[bytes]) -> Callable[[], None]:
    """A callback for the end of a call: the engine hangs up to stop what the call runs."""

    def kill() -> None:
        if process.poll() is None:
            process.kill()

    return kill


def _output(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Chunks of both streams in order of arrival, until both are closed."""
    chunks: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    def pump(name: str, stream: IO[bytes]) -> None:
        while chunk := _read(stream):
            chunks.put((name, chunk))
        chunks.put((name, b""))

    streams: dict[str, Any] = {"stdout": process.stdout, "stderr": process.stderr}
    for name, stream in streams.items():
        threading.Thread(target=pump, args=(name, stream), daemon=True).start()
    open_streams = len(streams)
    while open_streams:
        name, chunk = chunks.get()
        if chunk:
            yield name, chunk
        else:
            open_streams -= 1


def _read(stream: IO[bytes]) -> bytes:
    # read1 exists on the buffered readers that Popen gives, not on the IO protocol.
    data: bytes = stream.read1(65536)  # type: ignore[attr-defined]
    return data
