"""What answers under /socket.io/ have in common with all others of the server."""

import pytest

from raw import RawConnection, exchange, request

SECURITY = (
    "cache-control", "content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options")
POLLING = "/socket.io/?EIO=4&transport=polling"


@pytest.mark.parametrize("method, path, status", [
    ("GET", POLLING, 200), ("GET", POLLING + "&sid=nobody", 400), ("POST", POLLING, 400), ("GET", "/socket.io/", 400)])
def test_security_headers_and_request_id(url, method, path, status):
    other = exchange(url, request("GET", "/api/nothing")).headers
    answer = exchange(url, request(method, path, X_Request_Id="mine-1"), method)
    assert answer.status == status
    assert {name: answer.headers[name] for name in SECURITY} == {name: other[name] for name in SECURITY}
    assert answer.headers["x-request-id"] == "mine-1"
    made = {exchange(url, request(method, path, X_Request_Id="no good"), method).headers["x-request-id"] for _ in range(9)}
    assert len(made) == 9 and all(len(name) == len(other["x-request-id"]) for name in made)


def test_a_field_is_said_once(url):
    """`no-store` is both: of polling's own answers, and of all."""
    with RawConnection(url) as connection:
        connection.send(request("GET", POLLING, Connection="close"))
        answer = connection.socket.makefile("rb").read().decode().lower()
    names = [line.partition(":")[0] for line in answer.split("\r\n\r\n")[0].split("\r\n")]
    assert len(names) == len(set(names)), names


def test_a_websocket_has_a_request_id(url):
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = exchange(url, request("GET", "/socket.io/?EIO=4&transport=websocket", X_Request_Id="mine-2", **upgrade))
    assert answer.status == 101 and answer.headers["x-request-id"] == "mine-2"
    assert "content-security-policy" not in answer.headers
