"""Statements as policy documents that IAM takes: as many as their size asks for.

A managed policy holds 6,144 characters, white space not counted, and a role takes ten of them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

Document = dict[str, Any]
MOST_CHARACTERS: Final = 6144


def size(document: Document) -> int:
    """Characters as IAM counts them: all that is not white space between the tokens."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def documents(statements: Iterable[dict[str, Any]]) -> list[Document]:
    """The fewest documents that first-fit finds, each within the limit; the order is kept.

    Raises ``ValueError`` for one action whose resources and conditions alone pass the limit.
    """
    made: list[Document] = []
    for statement in statements:
        for part in _parts(statement):
            for document in made:
                wider = {**document, "Statement": [*document["Statement"], part]}
                if size(wider) <= MOST_CHARACTERS:
                    document["Statement"].append(part)
                    break
            else:
                made.append(_document(part))
    return made


def _document(statement: dict[str, Any]) -> Document:
    return {"Version": "2012-10-17", "Statement": [statement]}


def _parts(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The statement, or two halves of its actions where it alone is too long."""
    if size(_document(statement)) <= MOST_CHARACTERS:
        yield statement
        return
    actions = statement["Action"]
    if len(actions) < 2:
        raise ValueError(
            f"the statement of {actions} passes {MOST_CHARACTERS} characters by itself"
        )
    middle = len(actions) // 2
    for number, half in enumerate((actions[:middle], actions[middle:]), 1):
        yield from _parts({**statement, "Sid": f"{statement['Sid']}{number}", "Action": half})
