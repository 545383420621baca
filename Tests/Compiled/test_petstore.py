"""The example of a package of its own: built as its author would, and called."""

import subprocess

import pytest

import programs
import served

PACKAGE = programs.ROOT / "Examples/Petstore"


@pytest.mark.long
@pytest.mark.lasts(900)
def test_the_pet_store_serves_its_document():
    build = subprocess.run(["swift", "build", "--package-path", PACKAGE], capture_output=True, text=True, timeout=900)
    assert build.returncode == 0 and "warning:" not in build.stderr, build.stdout + build.stderr
    with served.running([PACKAGE / ".build/debug/Petstore", "0"]) as client:
        added = client.post("/pets", json={"name": "Rex", "kind": "dog"})
        assert (added.status_code, added.json()) == (201, {"id": 1, "name": "Rex", "kind": "dog"})
        refused = client.post("/pets", json={"name": "", "kind": "cow"})
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/name", "/kind"]
        assert client.get("/pets", params={"limit": 1}).json() == [added.json()]
        assert client.get("/pets", params={"limit": 0}).status_code == 422
        assert client.get("/pets/1").json() == added.json()
        assert client.get("/pets/2").status_code == 404
        assert client.get("/dogs").json()["code"] == "not_found"
        assert client.delete("/pets").headers["Allow"] == "GET, POST, HEAD, OPTIONS"
