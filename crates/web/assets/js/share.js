// Copy the link, or hand it to the phone's own share sheet.
async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.querySelector("[data-share-field]");
    if (!field) return;
    field.focus();
    field.select();
    if (!document.execCommand("copy")) return;
  }
  say(button, button.dataset.done);
}

function say(button, words) {
  const label = button.querySelector("[data-label]") || button;
  const before = label.textContent;
  if (!words || before === words) return;
  label.textContent = words;
  const live = document.getElementById("announce");
  if (live) live.textContent = words;
  setTimeout(() => (label.textContent = before), 2400);
}

export function sharing() {
  document.querySelectorAll("[data-share]").forEach((button) => {
    button.hidden = !navigator.share;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-share], [data-poster]");
    if (!button) return;
    if ("poster" in button.dataset) return import("./poster.js").then((m) => m.poster(button));
    if ("copy" in button.dataset) return copy(button);
    const { shareUrl: url, shareTitle: title, shareText: text } = button.dataset;
    // A person may close the phone's sheet again: that is not an error.
    navigator.share({ url, title, text }).catch(() => {});
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-share-field]")) event.target.select();
  });
}
