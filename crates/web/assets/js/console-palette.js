// The command palette: asks the server as one types, moves with the arrows, opens with Enter.
const SPRITE = "/assets/img/icons.svg#";

/** Prepares the palette and gives back what opens it. */
export function palette() {
    const dialog = document.querySelector("[data-palette]");
    if (!dialog?.showModal) return () => {};
    const input = dialog.querySelector("input");
    const list = dialog.querySelector("[role=listbox]");
    let asked = 0;
    let at = 0;
    let stop = null;

    const options = () => [...list.querySelectorAll("[role=option]")];
    const point = (index) => {
        const all = options();
        at = all.length ? (index + all.length) % all.length : 0;
        all.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
        if (all[at]) {
            input.setAttribute("aria-activedescendant", all[at].id);
            all[at].scrollIntoView({
                block: "nearest"
            });
        } else input.removeAttribute("aria-activedescendant");
    };

    const draw = (groups) => {
        list.replaceChildren();
        let n = 0;
        for (const group of groups) {
            const box = document.createElement("div");
            box.setAttribute("role", "group");
            box.setAttribute("aria-label", group.label);
            const head = document.createElement("h3");
            head.textContent = group.label;
            head.setAttribute("aria-hidden", "true");
            box.append(head);
            for (const hit of group.items) {
                const option = document.createElement("a");
                option.href = hit.href;
                option.id = `palette-${n++}`;
                option.setAttribute("role", "option");
                option.tabIndex = -1;
                option.append(icon(hit.icon), words("span", hit.label));
                if (hit.detail) option.append(words("small", hit.detail));
                option.addEventListener("pointermove", () => point(options().indexOf(
                option)));
                box.append(option);
            }
            list.append(box);
        }
        if (!n) list.append(words("p", dialog.dataset.empty));
        point(0);
    };

    const ask = async () => {
        const mine = ++asked;
        stop?.abort();
        stop = new AbortController();
        try {
            const query = new URLSearchParams({
                q: input.value
            });
            const answer = await fetch(`${dialog.dataset.endpoint}?${query}`, {
                signal: stop.signal
            });
            if (answer.ok && mine === asked) draw((await answer.json()).groups);
        } catch {
            // A newer question replaced this one, or the line is down: what is shown stays.
        }
    };

    let wait = 0;
    input.addEventListener("input", () => {
        clearTimeout(wait);
        wait = setTimeout(ask, 90);
    });
    dialog.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            point(at + (event.key === "ArrowDown" ? 1 : -1));
        } else if (event.key === "Enter") {
            event.preventDefault();
            const target = options()[at];
            if (target && (event.metaKey || event.ctrlKey)) window.open(target.href,
                "_blank", "noopener");
            else target?.click();
        }
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

    const open = () => {
        if (dialog.open) return dialog.close();
        input.value = "";
        dialog.showModal();
        input.focus();
        ask();
    };
    for (const link of document.querySelectorAll("[data-palette-open]")) {
        link.addEventListener("click", (event) => {
            event.preventDefault();
            open();
        });
    }
    return open;
}

function words(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
}

function icon(name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", SPRITE + name);
    svg.append(use);
    return svg;
}