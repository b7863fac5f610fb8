"""How much the metadata database holds, as far as Airflow's API says.

MWAA restores the database in each step; a large one makes that slow, and can make it fail:
https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html (read 2026-11-27)
"""

from mwaa.words import counted
from ops.airflow.api import RUNNING_PATH, Airflow
from ops.errors import FailedError

CLEAN = "`mwaa cli -- db clean --clean-before-timestamp DATE --yes`"


def advice(airflow: Airflow) -> str:
    """What it holds, and how it is made smaller before an upgrade."""
    try:
        runs = airflow.send("GET", "/dags/~/dagRuns", limit=1, order_by="start_date").document
        tasks = airflow.send("GET", RUNNING_PATH, limit=1).document["total_entries"]
    except FailedError as error:
        return f"how large the metadata database is could not be asked: {error}. {_clean(airflow)}"
    oldest = [str(one["start_date"])[:10] for one in runs["dag_runs"] if one.get("start_date")]
    since = f" since {oldest[0]}" if oldest else ""
    return (
        f"the metadata database holds {counted(runs['total_entries'], 'run')}{since} and "
        f"{counted(tasks, 'task instance')}. {_clean(airflow)}"
    )


def _clean(airflow: Airflow) -> str:
    what = "A large one makes the change slow and may be rolled back"
    # Tasks of Airflow 3 have no access to the database, and its command line was not tried.
    return what if airflow.is_3 else f"{what}: clean it first ({CLEAN})"
