"""faults.py - what goes wrong on demand: for which requests, how often, and how.

SPDX-License-Identifier: Apache-2.0
"""

import fnmatch
import select
import socket

from message import Answer
from world import Refused

# What a fault may do; "answer", "type" and "limit" come with what they need.
KINDS = ("answer", "type", "limit", "hold", "hang", "close")
CLOSES = ("before", "headers", "body")


class Fault:
    """Matches host, method and path, with * and ?; strikes `times` times, or always."""

    def __init__(self, number, order):
        unknown = set(order) - {"kind", "host", "method", "path", "times", "status", "headers", "body", "type",
                                "seconds", "secondary", "at", "after"}
        if unknown or order.get("kind") not in KINDS:
            raise Refused(f"a fault has a kind, one of {', '.join(KINDS)}; not known: {sorted(unknown)}")
        if order["kind"] == "close" and order.get("at", "before") not in CLOSES:
            raise Refused(f"a connection is closed at one of {', '.join(CLOSES)}")
        self.number, self.order, self.kind = number, order, order["kind"]
        self.left, self.skip = order.get("times"), order.get("after", 0)
        self.struck = self.waiting = 0
        self.opened, self.opener = socket.socketpair()

    def matches(self, request):
        wanted = ((request.world, "host"), (request.method, "method"), (request.path, "path"))
        return all(fnmatch.fnmatchcase(value, self.order.get(name) or "*") for value, name in wanted)

    def strike(self):
        """Whether it strikes this time; counts."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.left == 0:
            return False
        self.left = self.left - 1 if self.left is not None else None
        self.struck += 1
        return True

    def answer(self):
        order = self.order
        answer = Answer(order.get("status", 500), kind=order.get("type", "application/json; charset=utf-8"))
        body = order.get("body", "")
        answer.body = body.encode() if isinstance(body, str) else Answer(body=body).body
        answer.headers.update({name: str(value) for name, value in (order.get("headers") or {}).items()})
        return answer

    def tell(self):
        return {"number": self.number, "struck": self.struck, "waiting": self.waiting, "left": self.left, **self.order}


class Faults:
    """All that are set, the newest first."""

    def __init__(self, state):
        self.state, self.changed = state, state.changed
        self.all, self.numbers = {}, 0

    def add(self, order):
        with self.changed:
            self.numbers += 1
            self.all[self.numbers] = Fault(self.numbers, order)
            return self.all[self.numbers]

    def find(self, request):
        """The fault that strikes a request, or None."""
        with self.changed:
            for fault in reversed(list(self.all.values())):
                if fault.matches(request) and fault.strike():
                    self.changed.notify_all()
                    return fault
        return None

    def get(self, number):
        if number not in self.all:
            raise Refused(f"there is no fault {number!r}")
        return self.all[number]

    def stand(self, fault, connection):
        """Waits until a fault is released. False: the client went away."""
        with self.changed:
            fault.waiting += 1
            self.changed.notify_all()
        try:
            ready = select.select([connection, fault.opened], [], [])[0]
        finally:
            with self.changed:
                fault.waiting -= 1
                self.changed.notify_all()
        return fault.opened in ready

    def release(self, number=None):
        """Lets go who waits, and takes the fault away; all of them without a number."""
        with self.changed:
            numbers = list(self.all) if number is None else [self.get(number).number]
            for each in numbers:
                self.all.pop(each).opener.close()
            self.changed.notify_all()
            return numbers

    def wait(self, number, waiting=None, struck=None):
        """Until so many requests stand in a fault, or were struck by it."""
        with self.changed:
            fault = self.get(number)
            self.state.wait(lambda: fault.waiting >= (waiting or 0) and fault.struck >= (struck or 0))
            return fault.tell()
