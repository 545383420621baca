"""Logins under a flood, passwords from two keyboards, refresh tokens that come back, names that look like nothing."""

import asyncio
import time

import httpx
import pytest

from api import PASSWORD, Person, people


async def flood(url: str, number: int, over: asyncio.Event, answers: list[httpx.Response]):
    """One connection that tries invented names, each as soon as the one before is answered."""
    async with httpx.AsyncClient(base_url=f"{url}/api", timeout=60) as client:
        count = 0
        while not over.is_set():
            count += 1
            answers.append(await client.post(
                "/auth/login", json={"identifier": f"nobody{number}.{count}", "password": "whatever it is"}))
            # As its Retry-After says, and so that this process itself is not what is busy.
            if answers[-1].status_code == 429:
                await asyncio.sleep(1)


async def test_a_flood_of_unknown_names_shuts_nobody_out(url):
    """150 connections left a user 1 of 58 logins."""
    (ada,) = people(url, "ada")
    over, answers = asyncio.Event(), []
    floods = [asyncio.create_task(flood(url, number, over, answers)) for number in range(150)]
    while not any(answer.status_code == 429 for answer in answers):
        await asyncio.sleep(0.05)
    done = []
    begun = time.monotonic()
    async with httpx.AsyncClient(base_url=f"{url}/api", timeout=60) as client:
        for _ in range(20):
            done.append(await client.post("/auth/login", json={"identifier": ada.username, "password": PASSWORD}))
    took = time.monotonic() - begun
    over.set()
    await asyncio.gather(*floods)
    assert [answer.status_code for answer in done] == [200] * 20, f"in {took:.1f} s"
    assert {answer.status_code for answer in answers} == {401, 429}
    assert all(1 <= int(answer.headers["retry-after"]) <= 10 for answer in answers if answer.status_code == 429)


def registered(url: str, person: Person, password: str) -> Person:
    """Another account, with that password."""
    name = f"{person.username}.b"
    person.call("POST", "/auth/register", expect=201, anonymous=True, json={
        "email": f"{name}@example.org", "username": name, "password": password})
    return name


@pytest.mark.parametrize("first, second", [
    ("schl\u00fcssel und bund", "schlu\u0308ssel und bund"), ("schlu\u0308ssel und bund", "schl\u00fcssel und bund"),
    ("a plain space", "a plain\u00a0space")])
def test_a_password_works_from_every_keyboard(url, first, second):
    (ada,) = people(url, "ada")
    name = registered(url, ada, first)
    for password in (first, second):
        ada.call("POST", "/auth/login", expect=200, json={"identifier": name, "password": password})
    ada.call("POST", "/auth/login", expect=401, json={"identifier": name, "password": first + "!"})


def test_a_refresh_token_is_late_before_it_is_stolen(url):
    (ada,) = people(url, "ada")

    def refresh(token: str):
        return ada.ask("POST", "/auth/refresh", json={"refresh_token": token})

    first = ada.refresh_token
    second = refresh(first).json["refresh_token"]
    assert refresh(first).json["refresh_token"] == second
    third = refresh(second).json["refresh_token"]
    assert (refresh(first).status, refresh(first).code) == (409, "refresh_superseded")
    assert refresh(second).json["refresh_token"] == third
    fourth = refresh(third).json["refresh_token"]
    stolen = refresh(first)
    assert (stolen.status, stolen.code) == (401, "refresh_token_reused")
    assert refresh(fourth).code == "invalid_refresh_token"


@pytest.mark.parametrize("name", [" ", "\u3164", "\u200b", "\u200d", "\u2800", "\u202eadA", "ada ", "a\u2066da", "e\u0301"])
def test_a_name_that_looks_like_nothing_is_refused(url, name):
    ada, ben = people(url, "ada", "ben")
    chat = ada.group("tea", ben)["id"]
    for answer in (
        ada.ask("PUT", "/auth/profile", json={"display_name": name}),
        ada.ask("PUT", "/auth/profile", json={"status": name}),
        ada.ask("PUT", "/auth/profile", json={"bio": name}),
        ada.ask("PUT", f"/chats/{chat}", json={"name": name}),
        ada.ask("POST", "/chats", json={"type": "group", "name": name, "member_ids": [ben.id]}),
    ):
        assert (answer.status, answer.code) == (422, "validation_failed"), answer
        assert [each["keyword"] for each in answer.json["errors"]] in (["pattern"], ["format"])
