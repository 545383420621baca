"""Everything that the server said in this run, read by the validators that are generated from the specs.

jsonschema looked at each answer already. Here the same bytes go through the generated decoders
(Tests/Conformance/Validator), which are part of the product, so that the two can't disagree unseen.
"""

import base64
import os
import subprocess
from pathlib import Path

import pytest

from specs import ROOT


def validator() -> Path:
    if "LETSCHAT_VALIDATOR" in os.environ:
        return Path(os.environ["LETSCHAT_VALIDATOR"])
    return ROOT / ".build/debug/ConformanceValidator"


def run(lines: list[str]) -> list[str]:
    program = validator()
    assert program.exists(), f"{program}: build it with `swift build --product ConformanceValidator`"
    done = subprocess.run(
        [program], input="".join(line + "\n" for line in lines), capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), f"{program} ended with {done.returncode}: {done.stderr}"
    return done.stdout.splitlines()


@pytest.mark.skipif(
    "LETSCHAT_URL" in os.environ and not validator().exists(), reason="no generated validators beside this suite")
def test_the_generated_validators_agree(ledger):
    assert ledger.said, "run after the other tests of the suite"
    *violations, last = run(ledger.said)
    assert not violations, "\n".join(violations[:50])
    assert last == f"{len(ledger.said)} checked"


@pytest.mark.skipif(
    "LETSCHAT_URL" in os.environ and not validator().exists(), reason="no generated validators beside this suite")
def test_the_generated_validators_find_something():
    """A validator that says yes to everything would agree, too."""
    def line(kind, name, status, text):
        return "\t".join([kind, name, str(status), base64.b64encode(text.encode()).decode()])

    found = run([
        line("operation", "getHealth", 200, '{"status":"ok","version":"1","uptime_seconds":1,"surprise":1}'),
        line("operation", "getHealth", 200, '{"status":"fine","version":"1","uptime_seconds":1}'),
        line("operation", "getHealth", 200, '{"status":"ok"'),
        line("event", "chat_deleted", 0, '{"chat_id":"x","rev":1}'),
        line("event", "no_such_event", 0, "{}"),
        line("acknowledgement", "mark_read", 0, '{"ok":true}'),
        line("problem", "getHealth", 503, '{"status":503}'),
    ])
    complained = {each.split("\t")[0] for each in found if "\t" in each}
    assert complained == {"1", "2", "3", "4", "5", "6", "7"}, found
