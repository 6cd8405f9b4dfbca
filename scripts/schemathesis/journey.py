"""Does everything the API can do once, as it is meant to be done: every operation reaches a 2xx.

Random requests seldom pay for an order. This walks the whole shop by its own document, from what a
guest sees to a refund, and holds every answer against the document as `st run` does.

    journey.py ADDRESS FOLDER

In FOLDER it leaves `reached.txt`, the ids it saw in `seen.json`, and for each of guest, shopper and
staff the headers to come with.
"""

import base64
import hashlib
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
import somewhere  # noqa: F401
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

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
        if "json" not in answer.headers.get("content-type", [""])[0]:
            return answer.content.decode(errors="replace")
        found = answer.json()
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
    province = guest("list_provinces")["data"][0]["code"]
    guest("show_province", {"province": province})
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


def somebody_new(guest, zoe, contact, by="/"):
    """Signs in who was never here, by a page they opened before."""
    guest("ask_code", body={"contact": contact})
    sent = zoe("messages")["data"]
    code = next(m["code"] for m in sent if m["recipient"] == contact and m["code"])
    session = requests.Session()
    # A link counts for people alone, and previews of it do not.
    session.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    session.get(ADDRESS + by)
    own = f"{ADDRESS}/api/v1/session"
    # Who came by a link has a session already, and forms of it a key.
    key = {"X-CSRF-Token": session.get(own).json()["csrf"] or ""}
    session.post(own, json={"contact": contact, "code": code}, headers=key).raise_for_status()
    csrf = session.get(own).json()["csrf"]
    cookie = "; ".join(f"{one.name}={one.value}" for one in session.cookies)
    return Caller({"Cookie": cookie, "X-CSRF-Token": csrf})


def shopper_has_a_say(ann, guest, zoe, products):
    """What is one's own: likes, consents, history, a copy of the data, and leaving."""
    handle = {"product": products[0]["product"]["handle"]}
    ann("like", handle, body={"liked": True})
    ann("favourites")
    ann("set_consent", body={"purpose": "browsing_history", "given": True, "version": 1})
    ann("my_consents")
    ann("consent_history")
    ann("browsing_history")
    ann("pause_browsing", body={"paused": True})
    ann("forget_browsing")
    contact = f"leaver-{secrets.token_hex(4)}@example.com"

    def code(ask, to):
        ask()
        sent = zoe("messages")["data"]
        return next(m["code"] for m in sent if m["recipient"] == to and m["code"])

    leaver = somebody_new(guest, zoe, contact)
    export = leaver("ask_data_export")
    ready = lambda: leaver("my_data")["exports"][0]["state"] == "ready"
    until(ready, "the copy of the data")
    second = code(lambda: leaver("ask_own_code"), contact)
    leaver("download_data_export", {"export": export["id"]}, body={"code": second})
    third = code(lambda: leaver("ask_own_code"), contact)
    leaver("ask_erasure", body={"code": third})
    leaver("cancel_erasure")


class Device:
    """A device in software that holds one passkey."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(20)
        self.count = 0

    def says(self, flags, party):
        self.count += 1
        head = hashlib.sha256(party.encode()).digest()
        return head + bytes([flags]) + struct.pack(">I", self.count)

    @staticmethod
    def client_data(kind, challenge):
        origin = ADDRESS.replace("127.0.0.1", "localhost")
        said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def make(self, options):
        self.handle = options["user"]["id"]
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y
        said = self.says(0x45, options["rp"]["id"])
        said += bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        # A map of three in CBOR: no format, no statement, what the device says.
        whole = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(said)]) + said
        made = self.client_data("webauthn.create", options["challenge"])
        return {"clientDataJSON": b64(made), "attestationObject": b64(whole)}

    def sign(self, options):
        made = self.client_data("webauthn.get", options["challenge"])
        said = self.says(5, options["rpId"])
        signed = self.key.sign(said + hashlib.sha256(made).digest(), ec.ECDSA(hashes.SHA256()))
        return {"id": b64(self.id), "response": {
            "clientDataJSON": b64(made), "authenticatorData": b64(said),
            "signature": b64(signed), "userHandle": self.handle,
        }}


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def shopper_has_a_passkey(lin, guest):
    device = Device()
    made = device.make(lin("begin_passkey"))
    kept = lin("add_passkey", body={"name": "Phone", "response": made})
    lin("list_passkeys")
    at = {"passkey": kept["id"]}
    lin("rename_passkey", at, body={"name": "Old phone"})
    guest("sign_in_with_passkey", body=device.sign(guest("ask_passkey")))
    lin("remove_passkey", at)


def staff_look_after_customers(zoe):
    add = lambda: zoe("staff_add_customer", body={"contact": f"{secrets.token_hex(4)}@example.com"})
    one, other = add()["id"], add()["id"]
    at = {"person": one}
    zoe("staff_list_customers", query={"sort": "spent", "limit": 5})
    zoe("staff_show_customer", at)
    zoe("staff_reveal_customer", at)
    noted = zoe("staff_add_customer_note", at, body={"text": "likes tea"})
    zoe("staff_remove_customer_note", {**at, "note": noted["notes"][0]["id"]})
    zoe("staff_tag_customers", body={"people": [one], "tag": "VIP", "on": True})
    zoe("staff_customer_tags")
    zoe("staff_block_customer", at, body={"sign_in": False, "ordering": True, "reason": "a test"})
    zoe("staff_customer_duplicates")
    merged = zoe("staff_merge_customers", body={"survivor": one, "other": other})
    zoe("staff_unmerge_customers", {"merge": merged["merges"][0]["id"]})
    rows = f"Email,Name\n{secrets.token_hex(4)}@example.com,Cat\n"
    zoe("staff_import_customers", body=rows, media="text/csv")
    zoe("staff_export_customers")
    zoe("staff_export_customer", at)
    zoe("staff_erase_customer", at)
    zoe("staff_keep_customer", at)


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


def staff_set_prices(zoe):
    """Groups, lists, tax and currencies; all of it is taken away again, so that prices stay."""
    goods = zoe("products", query={"q": "", "limit": 1})["data"][0]["product"]
    variant = zoe("product", {"product": goods["handle"]})["product"]["variants"][0]
    group = zoe("staff_add_customer_group", body={"name": f"gold {uuid.uuid4()}", "level": 5})
    at = {"group": group["id"]}
    put = {"name": group["name"], "name_en": "Gold", "level": 6}
    zoe("staff_change_customer_group", at, body=put)
    zoe("staff_list_customer_groups")
    member = zoe("staff_put_in_group", at, body={"person": zoe("who")["person"]["id"]})
    zoe("staff_list_group_members", at, query={"limit": 10})
    cut = {"over": {"kind": "everything"}, "off": 1000, "from": 2}
    put = {"name": f"gold {uuid.uuid4()}", "groups": [group["id"]], "cuts": [cut]}
    made = zoe("staff_add_price_list", body=put)
    prices = {"list": made["id"]}
    zoe("staff_list_price_lists")
    body = {"prices": [{"variant": variant["id"], "from": 3, "price": 100}]}
    zoe("staff_put_prices", prices, body=body)
    zoe("staff_show_price_list", prices, query={"limit": 10})
    zoe("staff_export_prices", prices)
    file = f"variant,from,price\n{variant['id']},3,\n".encode()
    zoe("staff_import_prices", prices, body=file, media="text/csv")
    zoe("staff_probe_price", body={"goods": goods["handle"], "quantity": 3})
    zoe("staff_price_evidence", {"goods": goods["handle"]})
    zoe("staff_change_price_list", prices, body={**put, "groups": [], "active": False})
    zoe("staff_remove_price_list", prices)
    zoe("staff_take_out_of_group", {**at, "person": member["person"]})
    zoe("staff_remove_customer_group", at)
    zoe("staff_put_tax", body={"inclusive": True, "rules": []})
    zoe("staff_show_tax")
    euro = {"currency": "EUR", "rate": "0.128", "step": 10}
    zoe("staff_put_currencies", body={"others": [euro]})
    zoe("staff_show_currencies")
    zoe("staff_put_currencies", body={"others": []})


def offers_hold(zoe, ann, guest, variant):
    """A promotion and coupons, and an order with both; the promotion is stopped again."""
    name, end = f"spring {uuid.uuid4()}", "2099-01-01T00:00:00Z"
    step = {"from": {"kind": "amount", "minor": 200}, "off": {"kind": "amount", "minor": 100}}
    put = {"name": name, "ends_at": end, "effect": {"kind": "spend_and_save", "steps": [step]}}
    made = zoe("staff_add_promotion", body=put)
    at = {"promotion": made["id"]}
    zoe("staff_list_promotions")
    gives = {"kind": "goods", "off": {"kind": "amount", "minor": 50}}
    kind = {"name": f"half {uuid.uuid4()}", "gives": gives, "life": {"kind": "after",
            "span": 86_400_000_000}, "per_person": 5, "listed": True,
            "link": f"half-{uuid.uuid4().hex[:12]}"}
    made = zoe("staff_add_coupon_template", body=kind)
    of = {"coupon_template": made["id"]}
    zoe("staff_list_coupon_templates")
    zoe("staff_show_coupon_template", of)
    zoe("staff_change_coupon_template", of, body={**kind, "total": 1_000})
    guest("list_coupons")
    guest("show_coupon_link", {"link": kind["link"]})
    ann("claim_coupon", of)
    ann("claim_coupon_by_link", {"link": kind["link"]})
    zoe("staff_make_coupon_codes", of, body={"count": 1, "batch": "fair"})
    file = zoe("staff_export_coupon_codes", of)
    zoe("staff_import_coupon_codes", of, body=b"code\n", media="text/csv")
    code = str(file).splitlines()[1].split(",")[0]
    ann("redeem_coupon_code", body={"code": code})
    mine = ann("my_coupons")["data"]
    given = zoe("staff_give_coupon", of, body={"person": ann("who")["person"]["id"]})
    zoe("staff_take_back_coupon", {"coupon": given["id"]}, body={"reason": "by mistake"})
    zoe("staff_list_coupon_holders", of, query={"limit": 5})
    what = {"kind": "now", "variant": variant, "quantity": 1}
    place = {"what": what, "address": ELSEWHERE, "coupons": [mine[0]["id"]]}
    placed = ann("place", body=place)
    ann("show_order_price", {"order": placed["order"]})
    zoe("staff_show_order_price", {"order": placed["order"]})
    zoe("staff_show_promotion", at)
    zoe("staff_change_promotion", at, body={**put, "active": False})


def staff_work_through_orders(zoe, ann, variant):
    what = {"kind": "now", "variant": variant, "quantity": 3}
    placed = ann("place", body={"what": what, "address": ELSEWHERE})
    at, reason = {"order": placed["order"]}, "a friend of the shop"
    zoe("staff_note_order", at, body={"text": "rings twice"})
    zoe("staff_tag_order", at, body={"add": ["vip"]})
    zoe("staff_list_order_tags")
    zoe("staff_change_order_price", at, body={"total": placed["total"]["minor"] - 1, "reason": reason})
    zoe("staff_quote_order_address", at, body=ELSEWHERE)
    moved = {**ELSEWHERE, "line1": "龙井路 2 号"}
    zoe("staff_change_order_address", at, body={"address": moved, "reason": "she moved"})
    zoe("staff_pay_link", at, body={})
    zoe("staff_replace_pay_link", at, body={})
    pay(ann("pay", at))
    until(lambda: ann("show_order", at)["status"] == "to_ship", "the payment")
    line = zoe("staff_show_order", at)["order"]["lines"][0]["id"]
    out = {"lines": [{"line": line, "quantity": 1}], "reason": "none left"}
    zoe("staff_take_out_of_order", at, body=out)
    zoe("staff_list_order_swaps", at)
    zoe("staff_order_timeline", at)
    rows = [{"order": placed["order"]}]
    bulk = zoe("staff_start_order_bulk", body={"what": {"act": "pack"}, "rows": rows})
    zoe("staff_show_order_bulk", {"bulk": bulk["id"]})
    kept = zoe("staff_keep_order_view", body={"name": "journey", "filter": {"tag": "vip"}})
    zoe("staff_list_order_views")
    zoe("staff_remove_order_view", {"view": kept["data"][-1]["id"]})
    zoe("staff_export_orders", query={"tag": "vip", "per_line": "true"})
    lines = [{"variant": variant, "quantity": 1}]
    put = {"contact": "journey@example.com", "address": ELSEWHERE, "lines": lines}
    draft = zoe("staff_create_draft", body=put)
    zoe("staff_list_drafts", query={"status": "open"})
    named = {"draft": draft["id"]}
    zoe("staff_show_draft", named)
    draft = zoe("staff_change_draft", named, body={**put, "note": "with care"})
    zoe("staff_send_draft", named, body={"hours": 2, "version": draft["version"]})
    zoe("staff_drop_draft", {"draft": zoe("staff_create_draft", body={})["id"]})
    zoe("staff_export_stock", query={"mark": "true"})
    counted = f"variant,available\n{variant},50\n"
    zoe("staff_import_stock", query={"reason": "counted"}, body=counted, media="text/csv")


def shopper_keeps_addresses(ann, guest):
    kept = ann("add_address", body={"address": ELSEWHERE})
    at = {"address": kept["id"]}
    ann("list_addresses")
    ann("show_address", at)
    ann("change_address", at, body={"address": {**ELSEWHERE, "line1": "龙井路 3 号"}, "usual": True})
    ann("remove_address", at)
    guest("search", query={"q": "tea", "limit": 5})
    guest("search_suggestions", query={"q": "cha"})


def wallets_hold(zoe, ann, variant):
    """Credit, a top-up that goes back, and money that is taken and given by hand."""
    yuan = lambda minor: {"minor": minor, "currency": "CNY"}
    person = ann("me")["id"]
    ann("show_wallet")
    zoe("staff_give_credit", {"person": person}, body={"amount": yuan(500), "reason": "sorry"})
    zoe("staff_list_wallets")
    zoe("staff_show_wallet", {"person": person})
    zoe("staff_wallet_entries", {"person": person})
    ann("wallet_entries", query={"limit": 5})
    begun = ann("top_up", body={"amount": yuan(2_000)})
    pay(begun)
    came = lambda: [one for one in ann("list_top_ups")["data"] if one["status"] == "captured"]
    until(came, "the top-up")
    ann("return_top_up", {"top_up": begun["id"]}, body={})
    before = zoe("staff_show_offline_payment")
    zoe("staff_set_offline_payment", body={"active": True, "how": "Lane 1", "days": 3})
    what = {"kind": "now", "variant": variant, "quantity": 1}
    placed = ann("place", body={"what": what, "address": ELSEWHERE})
    at = {"order": placed["order"]}
    ann("payment_choice", at)
    due = ann("pay", at, body={"method": "offline", "use_wallet": False})["amount"]
    zoe("staff_receive_offline_payment", at, body={"amount": due, "proof": "receipt 7"})
    zoe("refund", at, body={"reason": "brought back"})
    by_hand = lambda: zoe("staff_show_order", at)["order"]["refunds"]
    refund = until(by_hand, "the refund")[0]["id"]
    zoe("staff_send_offline_refund", {"refund": refund}, body={"proof": "transfer 8"})
    zoe("staff_set_offline_payment", body=before)


def points_are_earned(zoe, ann, guest):
    """What points are worth, levels, giving and taking; a day's check-in and a task."""
    person = {"person": ann("me")["id"]}
    before = zoe("staff_show_point_settings")
    earning = {"points": 1, "per": 100, "life": 31_536_000_000_000}
    spending = {"points": 100, "minor": 100, "most": 3_000, "least": 100}
    body = {"earning": earning, "spending": spending, "growth_per": 100}
    zoe("staff_set_point_settings", body={**body, "version": before["version"]})
    levels = zoe("staff_show_levels")["levels"]
    if not levels:
        first = {"name": "新芽", "name_en": "Sprout", "from": 0, "boost": 100}
        levels = zoe("staff_set_levels", body={"levels": [first]})["levels"]
    keep = ["name", "name_en", "from", "group", "boost"]
    again = [{name: one.get(name) for name in keep} for one in levels]
    zoe("staff_set_levels", body={"levels": again})
    zoe("staff_give_points", person, body={"points": 50, "reason": "sorry"})
    zoe("staff_list_points")
    zoe("staff_show_points", person)
    zoe("staff_point_entries", person)
    zoe("staff_show_level", person)
    zoe("staff_point_liability")
    ann("show_points")
    ann("point_entries", query={"limit": 5})
    ann("show_level")
    guest("point_terms")
    guest("list_levels")
    guest("show_check_in")
    ann("check_in", body={})
    # The first task of the demo's list is to check in.
    tasks = guest("list_tasks")["data"]
    ann("take_task", {"campaign": tasks[0]["campaign"]}, body={"task": 0})
    had = ann("show_points_shop")["items"][0]
    body = {"campaign": had["campaign"], "item": had["item"]}
    ann("exchange_points", body=body)
    ann("list_exchanges", query={"limit": 5})
    zoe("staff_show_points_shop", {"campaign": had["campaign"]})


def gifts_are_given(zoe, ann, bob, variant):
    """One that bob takes with its link, and one that ann takes back."""
    what = {"kind": "now", "variant": variant, "quantity": 1}
    wish = {"card": "生日快乐", "life": 3 * 24 * 3600 * 1_000_000}

    def given():
        placed = ann("place", body={"what": what, "gift": wish})
        at = {"order": placed["order"]}
        pay(ann("pay", at))
        until(lambda: ann("show_order", at)["status"] == "awaiting_taker", "a gift that waits")
        return {"gift": ann("show_order", at)["gift"]}

    first, second = given(), given()
    secret = ann("show_gift", first)["link"].split("?k=")[1]
    bob("show_gift", first, query={"secret": secret})
    bob("take_gift", first, body={"secret": secret, "address": ELSEWHERE})
    ann("take_gift_back", second, body={})
    bob("my_gifts")


def games_are_played(zoe, ann, guest):
    """A draw with chances by hand and a thing handed over, a packet, a guess and a quiz."""
    page = requests.get(f"{ADDRESS}/campaigns").text
    found = lambda kind: [{"campaign": one} for one in
                          dict.fromkeys(re.findall(rf"/{kind}/(cmp_[0-9a-z]+)", page))]
    person = ann("me")["id"]
    for draw in found("draws"):
        guest("show_draw", draw)
        zoe("staff_show_draw", draw)
        drawn = zoe("staff_list_draws", draw, query={"limit": 100})["data"]
        for one in [one for one in drawn if one["waits"]][:1]:
            zoe("staff_hand_over", {"draw": one["drawn"]["draw"]}, body={})
    chances = {"person": person, "chances": 1, "reason": "came late"}
    zoe("staff_give_chances", draw, body=chances)
    ann("draw_once", draw, body={"salt": "a1b2"})
    guest("draw_proof", draw)
    guest("draw_records", draw, query={"limit": 5})
    guest("list_coupon_drops")
    for drop in found("drops"):
        guest("show_coupon_drop", drop)
        ann("claim_coupon_drop", drop, body={})
        zoe("staff_show_coupon_drop", drop)
    for packet in found("packets"):
        if guest("show_packet", packet)["taken"] < 12:
            ann("take_part", packet, body={})
    for sale in found("flash"):
        goods = guest("show_flash_sale", sale)["goods"]
        what = {"kind": "flash_sale", "variant": goods[0]["variant"], "quantity": 1, **sale}
        ann("place", body={"what": what, "address": ELSEWHERE})
        wish = {"variant": goods[0]["variant"]}
        ann("wait_for_flash_sale", sale, body={**wish, "quantity": 1})
        ann("leave_flash_sale", sale, body=wish)
    guess = found("guesses")[0]
    guest("show_guess", guess)
    ann("make_guess", guess, body={"amount": 39_900})
    quiz = found("quizzes")[0]
    guest("show_quiz", quiz)
    attempt = ann("begin_quiz", quiz, body={})
    answers = [0 for _ in attempt["questions"]]
    ann("answer_quiz", {"attempt": attempt["id"]}, body={"answers": answers})


def invoices_are_issued(zoe, ann, guest, variant):
    """Asked for, issued one by one and many at once, declined, withdrawn, taken back; legal texts."""
    before = zoe("staff_show_invoice_settings")
    seller = {"name": "Pinwheel Tea", "tax_number": "91330100799655058B"}
    zoe("staff_set_invoice_settings", body={**before, "seller": seller, "prefix": "FP"})
    what = {"kind": "now", "variant": variant, "quantity": 1}
    placed = ann("place", body={"what": what, "address": ELSEWHERE})
    at = {"order": placed["order"]}
    pay(ann("pay", at))
    paid = lambda: ann("order_invoices", at)["may_ask"]
    until(paid, "the order is paid")
    company = {"kind": "company", "name": "Tea House", "tax_number": "DE123456789"}
    ask = lambda: {"request": ann("ask_invoice", at, body={"title": company})["id"]}
    ann("withdraw_invoice_request", ask())
    zoe("staff_decline_invoice", ask(), body={"reason": "the name is missing"})
    zoe("staff_list_invoice_requests", query={"state": "declined"})
    first = {"invoice": zoe("staff_issue_invoice", ask(), body={})["id"]}
    ann("show_invoice", first)
    ann("invoice_file", first)
    zoe("staff_show_invoice", first)
    zoe("staff_invoice_file", first)
    zoe("staff_red_invoice", first, body={"reason": "a wrong name"})
    zoe("staff_issue_invoices", body={"requests": [ask()["request"]]})
    zoe("staff_order_invoices", at)
    titles = ann("list_invoice_titles")["data"]
    ann("forget_invoice_title", {"title": titles[0]["id"]})
    zoe("staff_list_legal_texts")
    text = zoe("staff_show_legal_text", {"kind": "shipping"})
    new = {"body_html": "<p>At once.</p>", "after": text["number"]}
    zoe("staff_publish_legal_text", {"kind": "shipping"}, body=new)
    guest("show_legal_text", {"kind": "shipping"})
    licence = zoe("staff_show_licence")
    licence["licence"]["name"] = "Pinwheel Tea"
    zoe("staff_set_licence", body=licence)
    guest("show_licence")


def sellers_sell(zoe, ann):
    """A seller with their goods and somebody who works for them; what they are owed, and a month."""
    tag = secrets.token_hex(3)
    new = {"name": f"Tea House {tag}", "commission": 800, "licence": "Tea House Ltd., licence 1",
           "receivers": {"sandbox": "acct_tea"}}
    made = zoe("staff_add_seller", body=new)
    at = {"seller": made["id"]}
    zoe("staff_change_seller", at, body={**new, "commission": 500, "version": made["version"]})
    zoe("staff_list_sellers")
    zoe("staff_show_seller", at)
    person = {"contact": f"{tag}@example.com", "role": "seller", "seller": made["id"],
              "password": "leaves of the spring"}
    zoe("staff_add_person", body=person)
    zoe("staff_list_seller_people", at)
    zoe("staff_list_splits", at, query={"limit": 5})
    zoe("staff_list_seller_months", at)
    of = {"month": "2026-11"}
    zoe("staff_show_statement", at, query=of)
    zoe("staff_export_statement", at, query=of)
    # A month that is over, in which nothing was.
    zoe("staff_settle_month", at, body={"month": "2026-10"})


def friends_bargain(zoe, ann, bob, variant):
    """A price that friends cut down, and what an order would cost at the price it came to."""
    put = zoe("staff_campaign_template", query={"mechanic": "bargain"})
    put["frame"]["title"] = "Cut it down"
    put["terms"]["any_price"] = True
    put["offered"] = [{"variant": variant, "price": 100}]
    made = zoe("staff_add_campaign", body=put)
    at = {"campaign": made["id"]}
    zoe("staff_step_campaign", at, body={"step": "launch"})
    ann("show_bargain_hall", at)
    begun = ann("begin_bargain", at, body={"variant": variant})
    one = {"bargain": begun["id"]}
    bob("show_bargain", one)
    bob("help_bargain", one)
    ann("list_bargains", query={"limit": 5})
    ann("quote", body={"what": {"kind": "bargain", **one}})
    zoe("staff_show_bargains", at)


def friends_share(zoe, ann, bob):
    """A coupon that is started by one and shared among friends."""
    kind = zoe("staff_add_coupon_template", body={
        "name": f"share {uuid.uuid4()}", "name_en": f"share {uuid.uuid4()}",
        "issuer": "merchant", "gives": {"kind": "goods", "off": {"kind": "amount", "minor": 100}},
        "threshold": 3000, "life": {"kind": "after", "span": 604800000000},
        "per_person": 1, "listed": False, "active": True})
    put = zoe("staff_campaign_template", query={"mechanic": "fission_coupon"})
    put["frame"]["title"] = "Twenty among friends"
    put["terms"]["coupon"] = kind["id"]
    at = {"campaign": zoe("staff_add_campaign", body=put)["id"]}
    zoe("staff_step_campaign", at, body={"step": "launch"})
    ann("show_fission_hall", at)
    begun = {"fission": ann("begin_fission", at, body={})["id"]}
    bob("show_fission", begun)
    bob("take_fission_part", begun, body={})
    zoe("staff_list_fissions", at, query={"limit": 5})
    zoe("staff_show_fissions", at)


def friends_win(zoe, ann, eve, guest, variant):
    """A campaign from its template to its end, what the check says, and a friend who helps."""
    put = zoe("staff_campaign_template", query={"mechanic": "assist"})
    put["frame"]["title"] = "Two friends"
    put["creative"]["copy"] = "全网第一的好茶"
    made = zoe("staff_add_campaign", body=put)
    at = {"campaign": made["id"]}
    found = zoe("staff_check_campaign", at)["findings"]
    for one in found:
        if one["answers"]:
            answer = {key: one[key] for key in ("rule", "field", "about", "sentence")}
            answer.update(ground=one["answers"][0], evidence=["no. 7"])
            zoe("staff_answer_campaign", at, body=answer)
    zoe("staff_change_campaign", at, body={**put, "creative": {"copy": "好茶", "picture": ""}})
    zoe("staff_step_campaign", at, body={"step": "launch"})
    zoe("staff_list_campaigns", query={"limit": 5})
    zoe("staff_show_campaign", at)
    zoe("staff_copy_campaign", at, body={"starts_at": put["starts_at"]})
    ann("list_campaigns")
    ann("show_campaign", at)
    asked = ann("begin_assist", at)
    eve("show_assist", {"assist": asked["id"]})
    eve("help_assist", {"assist": asked["id"]})
    zoe("staff_campaign_rewards", at, query={"limit": 5})
    ann("list_rewards", query={"limit": 5})
    friends_bargain(zoe, ann, eve, variant)
    friends_share(zoe, ann, eve)
    listed = zoe("staff_add_saved_list", body={"name": f"friends {uuid.uuid4()}"})
    of = {"saved_list": listed["id"]}
    zoe("staff_rename_saved_list", of, body={"name": f"tea friends {uuid.uuid4()}"})
    put_in = zoe("staff_put_on_saved_list", of, body={"people": "ann@example.com\nnobody"})
    assert put_in["added"] == 1 and put_in["unknown"] == ["nobody"], put_in
    person = zoe("staff_list_saved_people", of, query={"limit": 10})["data"][0]["person"]
    zoe("staff_list_saved_lists")
    zoe("staff_take_off_saved_list", {**of, "person": person})
    zoe("staff_remove_saved_list", of)
    put = zoe("staff_campaign_template", query={"mechanic": "invite_reward"})
    put["frame"]["title"] = "Bring a friend"
    made = zoe("staff_add_campaign", body=put)
    zoe("staff_step_campaign", {"campaign": made["id"]}, body={"step": "launch"})
    ann("show_invitation")
    link = ann("make_link", body={"object": "campaign", "object_id": made["id"]})
    contact = f"friend-{secrets.token_hex(4)}@example.com"
    somebody_new(guest, zoe, contact, urlparse(link["url"]).path)("accept_invitation", body={})
    put = zoe("staff_campaign_template", query={"mechanic": "flash_sale"})
    put["frame"]["title"] = "Two hours"
    put["offered"] = [{"variant": variant, "price": 100}]
    at = {"campaign": zoe("staff_add_campaign", body=put)["id"]}
    zoe("staff_step_campaign", at, body={"step": "launch"})
    later = next(slot for slot in ann("show_flash_sale", at)["slots"] if not slot["on"])
    ann("remind_of_flash_sale", at, body={"slot": later["from"]})


def staff_deliver(zoe, ann, variant):
    """A way to ship and one to fetch; both are switched off again."""
    rate = {"areas": ["*"], "delivers": True, "basis": "order", "first": 1, "first_fee": 900,
            "step": 1, "step_fee": 0}
    ways = zoe("staff_list_shipping_methods")["data"]
    new = {"code": f"slow-{secrets.token_hex(3)}", "name": "慢递", "name_en": "Slow", "rates": [rate],
           "active": True}
    made = zoe("staff_add_shipping_method", body=new)
    off = {**new, "active": False, "version": made["version"]}
    zoe("staff_change_shipping_method", {"method": made["id"]}, body=off)
    door = {"name": f"Door {secrets.token_hex(2)}", "address": "Lane 1", "active": True}
    point = zoe("staff_add_pickup_point", body=door)
    zoe("staff_list_pickup_points")
    way = next(one["code"] for one in ways if one["kind"] == "pickup" and one["active"])
    order = ann("place", body={
        "what": {"kind": "now", "variant": variant, "quantity": 1}, "address": ELSEWHERE,
        "shipping_method": way, "pickup_point": point["id"],
    })["order"]
    pay(ann("pay", {"order": order}))
    ready = lambda: (ann("show_order", {"order": order}).get("pickup") or {}).get("code")
    zoe("staff_collect_pickup", body={"code": until(ready, "the code")})
    gone = {**door, "active": False, "version": point["version"]}
    zoe("staff_change_pickup_point", {"point": point["id"]}, body=gone)


def staff_swap(zoe, ann):
    price = {"minor": 2_000, "currency": "CNY"}
    kinds = [{"price": price, "options": [c], "tracked": False} for c in ("red", "blue")]
    made = zoe("staff_create_product", body={
        "title": f"Two cups {secrets.token_hex(3)}", "status": "active", "published": True,
        "options": ["Colour"], "variants": kinds,
    })
    red, blue = [one["id"] for one in made["variants"]]
    for one in (red, blue):
        zoe("adjust", body={"variant": one, "change": 5, "reason": "just made"})
    what = {"kind": "now", "variant": red, "quantity": 1}
    order = ann("place", body={"what": what, "address": ELSEWHERE})["order"]
    pay(ann("pay", {"order": order}))
    until(lambda: ann("show_order", {"order": order})["status"] == "to_ship", "the payment")
    line = zoe("staff_list_order_swaps", {"order": order})["data"][0]["line"]
    body = {"line": line, "variant": blue, "reason": "red is out"}
    zoe("staff_swap_order_variant", {"order": order}, body=body)


def staff_write(zoe, guest):
    """Pages, the front page, the look, old addresses and search words; taken away again."""
    slug = f"journey-{secrets.token_hex(3)}"
    new = {"slug": slug, "title": "旅程", "title_en": "The journey", "published": True}
    made = zoe("staff_add_page", body=new)
    at = {"page": made["id"]}
    zoe("staff_list_pages")
    zoe("staff_show_page", at)
    changed = {**new, "body_html": "<p>here</p>", "version": made["page"]["version"]}
    zoe("staff_change_page", at, body=changed)
    guest("show_page", {"slug": slug})
    zoe("staff_remove_page", at)
    zoe("staff_arrange_front_page", body=zoe("staff_show_front_page")["data"])
    zoe("staff_set_look", body=zoe("staff_show_look"))
    zoe("staff_add_redirect", body={"from": f"/old-{slug}", "to": "/discover"})
    for one in zoe("staff_list_redirects")["data"]:
        if one["from"] == f"/old-{slug}":
            zoe("staff_remove_redirect", {"redirect": one["id"]})
    words = zoe("staff_add_synonyms", body={"words": [slug, "tea"]})
    zoe("staff_list_synonyms")
    zoe("staff_remove_synonyms", {"synonyms": words["id"]})


def staff_give_roles(zoe):
    name = f"Packer {secrets.token_hex(3)}"
    made = zoe("staff_add_role", body={"name": name, "grants": ["shipping:change", "orders:view"]})
    at = {"role": made["own_role"]["id"]}
    zoe("staff_list_roles")
    less = {"name": name, "grants": ["orders:view"], "version": made["version"]}
    zoe("staff_change_role", at, body=less)
    new = {"contact": f"new-{secrets.token_hex(4)}@example.com", "role": "viewer",
           "password": secrets.token_urlsafe(12)}
    person = {"person": zoe("staff_add_person", body=new)["id"]}
    zoe("staff_give_role", person, body={"role": "warehouse"})
    zoe("staff_remove_person", person)
    zoe("staff_remove_role", at)


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


def staff_write_letters(zoe, ann):
    """Words of one's own, who gets what, a gateway that takes a letter and one that does not."""
    zoe("staff_list_letters")
    by_mail = {"letter": "order_shipped", "channel": "email"}
    zoe("staff_switch_letter", by_mail, body={"on": False})
    zoe("staff_switch_letter", by_mail, body={"on": True})
    at = {**by_mail, "locale": "en"}
    words = {"subject": "On its way: {product}", "body": "{name}, see {link}"}
    version = zoe("staff_show_letter_words", at)["version"]
    zoe("staff_preview_letter", at, body=words)
    zoe("staff_set_letter_words", at, body={**words, "version": version})
    zoe("staff_test_letter", at, body=words)
    zoe("staff_reset_letter_words", at)

    ear = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=ear.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{ear.server_address[1]}"
    chat = {"channel": "chat"}
    zoe("staff_list_letter_gateways")
    zoe("staff_set_letter_gateway", chat, body={"url": f"{here}/", "on": True})
    zoe("staff_rotate_letter_gateway", chat)
    zoe("staff_try_letter_gateway", chat, body={"to": "somebody", "dry_run": False})
    zoe("staff_set_letter_gateway", chat, body={"url": f"{here}/gone", "on": True})
    ann("my_letters")
    ann("choose_letters", body={"group": "wallet", "channel": "chat", "on": True})
    person = {"person": ann("me")["id"]}
    credit = {"amount": {"minor": 100, "currency": "CNY"}, "reason": "for the letter"}
    zoe("staff_give_credit", person, body=credit)
    refused = lambda: zoe("messages", query={"state": "failed", "channel": "chat"})["data"]
    letter = until(refused, "a refused letter")[0]
    zoe("staff_set_letter_gateway", chat, body={"url": f"{here}/", "on": True})
    zoe("staff_send_letter_again", {"message": letter["id"]})
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


def staff_check_statements(zoe):
    providers = zoe("staff_list_providers")["data"]
    assert any(one["name"] == "sandbox" and one["ready"] for one in providers), providers
    zoe("staff_list_open_payments")
    yesterday = (datetime.now(timezone.utc) - timedelta(days=1)).strftime("%Y-%m-%d")
    zoe("staff_fetch_statement", body={"provider": "sandbox", "day": yesterday})
    zoe("staff_list_statements")
    found = zoe("staff_list_differences", query={"state": "open"})["data"]
    there = {"difference": found[-1]["id"]}
    zoe("staff_show_difference", there)
    zoe("staff_settle_difference", there, body={"note": "a buyer asked the sandbox for it"})


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
    staff_work_through_orders(zoe, ann, variant)
    staff_gather_a_team(zoe, ann, product, variant, price)
    shopper_is_somebody(ann)
    shopper_has_a_say(ann, guest, zoe, products)
    shopper_has_a_passkey(Caller(browser("/sign-in/as/lin", {})), guest)
    staff_look_after_customers(zoe)
    staff_sell(zoe, product, variant)
    staff_set_prices(zoe)
    offers_hold(zoe, ann, guest, variant)
    shopper_keeps_addresses(ann, guest)
    wallets_hold(zoe, ann, variant)
    points_are_earned(zoe, ann, guest)
    games_are_played(zoe, ann, guest)
    bob = Caller(token(browser("/sign-in/as/bob", {}), "read", "shop"))
    gifts_are_given(zoe, ann, bob, variant)
    invoices_are_issued(zoe, ann, guest, variant)
    sellers_sell(zoe, ann)
    # Nothing was sent to her where the others had things sent.
    eve = Caller(token(browser("/sign-in/as/eve", {}), "read", "shop"))
    friends_win(zoe, ann, eve, guest, variant)
    staff_deliver(zoe, ann, variant)
    staff_swap(zoe, ann)
    staff_write(zoe, guest)
    staff_give_roles(zoe)
    staff_tell_others(zoe)
    staff_write_letters(zoe, ann)
    staff_check_statements(zoe)
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
