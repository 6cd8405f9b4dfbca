// A section that has its own address (#share) rises as a sheet when a link to it is tapped.
// Without script the same link simply scrolls to the section.
let open = null;

function lift(section, opener) {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("aria-labelledby", section.getAttribute("aria-labelledby") || "");
  const place = document.createComment("sheet");
  const wasHidden = section.hidden;
  section.replaceWith(place);
  section.hidden = false;

  const head = document.createElement("div");
  head.className = "sheet-head";
  const title = document.createElement("strong");
  title.textContent = section.dataset.sheet;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet icon-only";
  close.setAttribute("aria-label", section.dataset.closeWord || "Close");
  close.append(icon("cross"));
  close.addEventListener("click", () => history.back());
  head.append(title, close);

  const body = document.createElement("div");
  body.className = "sheet-body";
  body.append(section);
  dialog.append(head, body);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) history.back();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    history.back();
  });
  document.body.append(dialog);
  dialog.showModal();
  open = () => {
    dialog.close();
    section.hidden = wasHidden;
    place.replaceWith(section);
    dialog.remove();
    open = null;
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  };
}

function icon(name) {
  const sample = document.querySelector("svg.icon use");
  const file = sample ? sample.getAttribute("href").split("#")[0] : "/assets/img/icons.svg";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${file}#${name}`);
  svg.append(use);
  return svg;
}

export function sheets() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || open) return;
    const section = document.getElementById(link.getAttribute("href").slice(1));
    if (!section || !("sheet" in section.dataset)) return;
    // On a wide screen a section that is in sight beside the picture needs no sheet.
    if (section.dataset.sheetOn === "phone" && matchMedia("(min-width: 960px)").matches) return;
    event.preventDefault();
    history.pushState({ sheet: section.id }, "", `#${section.id}`);
    lift(section, link);
    section.dispatchEvent(
      new CustomEvent("sheet:open", { bubbles: true, detail: { opener: link } }),
    );
  });
  addEventListener("popstate", () => open && open());
}
