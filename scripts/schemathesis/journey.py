"""Does everything the API can do once, as it is meant to be done: every operation reaches a 2xx.

Random requests seldom pay for an order. This walks the whole shop by its own document, from what a
guest sees to a refund, and holds every answer against the document as `st run` does.

    journey.py ADDRESS FOLDER

In FOLDER it leaves `reached.txt`, the ids it saw in `seen.json`, and for each of guest, shopper and
staff the headers to come with.
"""

import http.server
import json
import pathlib
import re
import secrets
import struct
import sys
import threading
import time
import uuid
import zlib
from datetime import datetime, timedelta, timezone
from urllib.parse import urlparse

import requests
import schemathesis

ADDRESS, FOLDER = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2])
SCHEMA = schemathesis.openapi.from_url(f"{ADDRESS}/api/openapi.json")
OPERATIONS = {
    operation.ok().definition.raw["operationId"]: operation.ok()
    for operation in SCHEMA.get_all_operations()
}
ELSEWHERE = {
    "name": "安然", "phone": "13800000000", "country": "CN", "region": "浙江省",
    "city": "杭州市", "district": "西湖区", "line1": "龙井路 1 号", "postcode": "310000",
}
CSV = (
    "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status,Image Src\n"
    "far-cup,Far cup,TRUE,Title,Default Title,FAR-1,shopify,9,deny,39.50,active,"
    "http://127.0.0.1/far.png\n"
)


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


# A picture of one pixel.
PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\x20\x80\x60"))
    + chunk(b"IEND", b"")
)

ID = re.compile(r"^([a-z]{3})_[0-9a-hjkmnp-tv-z]{13}$")
seen = {}
reached = set()
wrong = []


def notice_ids(value, name=""):
    """Keeps what things are called, for the random requests that follow."""
    if isinstance(value, dict):
        for name, inner in value.items():
            notice_ids(inner, name)
    elif isinstance(value, list):
        for inner in value:
            notice_ids(inner, name)
    elif isinstance(value, str):
        found = ID.match(value)
        # Nobody shall revoke the token they came with.
        kind = found.group(1) if found else name if name in ("handle", "slug") else "tok"
        if kind != "tok":
            seen.setdefault(kind, {})[value] = True


class Caller:
    """Somebody who asks, with the headers that say who they are."""

    def __init__(self, headers):
        self.headers = headers

    def __call__(self, operation, path=None, query=None, body=None, media=None, **headers):
        """Asks for an operation by its id, and holds the answer against the document."""
        described = OPERATIONS[operation]
        params = described.definition.raw.get("parameters", [])
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        if any(param["name"] == "Idempotency-Key" for param in params):
            more.setdefault("Idempotency-Key", str(uuid.uuid4()))
        bodied = described.definition.raw.get("requestBody") is not None
        given = {} if body is None and bodied else body
        case = described.Case(
            path_parameters=path or {},
            query=query or {},
            headers={**self.headers, **more},
            **({"body": given, "media_type": media or "application/json"} if bodied else {}),
        )
        answer = case.call(base_url=ADDRESS, timeout=120)
        try:
            case.validate_response(answer)
        except BaseExceptionGroup as problem:
            wrong.extend(f"{operation}: {one.title}: {one}" for one in problem.exceptions)
        if 200 <= answer.status_code < 300:
            reached.add(operation)
        else:
            wrong.append(f"{operation}: {answer.status_code} {answer.text[:300]}")
        found = answer.json() if "json" in answer.headers.get("content-type", [""])[0] else None
        notice_ids(found)
        return found


def browser(door, form):
    """The headers of a browser that came in by a door of the demo."""
    session = requests.Session()
    here = {"Sec-Fetch-Site": "same-origin", "Origin": ADDRESS}
    session.post(ADDRESS + door, data=form, headers=here, allow_redirects=False)
    csrf = session.get(f"{ADDRESS}/api/v1/session").json()["csrf"]
    cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    return {"Cookie": cookie, "X-CSRF-Token": csrf}


def token(headers, *scopes):
    """The headers of a program with a new token of somebody's."""
    made = Caller(headers)("make_token", body={"name": "journey", "scopes": list(scopes)})
    return {"Authorization": f"Bearer {made['token']}"}


def pay(view, act="pay"):
    """Pays at the sandbox, as its page does."""
    path = urlparse(view["pay_url"]).path
    here = {"Sec-Fetch-Site": "same-origin", "Origin": ADDRESS}
    requests.post(ADDRESS + path, data={"act": act}, headers=here, allow_redirects=False)


def until(what, say):
    """Waits for something that a job does; the shop's own workers do it within moments."""
    for _ in range(300):
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"never came: {say}")


class Ear(http.server.BaseHTTPRequestHandler):
    """An endpoint that listens at `/`, and is gone for good anywhere else."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200 if self.path == "/" else 410)
        self.end_headers()

    def log_message(self, *_):
        pass


def moment(**ahead):
    return (datetime.now(timezone.utc) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


def guest_looks_and_signs_in(guest, zoe):
    products = guest("products", query={"q": "", "limit": 100})["data"]
    guest("product", {"product": products[0]["product"]["handle"]})
    slug = guest("list_categories")["data"][0]["slug"]
    guest("category", {"category": slug})
    for buy in guest("group_buys")["data"][:1]:
        guest("show_group_buy", {"group_buy": buy["id"]})
    for team in guest("teams")["data"][:1]:
        guest("show_team", {"team": team["id"]})
    guest("who")
    contact = f"journey-{secrets.token_hex(4)}@example.com"
    guest("ask_code", body={"contact": contact})
    message = next(m for m in zoe("messages")["data"] if m["recipient"] == contact)
    guest("sign_in", body={"contact": contact, "code": message["code"]})
    return products


def shopper_buys(ann, variant):
    ann("show_cart")
    ann("add_line", body={"variant": variant, "quantity": 1})
    ann("set_line", {"variant": variant}, body={"quantity": 2})
    ann("quote", body={"what": {"kind": "cart"}})
    ann("drop_line", {"variant": variant})
    orders = []
    for _ in range(3):
        what = {"kind": "now", "variant": variant, "quantity": 1}
        placed = ann("place", body={"what": what, "address": ELSEWHERE})
        orders.append(placed["order"])
        pay(ann("pay", {"order": placed["order"]}))
    for order in orders:
        paid = lambda: ann("show_order", {"order": order})["status"] == "to_ship"
        until(paid, "the payment")
    ann("orders", query={"shelf": "all"})
    return orders


def shopper_is_somebody(ann):
    person = ann("me")
    ann("rename", body={"name": person["name"]})
    made = ann("make_token", body={"name": "for a moment", "scopes": ["read"]})
    ann("tokens")
    ann("revoke_token", {"token": made["view"]["id"]})
    until(lambda: ann("notices")["data"], "a notice")
    ann("read_notices")
    ann("make_link", body={"object": "home"})
    ann("links")
    ann("my_teams")


def staff_sell(zoe, product, variant):
    zoe("overview")
    zoe("staff_list_products", query={"low": "false"})
    zoe("staff_list_stock")
    zoe("adjust", body={"variant": variant, "change": 5, "reason": "counted again"})
    zoe("moves", query={"variant": variant})
    new = {
        "title": f"Journey cup {secrets.token_hex(3)}",
        "status": "active",
        "published": True,
        "variants": [{"price": {"minor": 3950, "currency": "CNY"}}],
    }
    made = zoe("staff_create_product", body=new)
    at = {"product": made["id"]}
    seen = zoe("staff_show_product", at)
    tag = {"If_Match": f'"{seen["version"]}"'}
    edited = zoe("staff_edit_product", at, body={**new, "vendor": "us"}, **tag)
    zoe("translate", at, body={"locale": "en", "title": "A cup of the journey"})
    alt = {"alt": "one pixel"}
    picture = zoe("add_picture", at, query=alt, body=PIXEL, media="application/octet-stream")
    zoe("remove_picture", {"picture": picture["id"]})
    seen = zoe("staff_show_product", at)
    zoe("staff_archive_product", at, If_Match=f'"{seen["version"]}"')
    category = zoe("create_category", body={"name": f"Journeys {secrets.token_hex(3)}"})
    zoe("edit_category", {"category": category["id"]}, body={"name": "Journeys"})
    zoe("remove_category", {"category": category["id"]})
    zoe("import", query={"name": "far.csv"}, body=CSV, media="text/csv")
    zoe("imports")
    zoe("export")
    far = lambda: zoe("staff_list_products", query={"q": "far-cup"})["data"]
    far_id = until(far, "the imported product")[0]["id"]

    def unfetched():
        pictures = zoe("staff_show_product", {"product": far_id})["pictures"]
        return [one["picture"] for one in pictures if one["picture"]["state"] == "failed"]

    failed = until(unfetched, "the picture that nobody may fetch")
    zoe("fetch_again", {"picture": failed[0]["id"]})


def staff_gather_a_team(zoe, ann, product, variant, price):
    templates = zoe("templates")["data"]
    settings = next(one for one in templates if one["code"] == "pair")["settings"]
    new = {
        "title": "Journey together",
        "product": product,
        "starts_at": moment(minutes=-5),
        "ends_at": moment(days=2),
        "settings": settings,
        "variants": [{"variant": variant, "price": price - 100}],
        "launch": True,
    }
    buy = zoe("staff_create_group_buy", body=new)["id"]
    at = {"group_buy": buy}
    zoe("staff_list_group_buys")
    zoe("staff_show_group_buy", at)
    what = {"kind": "open_team", "group_buy": buy, "variant": variant, "quantity": 1}
    order = ann("place", body={"what": what, "address": ELSEWHERE})["order"]
    pay(ann("pay", {"order": order}))
    team = until(lambda: ann("show_order", {"order": order}).get("team"), "the team")
    team = team["id"] if isinstance(team, dict) else team
    is_open = lambda: ann("show_team", {"team": team})["status"] == "open"
    until(is_open, "the open team")
    bob = Caller(token(browser("/sign-in/as/bob", {}), "read", "shop"))
    bob("join", {"team": team}, body={"variant": variant, "quantity": 1, "address": ELSEWHERE})
    zoe("staff_list_teams", at)
    ann("leave", {"team": team})
    zoe("step", at, body={"step": "end"})


def staff_handle(zoe, ann, orders):
    first, second, third = orders
    zoe("staff_list_orders")
    zoe("staff_show_order", {"order": first})
    zoe("ship", {"order": first}, body={"carrier": "SF", "tracking": "SF1234567890"})
    ann("confirm", {"order": first})
    people_say(zoe, ann, first)
    zoe("refund", {"order": second}, body={"reason": "broken on the way"})
    ann("cancel", {"order": third})


def goods_go_back(zoe, ann, variant):
    zoe("set_return_address", body={"address": "Pinwheel, Lane 1"})
    zoe("return_address")
    parcel = {"carrier": "SF", "tracking": "SF7654321"}
    what = {"kind": "now", "variant": variant, "quantity": 8}
    order = ann("place", body={"what": what, "address": ELSEWHERE})["order"]
    pay(ann("pay", {"order": order}))
    until(lambda: ann("show_order", {"order": order})["status"] == "to_ship", "the payment")
    zoe("ship", {"order": order}, body=parcel)
    ann("confirm", {"order": order})
    line = ann("offer", {"order": order})["lines"][0]["line"]

    def ask(kind):
        lines = [{"line": line, "quantity": 1}]
        new = {"order": order, "kind": kind, "reason": "quality", "text": "see", "lines": lines}
        ann("preview", body=new)
        return {"return": ann("ask_return", body=new)["id"]}

    def sent(kind):
        one = ask(kind)
        zoe("approve_return", one, body={})
        ann("send_return_back", one, body=parcel)
        return one

    kept = ask("refund_only")
    ann("add_return_picture", kept, body=PIXEL, media="application/octet-stream")
    ann("show_return", kept)
    zoe("staff_list_returns")
    zoe("staff_show_return", kept)
    zoe("refuse_return", kept, body={"reason": "no picture of it"})
    ann("escalate_return", kept, body={"text": "there is one now"})
    zoe("decide_return", kept, body={"grant": True, "reason": "there is"})
    ann("withdraw_return", ask("return_and_refund"), body={})
    fine = [{"line": line, "sellable": 1, "damaged": 0}]
    zoe("receive_return", sent("return_and_refund"), body={"lines": fine})
    swapped = sent("exchange")
    zoe("receive_return", swapped, body={"lines": fine})
    zoe("replace_return", swapped, body=parcel)
    zoe("pay_return_instead", sent("exchange"), body={"reason": "the last one broke"})
    zoe("dispute_return", sent("return_and_refund"), body={"reason": "a brick"})
    ann("order_returns", {"order": order})
    ann("returns")
def people_say(zoe, ann, order):
    line = ann("order_reviews", {"order": order})["data"][0]["line"]
    body = {"line": line, "stars": 4, "text": "A cup as it should be."}
    at = {"review": ann("write_review", body=body)["review"]["id"]}
    ann("add_review_picture", at, body=PIXEL, media="application/octet-stream")
    ann("follow_up_review", at, body={"text": "Still so after a week."})
    ann("my_reviews")
    seen = zoe("show_review", at)
    zoe("vote_review", at, body={"helpful": True})
    zoe("product_reviews", {"product": seen["product"]}, query={"sort": "helpful"})
    zoe("staff_list_reviews", query={"unanswered": "true"})
    zoe("staff_show_review", at)
    zoe("staff_answer_review", at, body={"text": "Thank you."})
    hide = {"ground": "private", "reason": "a phone number in the picture"}
    zoe("staff_hide_review", at, body=hide)
    zoe("staff_unhide_review", at, body={"reason": "it was the shop's own"})


def staff_tell_others(zoe):
    ear = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=ear.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{ear.server_address[1]}"
    made = zoe("staff_create_webhook", body={"url": f"{here}/", "description": "journey"})
    gone = zoe("staff_create_webhook", body={"url": f"{here}/gone"})
    at = {"webhook": made["webhook"]["id"]}
    zoe("staff_list_webhooks")
    zoe("staff_show_webhook", at)
    zoe("staff_change_webhook", at, body={"description": "still the journey"})
    zoe("staff_rotate_webhook_secret", at)
    zoe("staff_test_webhook", at, body={"dry_run": False})
    zoe("staff_replay_webhook_since", at, body={"since": moment(hours=-1)})
    told = lambda: zoe("staff_list_webhook_deliveries", at)["data"]
    event = {**at, "event": until(told, "a delivery")[0]["event"]}
    zoe("staff_show_webhook_delivery", event)
    zoe("staff_replay_webhook_delivery", event)
    # The endpoint that is gone makes a case for a person.
    there = {"webhook": gone["webhook"]["id"]}
    zoe("staff_replay_webhook_since", there, body={"since": moment(hours=-1)})
    case = until(lambda: zoe("cases")["data"], "a case")[0]
    zoe("close_case", {"case": case["id"]}, body={"reason": "it is gone for good"})
    zoe("staff_remove_webhook", there)
    ear.shutdown()


def staff_keep_house(zoe):
    zoe("staff_list_people")
    new = {"contact": f"new-{secrets.token_hex(4)}@example.com", "role": "manager",
           "password": secrets.token_urlsafe(12)}
    added = zoe("staff_add_person", body=new)
    zoe("staff_remove_person", {"person": added["id"]})
    for books in ["trial_balance", "accounts", "journals", "acts", "messages"]:
        zoe(books)
    zoe("run_audit")
    zoe("last_audit")
    job = zoe("list_jobs", query={"state": "ready"})["data"][-1]
    zoe("retry_job", {"job": job["id"]})


def main():
    ann_here = browser("/sign-in/as/ann", {})
    zoe_here = browser("/console/sign-in/demo", {"name": "zoe"})
    zoe_token = token(zoe_here, "read", "shop", "manage")
    ann, zoe, guest = Caller(ann_here), Caller(zoe_token), Caller({})

    products = guest_looks_and_signs_in(guest, zoe)
    found = zoe("staff_list_stock", query={"limit": 50})["data"]
    row = next(row for row in found if row["tracked"] and row["stock"]["available"] > 20)
    product, variant = row["product"], row["variant"]
    detail = zoe("staff_show_product", {"product": product})
    price = next(v for v in detail["variants"] if v["id"] == variant)["price"]["minor"]

    orders = shopper_buys(ann, variant)
    staff_handle(zoe, ann, orders)
    goods_go_back(zoe, ann, variant)
    staff_gather_a_team(zoe, ann, product, variant, price)
    shopper_is_somebody(ann)
    staff_sell(zoe, product, variant)
    staff_tell_others(zoe)
    staff_keep_house(zoe)
    Caller(browser("/sign-in/as/eve", {}))("sign_out")

    ann_token = token(ann_here, "read", "shop")
    callers = {"guest": {}, "shopper": ann_token, "staff": zoe_token}
    for name, headers in callers.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(headers))
    (FOLDER / "seen.json").write_text(json.dumps({kind: list(ids) for kind, ids in seen.items()}))
    (FOLDER / "reached.txt").write_text("\n".join(sorted(reached)) + "\n")
    missed = sorted(set(OPERATIONS) - reached)
    print(f"journey: {len(reached)} of {len(OPERATIONS)} operations reached a 2xx")
    for line in [f"never reached: {one}" for one in missed] + wrong:
        print(f"journey: {line}")
    sys.exit(1 if missed or wrong else 0)


try:
    main()
except (Exception, SystemExit):
    print(*wrong, sep="\n")
    raise
