"""Counts: every example of the specs was played, and every code that an operation declares was met or is listed."""

import os

import pytest

from provocations import UNPROVOKED
from specs import SPECS

# Codes of the server as a whole, which no operation has.
ROUTING = {"method_not_allowed"}
# What the server tells of a connection by itself, and the suite that waits for it.
CONNECTION = {"token_expired"}
UNPLAYED = {
    "tokenExpiring tell a-minute-is-left": "comes when a token ends: Tests/Live/test_token_end.py",
    "resync tell a-backup-was-restored": "comes when the database is another: Tests/Live/test_restored_database.py",
    "problem tell no-newer-token-came": "comes when a token has ended: Tests/Live/test_token_end.py",
}


@pytest.fixture(autouse=True)
def after_the_whole_suite(request):
    played = {item.path.name for item in request.session.items}
    if not {"test_documents.py", "test_stories.py", "test_provocations.py", "test_verify.py"} <= played:
        pytest.skip("counts only after the whole suite")


def declared() -> set[tuple[str, str]]:
    found = {(operation.key, code) for operation in SPECS.operations.values() for code in operation.codes}
    return found | {(event.key, code) for event in SPECS.events.values() for code in event.codes}


def reason(owner: str, code: str) -> str | None:
    if owner.startswith("event "):
        return UNPROVOKED.get((owner, code)) or UNPROVOKED.get(("event *", code)) or UNPROVOKED.get(("*", code))
    return UNPROVOKED.get((owner, code)) or UNPROVOKED.get(("*", code))


def needs_our_own_server(code: str) -> bool:
    """What takes the passage of time is provoked with the database's help, or by knowing what a cursor is made of."""
    return bool(os.environ.get("LETSCHAT_URL")) and code in ("edit_window_closed", "resync")


def test_every_code_was_met_or_is_listed(ledger):
    missing = {
        (owner, code) for owner, code in declared() - ledger.codes
        if not reason(owner, code) and not needs_our_own_server(code)
    }
    assert not missing, "\n".join(f"{owner}: {code}" for owner, code in sorted(missing))


def test_what_is_listed_is_declared_and_was_not_met(ledger):
    for (owner, code), why in UNPROVOKED.items():
        declaring = [
            pair for pair in declared() if pair[1] == code
            and (owner == "*" or owner == pair[0] or owner == "event *" and pair[0].startswith("event "))
        ]
        assert declaring, f"{owner} {code} is listed ({why}) and not declared any more"
        met = [pair for pair in declaring if pair in ledger.codes]
        assert not met, f"{met} was met: take it off the list"


def test_every_code_of_the_specs_is_used():
    used = {code for _, code in declared()} | ROUTING | CONNECTION
    assert used == set(SPECS.problems), used ^ set(SPECS.problems)


def test_every_example_was_played(ledger):
    missing = []
    for example in SPECS.examples:
        if example.key in ledger.examples or example.key in UNPLAYED:
            continue
        # An error's example that is in no story is played where its code is met (or listed).
        code = example.value.get("code") if isinstance(example.value, dict) else None
        if code and not example.scenario and example.side.isdigit():
            is_shared = not example.schema.startswith("openapi.yaml#/paths/")
            met = {owner for owner, each in ledger.codes if each == code}
            if (is_shared and met) or example.owner in met or reason("*", code) or needs_our_own_server(code):
                continue
        missing.append(example.key)
    assert not missing, "\n".join(missing)
