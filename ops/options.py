"""The options that verbs share, so that they are spelled and explained once."""

from typing import Annotated, TypeAlias

import typer

from ops.project import stacks
from ops.terminal import Format

Directory: TypeAlias = Annotated[
    str,
    typer.Option(
        "-C",
        "--directory",
        metavar="FOLDER",
        help="Work as if started in this folder; the project is looked for from there upwards.",
    ),
]
Environment: TypeAlias = Annotated[
    str,
    typer.Option(
        "--environment",
        "-e",
        help="Name of the environment in the account, or ssm:PREFIX of its stack's parameters.",
    ),
]
Stack: TypeAlias = Annotated[
    str,
    typer.Option(
        "--stack",
        "-s",
        help="Pulumi stack; without both, the selected stack.",
        autocompletion=stacks,
    ),
]
Environments: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--environment", "-e", help="Name of an environment; may be repeated."),
]
Stacks: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--stack", "-s", help="Pulumi stack; may be repeated. Without any, the selected stack."
    ),
]
Profile: TypeAlias = Annotated[
    str,
    typer.Option(
        "--profile", help="AWS profile; default: the stack's provider, then the SDK's own search."
    ),
]
Region: TypeAlias = Annotated[
    str, typer.Option("--region", help="AWS region; default: the stack's, then the SDK's.")
]
Form: TypeAlias = Annotated[Format, typer.Option("--format", help="Form of the result.")]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
]
ConfigFile: TypeAlias = Annotated[
    str, typer.Option(help="Stack file, where it is not Pulumi.<stack>.yaml.")
]
Interval: TypeAlias = Annotated[
    float, typer.Option(min=0.1, help="Seconds between two looks at the environment.")
]
Imports: TypeAlias = Annotated[
    bool, typer.Option("--import/--no-import", help="Import the DAGs with the real Airflow.")
]
