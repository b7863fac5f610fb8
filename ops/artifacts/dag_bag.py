"""Imports DAGs as the environment's DAG processor does; runs inside the Airflow it tests.

A program of its own (standard library and Airflow only): ``python dag_bag.py <dags>`` prints one
JSON object: ``dags`` (count), ``errors`` (file -> traceback), ``unserializable`` (DAG -> reason).
"""

import importlib
import json
import logging
import sys
from typing import Any


def load(name: str, *places: str) -> Any:
    """``name`` from the first of ``places`` that has it; Airflow 3 moved some."""
    for place in places:
        try:
            return getattr(importlib.import_module(place), name)
        except (ImportError, AttributeError):
            continue
    return None


def main(folder: str) -> None:
    """Fill a DagBag from ``folder`` and print what became of it."""
    logging.disable(logging.CRITICAL)
    bag_class = load("DagBag", "airflow.dag_processing.dagbag", "airflow.models.dagbag")
    bag = bag_class(dag_folder=folder, include_examples=False)
    errors: dict[str, str] = {str(file): text for file, text in bag.import_errors.items()}
    serialize = load("SerializedDAG", "airflow.serialization.serialized_objects")
    unserializable: dict[str, str] = {}
    for name, dag in bag.dags.items():
        try:
            # The scheduler only ever sees the serialized form.
            if serialize is not None:
                (getattr(serialize, "to_dict", None) or serialize.serialize_dag)(dag)
        except Exception as error:
            unserializable[f"{dag.fileloc}:{name}"] = str(error)
    result = {"dags": len(bag.dags), "errors": errors, "unserializable": unserializable}
    # DAG files may print; the result is the last line.
    print("\n" + json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])
