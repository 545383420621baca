"""What answers under /socket.io/ have in common with all others of the server."""

import gzip
import json

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


def test_blanks_behind_a_value_are_none_of_it(url):
    """RFC 9110 §5.5: of what a handshake, its WebSocket and a POST say of themselves."""
    blank = " \t "
    opened = exchange(url, request("GET", POLLING, Origin="https://a.example" + blank, X_Request_Id="mine-3" + blank))
    assert opened.status == 200 and opened.headers["x-request-id"] == "mine-3"
    sid = json.loads(opened.body[1:])["sid"]
    with RawConnection(url) as connection:
        head = request(
            "POST", f"{POLLING}&sid={sid}", Content_Type="text/plain" + blank, Content_Length="2  ",
            Expect="100-continue" + blank)
        connection.send(head)
        assert connection.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(b"40")
        answer = connection.answer("POST")
        assert (answer.status, answer.body) == (200, b"ok")
    upgrade = {
        "Connection": "Upgrade" + blank, "Upgrade": "websocket" + blank, "Sec_WebSocket_Version": "13" + blank,
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==" + blank, "Sec_WebSocket_Protocol": "chat" + blank}
    answer = exchange(url, request("GET", "/socket.io/?EIO=4&transport=websocket", **upgrade))
    assert answer.status == 101 and answer.headers["sec-websocket-protocol"] == "chat"
    binary = request(
        "POST", f"{POLLING}&sid={sid}", Content_Type="application/octet-stream" + blank, Content_Length="0")
    assert exchange(url, binary, "POST").status == 400


def test_a_coded_body_is_refused_and_costs_no_session(url):
    opened = exchange(url, request("GET", POLLING))
    sid = json.loads(opened.body[1:])["sid"]
    coded = gzip.compress(b"40")
    refused = exchange(
        url, request("POST", f"{POLLING}&sid={sid}", Content_Encoding="gzip", Content_Length=str(len(coded))) + coded,
        "POST")
    assert refused.status == 415 and refused.headers["accept-encoding"] == "identity"
    plain = request("POST", f"{POLLING}&sid={sid}", Content_Encoding="identity", Content_Length="2") + b"40"
    assert exchange(url, plain, "POST").status == 200
