"""Plays the stories of both specs: every example that has a step, over both doors, with all that it brings about."""

import os
import secrets

import pytest

from stories import Story, stories

STORIES = stories()


def names_beforehand(steps) -> dict[str, str]:
    """On a server that is not fresh the persons of the stories may exist: they get other usernames there."""
    if not os.environ.get("LETSCHAT_URL"):
        return {}
    salt = secrets.token_hex(3)
    found = {}
    for step in steps:
        body = step.example.value if step.example else None
        if isinstance(body, dict) and "username" in body and step.owner.id == "register":
            found[body["username"]] = f"{body['username']}.{salt}"[:32]
            local, _, domain = body["email"].partition("@")
            found[body["email"]] = f"{local}.{salt}@{domain}"
    # A search for how a name begins is then one for the whole new name: older ones begin in the same way.
    for step in steps:
        for text in step.scenario.get("parameters", {}).values():
            whole = [new for old, new in found.items() if isinstance(text, str) and old.startswith(text)]
            found |= {text: whole[0]} if whole else {}
    return found


@pytest.mark.parametrize("name", sorted(STORIES))
async def test_story(name, url, ledger):
    await Story(url, ledger, names_beforehand(STORIES[name])).play(STORIES[name])
