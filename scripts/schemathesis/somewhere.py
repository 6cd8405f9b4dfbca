"""Every request comes from another address.

Whoever comes without a token shares the quota of an address, and checks send requests of their own that
no hook sees: so it is said where all requests leave.
"""

import random

import requests

DICE = random.Random(23)


def from_somewhere(send):
    def sent(self, request, **more):
        there = f"10.{DICE.randrange(256)}.{DICE.randrange(256)}.{DICE.randrange(1, 255)}"
        request.headers["X-Forwarded-For"] = there
        return send(self, request, **more)

    return sent


requests.Session.send = from_somewhere(requests.Session.send)
