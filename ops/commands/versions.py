"""``mwaa versions``: which requirements, plugins and startup script ran when?"""

from collections.abc import Sequence

from ops import options
from ops.history import KINDS, ArtifactSet, running, sets, stored, updates
from ops.target import ANY_STATUS, resolve
from ops.terminal import Format, emit, table

PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "s3:ListBucketVersions",
    "s3:GetObjectVersion",
    "kms:Decrypt",
)
STATUSES = ANY_STATUS
EXAMPLES = ("mwaa versions --stack prod", "mwaa versions --environment prod --format json")


def run(
    stack: options.Stack = "",
    environment: options.Environment = "",
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Lists each set of artifacts with the update that brought it, its time and how it ended, the
    newest last; * marks what the environment runs now. With --environment alone the updates are
    not known, and each upload is listed by itself."""
    target = resolve(
        environment=environment, stack=stack, profile=profile, region=region, statuses=STATUSES
    )
    versions = stored(target)
    now = {kind: version.id for kind, version in running(target, versions).items()}
    history = sets(versions, [] if environment else updates(stack))
    emit(
        form,
        {"environment": target.name, "running": now}
        | {"sets": [_document(one, now) for one in history]},
        lambda: _words(target.name, history, now),
    )


def _is_running(one: ArtifactSet, now: dict[str, str]) -> bool:
    return one.ids == now


def _document(one: ArtifactSet, now: dict[str, str]) -> dict[str, object]:
    update = one.update
    return {
        "number": one.number,
        "when": one.when.isoformat(),
        "versions": one.ids,
        "changed": list(one.uploads),
        "running": _is_running(one, now),
        "succeeded": update.succeeded if update else None,
        "message": update.message if update else "",
        "commit": update.commit if update else "",
    }


def _words(name: str, history: Sequence[ArtifactSet], now: dict[str, str]) -> str:
    if not history:
        return f"{name} has no requirements, plugins or startup script yet"
    rows: list[tuple[str, ...]] = [("", "set", "when (UTC)", "update", *KINDS, "commit")]
    for one in history:
        outcome = "-" if one.update is None else "ok" if one.update.succeeded else "FAILED"
        cells = [
            (one.ids.get(kind, "-")[:8] + ("+" if kind in one.uploads else "")) for kind in KINDS
        ]
        commit = one.update.commit[:8] if one.update else ""
        rows.append(
            (
                "*" if _is_running(one, now) else "",
                str(one.number or "-"),
                f"{one.when:%Y-%m-%d %H:%M:%S}",
                outcome,
                *cells,
                commit,
            )
        )
    return table(rows) + "\n+ changed by this update, * runs now"
