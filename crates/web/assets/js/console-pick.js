// Goods found by name and put into a field as a line each, while a campaign is written.
export function picks() {
  for (const box of document.querySelectorAll("[data-pick]")) pick(box);
}

function pick(box) {
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  const into = box.closest("form").elements[box.dataset.into];
  let wait = 0;
  let stop = null;
  box.hidden = false;

  const take = (line) => {
    // An answer that is still on its way would open the list again.
    stop?.abort();
    clearTimeout(wait);
    const before = into.value.trimEnd();
    into.value = before ? `${before}\n${line}` : line;
    into.dispatchEvent(new Event("input", { bubbles: true }));
    input.value = "";
    list.replaceChildren();
    input.focus();
  };
  const show = (found) => {
    const rows = found.map((one) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = one.label;
      button.addEventListener("click", () => take(one.line));
      row.append(button);
      return row;
    });
    if (!rows.length) {
      const none = document.createElement("li");
      none.className = "c-soft";
      none.textContent = list.dataset.none;
      rows.push(none);
    }
    list.replaceChildren(...rows);
  };
  const ask = async () => {
    stop?.abort();
    stop = new AbortController();
    const q = input.value.trim();
    if (!q) return list.replaceChildren();
    try {
      const path = `${box.dataset.pick}&q=${encodeURIComponent(q)}`;
      const answer = await fetch(path, { signal: stop.signal });
      if (answer.ok) show(await answer.json());
    } catch {
      // Replaced by a newer question, or off-line.
    }
  };
  // What is looked for is no part of the form.
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(wait);
    wait = setTimeout(ask, 180);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("button")?.click();
  });
}
