"""What the suites share: coroutine tests with a deadline, and tests that are long."""

import asyncio
import inspect
import os

import pytest

# A test that hangs is a failure, not a run without an end. Seconds; `@pytest.mark.lasts(seconds)` adds what a test takes
# on purpose.
DEADLINE = 150


def pytest_collection_modifyitems(items):
    """What is marked `long` is played by scripts/test-long."""
    if "LETSCHAT_THOROUGH" not in os.environ:
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="long: scripts/test-long"))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    lasts = pyfuncitem.get_closest_marker("lasts")
    deadline = DEADLINE + (lasts.args[0] if lasts else 0)
    asyncio.run(asyncio.wait_for(pyfuncitem.obj(**arguments), deadline))
    return True
