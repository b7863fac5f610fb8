"""How the project is installed: the rooms of the checkout, or one package `mwaa` that holds them.

pyproject.toml describes the checkout and `pip install -e .`: the rooms are top-level packages, as
their imports say. A wheel is installed among other people's packages, where names like `policy` and
`components` may be taken. It therefore holds the rooms below `mwaa` (`mwaa.components`,
`mwaa.policy`, `mwaa.ops`), their imports of each other rewritten. docs/adr/0010 has the reasons.
"""

import ast
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

ROOMS: Final = ("components", "policy", "ops")
OF_THE_CHECKOUT: Final = {("mwaa.policy", "bundle")}
"""Modules that work on the checkout and have nothing to do in a wheel."""


def inside(name: str) -> str:
    """The name in a wheel of a package, module or entry point of the checkout."""
    return f"mwaa.{name}" if name.split(".")[0] in ROOMS else name


def rewritten(source: str, file: str) -> str:
    """A module's text with its imports of rooms as a wheel names them."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source, file)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if inside(alias.name) != alias.name:
                    # `import policy.x` binds the name `policy`, which a wheel does not have.
                    raise SyntaxError(f"{file}:{node.lineno}: write `from ... import {alias.name}`")
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            line = lines[node.lineno - 1]
            head, _, rest = line.partition(f"from {node.module} ")
            lines[node.lineno - 1] = f"{head}from {inside(node.module)} {rest}"
    return "".join(lines)


def requirement(line: str) -> str:
    """A pin of requirements.txt as others can live with it: not older, and of the same major."""
    name, _, version = line.split("#")[0].strip().partition("==")
    return f"{name}>={version},<{int(version.split('.')[0]) + 1}"


def requirements() -> list[str]:
    """What the installed rooms need; pytest is only there for the tests of the checkout."""
    lines = Path(__file__).with_name("requirements.txt").read_text(encoding="utf-8").splitlines()
    return [requirement(line) for line in lines if "==" in line and not line.startswith("pytest")]


class OnePackage(bdist_wheel):  # type: ignore[misc]  # setuptools ships no types
    """A wheel whose only top-level package is `mwaa`."""

    def run(self) -> None:
        """Moves every package below `mwaa` before anything is built."""
        # Metadata made before this, as pip asks for them, name the checkout's entry points: the
        # backend has one hook of them for wheels and for `pip install -e .`.
        self.dist_info_dir = None
        project = self.distribution
        project.package_dir = {inside(name): name.replace(".", "/") for name in project.packages}
        project.packages = list(project.package_dir)
        project.package_data = {inside(name): globs for name, globs in project.package_data.items()}
        project.entry_points = {
            group: [f"{name}= {inside(value.strip())}" for name, _, value in map(_parted, entries)]
            for group, entries in project.entry_points.items()
        }
        # What an earlier build left there would travel along.
        rmtree(self.get_finalized_command("build").build_lib, ignore_errors=True)
        self.reinitialize_command("build_py")
        super().run()


def _parted(entry: str) -> tuple[str, str, str]:
    return entry.partition("=")


class Rewrite(build_py):  # type: ignore[misc]
    """Copies modules; into a wheel with their imports rewritten."""

    def find_package_modules(self, package: str, package_dir: str) -> list[Any]:
        """The modules of a package that belong there."""
        found: list[Any] = super().find_package_modules(package, package_dir)
        return [module for module in found if module[:2] not in OF_THE_CHECKOUT]

    def build_module(self, module: str, module_file: str, package: Any) -> Any:
        """Copies one module."""
        built = super().build_module(module, module_file, package)
        if not self.editable_mode:
            copy = Path(built[0])
            text = copy.read_text(encoding="utf-8")
            copy.write_text(rewritten(text, module_file), encoding="utf-8")
        return built


setup(
    install_requires=requirements(),
    cmdclass={"bdist_wheel": OnePackage, "build_py": Rewrite},
)
