// Another way to ship: the fee, the total and the button follow at once. Another address: the shop
// is asked what it costs to get there. A hidden field is not asked for.
const set = (selector, text) =>
  document.querySelectorAll(selector).forEach((element) => (element.textContent = text));

function follow(way) {
  if (!way) return;
  const { fee, cur, int, dec, pay } = way.dataset;
  set("[data-shipping]", fee);
  set("[data-total] .cur", cur);
  set("[data-total] .int", int);
  set("[data-total] .dec", dec);
  set("button[data-pay]", pay);
}

const chosen = (form) => form.querySelector("[name=shipping]:checked");

// Only what is seen must be filled in.
function needed(form) {
  const book = form.querySelector("[data-book]");
  const typed = !book || form.querySelector("[data-other]").checked;
  const fetched = chosen(form)?.dataset.kind === "pickup";
  for (const name of ["name", "phone", "city", "line1"]) {
    const contact = name === "name" || name === "phone";
    // A city may be picked or written: whichever has the name now.
    const field = form.elements[name];
    if (field) field.required = typed && (contact || !fetched);
  }
}

const PLACE = ["address", "country", "province", "region", "city", "district"];
const DEAL = ["team", "group_buy", "flash", "bargain"];
const BOUGHT = [...DEAL, "variant", "quantity", "seller", "give"];
const ASKED = [...BOUGHT, "coupons", "coupon", "points", "shipping", ...PLACE];

async function ask(form) {
  const typed = new FormData(form);
  const query = new URLSearchParams();
  for (const name of ASKED) for (const value of typed.getAll(name)) query.append(name, value);
  const answer = await fetch(`/checkout?${query}`, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-delivery]", "[data-totals]", "[data-sums]"]) {
    const [here, there] = [form.querySelector(part), page.querySelector(part)];
    if (here && there) here.replaceWith(there);
  }
  follow(chosen(form));
  needed(form);
}

export function checkout() {
  const form = document.getElementById("pay");
  form.addEventListener("change", ({ target }) => {
    if (target.name === "shipping") follow(target);
    needed(form);
    if (PLACE.includes(target.name)) ask(form);
  });
  needed(form);
}
