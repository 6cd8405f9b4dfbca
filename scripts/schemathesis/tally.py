"""Says what the runs reached, and fails when something broke or was never reached.

    tally.py ADDRESS FOLDER
"""

import json
import pathlib
import sys
from collections import Counter, defaultdict

import requests

ADDRESS, FOLDER = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2])
WHOLE = requests.get(f"{ADDRESS}/api/openapi.json").json()
IDS = {
    f"{method.upper()} {path}": operation["operationId"]
    for path, methods in WHOLE["paths"].items()
    for method, operation in methods.items()
}


def answers(report):
    """Every answered request of a report, with the operation it was meant for."""
    for line in report.open():
        event = json.loads(line).get("ScenarioFinished")
        if not event:
            continue
        recorder = event.get("recorder", event)
        for interaction in recorder.get("interactions", {}).values():
            answer = interaction.get("response")
            if answer:
                yield recorder["label"], answer["status_code"]


reached = defaultdict(set)
for name in (FOLDER / "reached.txt").read_text().split():
    reached[name].add("journey")
faults = []
for role in ["guest", "shopper", "staff"]:
    by_class = Counter()
    for report in FOLDER.glob(f"{role}/*.ndjson"):
        for label, status in answers(report):
            by_class[f"{status // 100}xx"] += 1
            # Steps of a stateful run are labelled together; they count as requests.
            if 200 <= status < 300 and label in IDS:
                reached[IDS[label]].add(role)
            if status >= 500:
                faults.append(f"{role}: {label} answered {status}")
    if not by_class:
        faults.append(f"{role}: nothing was asked")
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(by_class.items()))
    print(f"{role}: {sum(by_class.values())} requests ({told})")
    headers = json.loads((FOLDER / f"{role}.json").read_text())
    who = requests.get(f"{ADDRESS}/api/v1/session", headers=headers).json().get("person")
    # Whoever lost the session on the way was refused everything after, and proved nothing.
    if (role == "guest") != (who is None):
        faults.append(f"{role}: is no longer who they were")
for label, name in sorted(IDS.items()):
    print(f"  {label}: {', '.join(sorted(reached[name])) or 'NEVER'}")
    if not reached[name]:
        faults.append(f"{label} never reached a 2xx")
print(f"{sum(bool(reached[name]) for name in IDS.values())} of {len(IDS)} operations reached a 2xx")
print("\n".join(faults))
sys.exit(1 if faults else 0)
