"""The jitter test in short; jitter.py plays the whole."""

import jitter


async def test_everyone_gets_everything(recovering):
    outcome = await jitter.play(recovering, clients=200, seconds=15)
    assert outcome.is_perfect, str(outcome)
    assert outcome.reconnects >= 400, "each client was cut at least twice"
