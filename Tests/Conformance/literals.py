"""What an example's literals stand for.

Ids, times, tokens and cursors in an example are not what the server really gives: each literal is bound to the value
that came in its place first, and from then on it stands for that value, in answers and in later requests. All else of
an example must be there exactly as it is written.
"""

import re

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# Properties whose values the server makes, whatever they look like.
SERVER_MADE = {"access_token", "refresh_token", "next_cursor", "history"}
# Properties that say nothing which an example could foretell; the schema still holds, and X-Request-Id is compared.
UNFORESEEABLE = {"request_id", "version", "uptime_seconds"}


class Literals:
    def __init__(self, beforehand: dict[str, str] | None = None):
        self._values: dict[str, str] = dict(beforehand or {})

    def substitute(self, value):
        """What to send for an example. An id that is not bound yet is the client's own, or names nothing: it stays."""
        if isinstance(value, dict):
            return {key: self.substitute(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.substitute(each) for each in value]
        if isinstance(value, str):
            if UUID.fullmatch(value):
                return self._values.setdefault(value, value)
            return self._values.get(value, value)
        return value

    def differences(self, example, actual, pointer: str = "", name: str = "") -> list[str]:
        """Binds what is new; answers in what the actual value differs. Binds nothing if it differs."""
        bound: dict[str, str] = {}
        found = list(self._compare(example, actual, pointer, name, bound))
        if not found:
            self._values |= bound
        return found

    def _compare(self, example, actual, pointer, name, bound):
        if name in UNFORESEEABLE:
            return
        if isinstance(example, dict) and isinstance(actual, dict):
            for key in example.keys() - actual.keys():
                yield f"{pointer}/{key} is missing"
            for key in actual.keys() - example.keys():
                yield f"{pointer}/{key} is there: {actual[key]!r}"
            for key in example:
                if key in actual:
                    yield from self._compare(example[key], actual[key], f"{pointer}/{key}", key, bound)
        elif isinstance(example, list) and isinstance(actual, list):
            if len(example) != len(actual):
                yield f"{pointer} has {len(actual)} items, not {len(example)}"
            for number, (one, other) in enumerate(zip(example, actual)):
                yield from self._compare(one, other, f"{pointer}/{number}", name, bound)
        elif isinstance(example, str) and isinstance(actual, str):
            yield from self._compare_text(example, actual, pointer, name, bound)
        elif type(example) is not type(actual) or example != actual:
            yield f"{pointer} is {actual!r}, not {example!r}"

    def _compare_text(self, example, actual, pointer, name, bound):
        known = self._values.get(example, bound.get(example))
        is_made = name in SERVER_MADE or UUID.fullmatch(example) or TIME.fullmatch(example)
        if known is not None:
            if known != actual:
                yield f"{pointer} is {actual!r}, but {example!r} stands for {known!r}"
        elif is_made:
            # Two ids are never the same thing; two moments may well be.
            if UUID.fullmatch(example) and actual in (*self._values.values(), *bound.values()):
                yield f"{pointer} is {actual!r}, which stands for something else"
            bound[example] = actual
        elif example != actual:
            yield f"{pointer} is {actual!r}, not {example!r}"
