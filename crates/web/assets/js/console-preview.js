// While a group buy is being made, the server draws what shoppers will see after every change.
export function preview() {
  const form = document.querySelector("[data-preview]");
  const into = document.querySelector("[data-preview-into]");
  if (!form || !into) return;
  let wait = 0;
  let stop = null;
  const ask = async () => {
    stop?.abort();
    stop = new AbortController();
    const open = into.querySelector("details")?.open;
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "x-requested-with": "fetch" },
        signal: stop.signal,
      });
      if (!answer.ok) return;
      into.innerHTML = await answer.text();
      const details = into.querySelector("details");
      if (details && open) details.open = true;
    } catch {
      // Replaced by a newer change, or off-line: the last drawing stays.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(ask, 220);
  });
}
