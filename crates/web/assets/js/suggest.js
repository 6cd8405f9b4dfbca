// While somebody types what they look for: how they may go on. Arrows choose, Enter looks, Escape
// closes; without this the box is a plain search.
export function suggest(input) {
  const box = input.closest("form");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${Math.random().toString(36).slice(2, 8)}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  const set = (name, value) => input.setAttribute(name, value);
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  set("aria-expanded", "false");
  input.parentElement.append(list);

  let at = -1;
  let asked = "";
  const close = () => {
    list.hidden = true;
    at = -1;
    set("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const go = (text) => {
    input.value = text;
    close();
    box.requestSubmit();
  };
  const mark = () => {
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", n === at));
    if (at >= 0) set("aria-activedescendant", list.children[at].id);
  };
  const show = (lines) => {
    list.replaceChildren(
      ...lines.map((text, n) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${n}`;
        item.setAttribute("role", "option");
        item.textContent = text;
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          go(text);
        });
        return item;
      }),
    );
    at = -1;
    list.hidden = lines.length === 0;
    set("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const typed = input.value.trim();
    asked = typed;
    if (!typed) return close();
    const answer = await fetch(`/discover/suggestions?q=${encodeURIComponent(typed)}`);
    // Somebody typed on while it was on its way.
    if (!answer.ok || asked !== typed) return;
    const text = await answer.text();
    show(text ? text.split("\n") : []);
  };

  let soon;
  input.addEventListener("input", (event) => {
    clearTimeout(soon);
    if (!event.isComposing) soon = setTimeout(ask, 120);
  });
  input.addEventListener("compositionend", ask);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") at = at >= last ? -1 : at + 1;
    else if (event.key === "ArrowUp") at = at < 0 ? last : at - 1;
    else if (event.key === "Escape") return close();
    else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      return go(list.children[at].textContent);
    } else return;
    event.preventDefault();
    mark();
  });
}
