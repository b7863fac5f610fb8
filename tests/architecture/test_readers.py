"""Who looks for how a thing is read finds it under one name: in a plan and in an account."""

from tests.architecture.tree import ROOT

# What one of the two has alone, and why.
PLAN = {
    "exclusive": "only a plan declares lists that take policies away again",
    "existing": "an account makes no difference between what a stack made and what it looked up",
    "signatures": "marks by which the engine sends secrets, assets and unknown values",
    "resources": "the engine's resources, as references between them are followed",
}
LIVE = {
    "calls": "the calls that reading makes, with the permissions they need",
    "metrics": "only what runs is measured",
    "reader": "calls that never end the reading",
    "rights": "what a create takes of its caller, who is not told in a plan",
    "simulation": "IAM itself answers what the caller may do",
}


def names(part: str) -> set[str]:
    return {path.stem for path in (ROOT / part).glob("*.py")} - {"__init__"}


def test_both_readers_have_the_same_files() -> None:
    plan, live = names("policy/plan"), names("ops/live")
    assert plan - live == set(PLAN)
    assert live - plan == set(LIVE)
