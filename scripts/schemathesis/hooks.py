"""Lets random requests name things there are: ids that the journey saw, three times out of four.

A random id is nobody's, and what is nobody's is not found. With ids of the shop the requests reach
the rules behind the door.
"""

import json
import os
import pathlib
import random
import re

import schemathesis
import somewhere  # noqa: F401

SEEN = json.loads(pathlib.Path(os.environ["JOURNEY"], "seen.json").read_text())
ID = re.compile(r"^([a-z]{3})_[0-9a-hjkmnp-tv-z]{13}$")
# What is named in an address by a word of the shop's own.
WORDS = {"product": "handle", "category": "slug"}
DICE = random.Random(22)


def known(value):
    """Another id of the same kind that is somebody's."""
    found = ID.match(value) if isinstance(value, str) else None
    seen = SEEN.get(found.group(1), []) if found else []
    return DICE.choice(seen) if seen and DICE.random() < 0.75 else value


def replaced(value):
    if isinstance(value, dict):
        return {name: replaced(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner) for inner in value]
    return known(value)


@schemathesis.hook
def map_path_parameters(ctx, path_parameters):
    if not path_parameters:
        return path_parameters
    found = {}
    for name, value in path_parameters.items():
        found[name] = known(value)
        words = SEEN.get(WORDS.get(name), [])
        if found[name] == value and not ID.match(str(value)) and words and DICE.random() < 0.75:
            found[name] = DICE.choice(words)
    return found


@schemathesis.hook
def map_query(ctx, query):
    return replaced(query) if query else query


@schemathesis.hook
def map_body(ctx, body):
    return replaced(body)
