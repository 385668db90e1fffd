"""tell.py - commands to a fake that runs, from a shell: COMMAND NAME=VALUE ...

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import sys
import urllib.error
import urllib.request


def value(text):
    """JSON if it can be read as such, else text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def lines(command, said):
    """What is printed: of tokens the tokens, of requests a line each."""
    if command == "mint":
        return said["tokens"]
    if command == "requests":
        return [f"{note['method']} {note['host']}{note['path']} {note['status']}" for note in said["requests"]]
    return [json.dumps(said, indent=2)] if said else []


def tell(words):
    """Sends one command and prints what is answered. Exit status."""
    control = os.environ.get("UPSTREAM_CONTROL")
    if not control:
        print("upstream: UPSTREAM_CONTROL is not set; '. FOLDER/env' sets it", file=sys.stderr)
        return 2
    order = dict(word.partition("=")[::2] for word in words[1:])
    data = json.dumps({name: value(text) for name, text in order.items()}).encode()
    request = urllib.request.Request(f"{control}/{words[0]}", data, {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            print(f"upstream: {json.load(error)['refused']}", file=sys.stderr)
        return 1
    except OSError as failure:
        print(f"upstream: {control}: {failure}", file=sys.stderr)
        return 1
    for line in lines(words[0], said):
        print(line)
    return 0
