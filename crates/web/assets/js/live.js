// The team page fills while one looks at it. The server says "changed"; we fetch the card it draws
// for this visitor and put it in place, so there is one rendering and nothing to keep in step.
let wheelTurned = false;

const facesOf = (card) =>
  new Set([...card.querySelectorAll("[data-place]")].map((place) => place.dataset.place));

async function redraw(card) {
  const before = facesOf(card);
  const answer = await fetch(card.dataset.card, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = fresh.querySelector("[data-live]");
  if (!next || next.dataset.version === card.dataset.version) return;
  next.querySelectorAll("[data-place]").forEach((place) => {
    if (!before.has(place.dataset.place)) place.classList.add("new");
  });
  const finished = next.dataset.state === "succeeded" && card.dataset.state !== "succeeded";
  const hadFocus = card.contains(document.activeElement);
  card.replaceChildren(...next.childNodes);
  card.className = next.className;
  for (const name of ["state", "version"]) card.dataset[name] = next.dataset[name];
  if (finished && !wheelTurned) {
    wheelTurned = true;
    card.querySelector(".team-wheel")?.classList.add("turn");
  }
  if (hadFocus) card.querySelector("a.button, button")?.focus({ preventScroll: true });
  const words = card.querySelector("[data-announce]")?.dataset.announce;
  const live = document.getElementById("announce");
  if (words && live) live.textContent = words;
  document.querySelectorAll("[data-live-bar]").forEach((bar) => {
    const other = fresh.querySelector("[data-live-bar]");
    if (other) bar.replaceChildren(...other.childNodes);
  });
}

export function live() {
  const card = document.querySelector("[data-live]");
  let queue = Promise.resolve();
  const again = () => {
    queue = queue.then(() => redraw(card)).catch(() => {});
  };
  const source = new EventSource(card.dataset.live);
  source.addEventListener("changed", again);
  // The end of the team is judged by the server; ask a moment after the countdown reached nought.
  document.addEventListener("countdown:over", () => setTimeout(again, 1500));
  document.addEventListener("visibilitychange", () => document.hidden || again());
  addEventListener("pagehide", () => source.close());
}
