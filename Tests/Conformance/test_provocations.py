"""Provokes the error answers that need to know what the operations mean, over both doors. What follows from the documents
alone, `letschat verify` provokes: each constraint, the forms of requests and the policies."""

import os

import httpx
import pytest

from api import new_id
from calls import JUDGE, Caller
from postgres import rows
from prepared import Prepared
from provocations import Call, Specific, generic
from sockets import close, connect
from specs import SPECS

OPERATIONS = SPECS.operations
CLIENT_EVENTS = [event for event in SPECS.events.values() if event.is_received]
DOORS = [event for event in CLIENT_EVENTS if event.door]


@pytest.fixture(scope="module")
def state(url):
    return Prepared(url)


@pytest.fixture(scope="module")
def specific(state, server):
    def age(message: str):
        rows(server.database_url, """
            UPDATE messages SET created_at = created_at - interval '25 hours' WHERE id = %s RETURNING id""", message)

    return Specific(state, None if os.environ.get("LETSCHAT_URL") else age)


@pytest.fixture
def caller(url, ledger):
    return Caller(url, ledger)


def play(caller: Caller, operation, call: Call):
    token = call.token or (call.person.token if call.person else None)
    response = caller.call(operation, call.parameters, token=token, json=call.body, **call.options)
    what = f"{operation.id} {call.parameters} {str(call.body)[:200]} {str(call.options)[:200]}"
    assert response.status_code >= 400, f"{what}: {response.status_code}, not {call.code}"
    code = response.json()["code"]
    assert code == call.code, f"{what}: {code}, not {call.code}: {response.text[:500]}"
    caller.ledger.codes.add((operation.key, code))
    return response


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_the_form_of_an_operation_refuses(name, state, caller):
    for call in generic(state, OPERATIONS[name]):
        play(caller, OPERATIONS[name], call)


SPECIFIC = [
    (name, code) for name, operation in OPERATIONS.items() for code in operation.codes
    if hasattr(Specific, f"{name}_{code}")
]


@pytest.mark.parametrize("name, code", SPECIFIC)
async def test_what_an_operation_refuses(name, code, state, specific, caller):
    operation = OPERATIONS[name]
    calls = specific.of(name, code)
    if calls is None:
        pytest.skip("only on a server of the suite's own")
    doors = [event for event in DOORS if event.door["id"] == name]
    for call in calls:
        response = play(caller, operation, call)
        # An example of this very answer that is in no story says the same words.
        for example in operation.responses[str(response.status_code)].examples:
            is_own = example.schema.startswith("openapi.yaml#/paths/")
            if is_own and not example.scenario and example.value["code"] == code:
                assert response.json()["detail"] == example.value["detail"], example.key
        for event in doors:
            await refuse(caller.ledger, event, call)


async def refuse(ledger, event, call: Call):
    """The same call by the other door."""
    names = event.door["parameters"] if event.door else {}
    payload = {names[name]: value for name, value in call.parameters.items() if name in names} | (call.body or {})
    (connection,) = await connect(call.person)
    answer = await connection.call(event.name, payload)
    await close(connection)
    check_refusal(ledger, event, answer, call.code, f"{event.name} {payload}")


def check_refusal(ledger, event, answer: dict, code: str, what: str):
    assert answer.get("ok") is False, f"{what}: {answer}"
    ledger.acknowledgement(event.name, answer)
    assert not JUDGE.acknowledgement(event, answer), f"{what}: {JUDGE.acknowledgement(event, answer)}"
    assert answer["error"]["code"] == code, f"{what}: {answer['error']}, not {code}"
    ledger.codes.add((event.key, code))


def valid_payload(state: Prepared, event) -> dict:
    if not event.door:
        return state.payload(event)
    operation = OPERATIONS[event.door["id"]]
    parameters = state.parameters(operation)
    named = {name: parameters[rest] for rest, name in event.door["parameters"].items() if rest in parameters}
    return named | (state.body(operation) or {})


@pytest.mark.parametrize("event", CLIENT_EVENTS, ids=lambda event: event.name)
async def test_what_an_event_refuses(event, state, ledger):
    at_ada, at_cyd = await connect(state.ada, state.cyd)
    valid = valid_payload(state, event)
    if "not_found" in event.codes:
        name = next(name for name in valid if name in ("chat_id", "message_id"))
        for connection, payload in ((at_ada, valid | {name: new_id()}), (at_cyd, valid)):
            answer = await connection.call(event.name, payload)
            check_refusal(ledger, event, answer, "not_found", f"{event.name} {payload}")
    if "invalid_cursor" in event.codes:
        answer = await at_ada.call(event.name, {"cursor": "nonsense"})
        check_refusal(ledger, event, answer, "invalid_cursor", event.name)
    if "malformed_body" in event.codes:
        # What python-socketio would never send: a name twice. Without an acknowledgement, so it is told by `problem`.
        name = next(iter(valid))
        await at_ada.client.eio.send(f'2["{event.name}",{{"{name}":"a","{name}":"b"}}]')
        problem = await at_ada.event("problem", lambda payload: payload["event"] == event.name)
        assert problem["error"]["code"] == "malformed_body", problem
        assert not JUDGE.event(["problem", problem]), problem
        ledger.codes.add((event.key, "malformed_body"))
    await close(at_ada, at_cyd)


async def test_an_unknown_event(state):
    (connection,) = await connect(state.ada)
    for name in ("surprise", "new_message", "", "SEND_MESSAGE", "a" * 300):
        problem = await connection.refuse(name, {})
        assert not JUDGE.refusal(problem), problem
        assert problem["code"] == "not_found"
    await close(connection)


def test_unknown_paths_and_methods(url, state):
    headers = {"Authorization": f"Bearer {state.ada.token}"}
    paths: dict[str, set[str]] = {}
    for operation in OPERATIONS.values():
        path = operation.path
        for name, value in state.parameters(operation).items():
            path = path.replace(f"{{{name}}}", value)
        paths.setdefault(path, set()).add(operation.method)
    with httpx.Client(base_url=f"{url}/api", headers=headers) as http:
        for path, methods in paths.items():
            allowed = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
            for method in {"GET", "PUT", "POST", "DELETE", "PATCH"} - methods:
                answer = http.request(method, path)
                check_routing(answer, "method_not_allowed", f"{method} {path}")
                assert {word.strip() for word in answer.headers["allow"].split(",")} == allowed, path
            answer = http.options(path)
            assert answer.status_code in (200, 204), path
            assert {word.strip() for word in answer.headers["allow"].split(",")} == allowed, path
            if "GET" in methods:
                got, head = http.get(path), http.head(path)
                assert head.status_code == got.status_code and not head.content, path
                assert head.headers.get("content-type") == got.headers.get("content-type"), path
        for path in ("", "/", "/nothing", "/auth/register/more", "/../etc/passwd"):
            check_routing(http.get(path), "not_found", path)


def check_routing(answer: httpx.Response, code: str, what: str):
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json", what
    assert answer.json()["code"] == code, f"{what}: {answer.text}"
    assert answer.status_code == answer.json()["status"]
    assert not JUDGE.refusal(answer.json()), f"{what}: {JUDGE.refusal(answer.json())}"
