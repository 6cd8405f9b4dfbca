// Forms work without this. With it: no double sending, errors beside the field, steppers,
// a word when the connection is gone, and what was typed survives.
function busy(form, button) {
  form.dataset.sent = "yes";
  if (button) {
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) button.dataset.was = button.textContent;
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  }
}

function free(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => {
    button.removeAttribute("aria-busy");
    if (button.dataset.was) button.textContent = button.dataset.was;
  });
}

function complain(input) {
  const field = input.closest(".field");
  if (!field) return;
  let error = field.querySelector(".error");
  if (!error) {
    error = document.createElement("p");
    error.className = "error";
    error.id = `${input.id || input.name}-error`;
    field.append(error);
  }
  error.textContent = input.dataset.wrong || input.validationMessage;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", error.id);
}

function forgive(input) {
  if (input.getAttribute("aria-invalid") !== "true" || !input.checkValidity()) return;
  input.removeAttribute("aria-invalid");
  input.closest(".field")?.querySelector(".error")?.remove();
}

function stepper(box) {
  const input = box.querySelector("input");
  const [less, more] = box.querySelectorAll("button");
  const set = (change) => {
    const low = Number(input.min || 1);
    const high = Number(input.max || 999);
    const value = Math.min(high, Math.max(low, Number(input.value || low) + change));
    const moved = Number(input.value) !== value;
    input.value = value;
    less.disabled = value <= low;
    more.disabled = value >= high;
    if (moved) input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  less.hidden = more.hidden = false;
  less.addEventListener("click", () => set(-1));
  more.addEventListener("click", () => set(1));
  set(0);
}

function remember(form) {
  const key = `draft:${form.dataset.draft}`;
  const skip = new Set(["csrf", "password", "code"]);
  const fields = () =>
    [...form.elements].filter((e) => e.name && e.type !== "hidden" && !skip.has(e.name));
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if (kept) {
    for (const field of fields()) {
      if (field.type === "radio" || field.type === "checkbox") continue;
      if (!field.value && kept[field.name]) field.value = kept[field.name];
    }
  }
  form.addEventListener("input", () => {
    const draft = {};
    for (const field of fields()) draft[field.name] = field.value;
    sessionStorage.setItem(key, JSON.stringify(draft));
  });
}

export function pleasantForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method !== "get") busy(form, event.submitter);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
  document.addEventListener(
    "invalid",
    (event) => {
      // Where there is no room for words beside it, the browser says it in its own way.
      if (!event.target.closest(".field")) return;
      event.preventDefault();
      complain(event.target);
      const first = event.target.form?.querySelector(":invalid:not(fieldset)");
      if (first === event.target) first.focus();
    },
    true,
  );
  document.addEventListener("input", (event) => forgive(event.target));
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  document.querySelectorAll(".quantity").forEach(stepper);
  document.querySelectorAll("form[data-draft]").forEach(remember);
  document.querySelectorAll("[data-with-script]").forEach((element) => (element.hidden = false));
  document.querySelectorAll("[data-without-script]").forEach((element) => (element.hidden = true));
  const line = document.getElementById("offline");
  const online = () => line && (line.hidden = navigator.onLine);
  addEventListener("online", online);
  addEventListener("offline", online);
  online();
}
