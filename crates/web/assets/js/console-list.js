// Lists: a cursor moved by j and k, chosen rows and what to do with them, filters that apply
// themselves.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row
    .checkVisibility?.() ?? true);
const current = () => document.querySelector("[data-row].is-at");

/** Moves the cursor by `by` rows. */
export function move(by) {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) :
        at + by))];
    current()?.classList.remove("is-at");
    next.classList.add("is-at");
    next.scrollIntoView({
        block: "nearest"
    });
    const target = next.querySelector("[data-row-link]") || next;
    target.focus({
        preventScroll: true
    });
    return true;
}

/** Opens the row under the cursor. */
export function openRow() {
    const link = current()?.querySelector("[data-row-link]");
    link?.click();
    return Boolean(link);
}

/** Chooses or lets go the row under the cursor. */
export function pickRow() {
    const box = current()?.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
}

export function lists() {
    document.addEventListener("focusin", (event) => {
        const row = event.target.closest?.("[data-row]");
        if (row && row !== current() && event.target.matches(":focus-visible")) {
            current()?.classList.remove("is-at");
            row.classList.add("is-at");
        }
    });
    for (const form of document.querySelectorAll("[data-sentence]")) {
        form.addEventListener("change", (event) => event.target.matches("select") && form
            .requestSubmit());
        // Empty answers make long addresses that say nothing.
        form.addEventListener("formdata", (event) => {
            for (const [name, value] of [...event.formData])
                if (value === "") event.formData.delete(name);
        });
    }
    for (const form of document.querySelectorAll("[data-bulk]")) bulk(form);
}

function bulk(form) {
    const bar = form.querySelector("[data-bulk-bar]");
    const all = form.querySelector("[data-bulk-all]");
    const count = form.querySelector("[data-bulk-count]");
    const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
    let last = null;
    const show = () => {
        const n = boxes.filter((box) => box.checked).length;
        bar.classList.toggle("is-on", n > 0);
        count.textContent = count.dataset.text.replace("{n}", n);
        if (all) {
            all.checked = n > 0 && n === boxes.length;
            all.indeterminate = n > 0 && n < boxes.length;
        }
    };
    all?.addEventListener("change", () => {
        for (const box of boxes) box.checked = all.checked;
        show();
    });
    for (const box of boxes) {
        box.addEventListener("click", (event) => {
            if (event.shiftKey && last) {
                const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a,
                    b) => a - b);
                for (const between of boxes.slice(from, to + 1)) between.checked = box
                    .checked;
            }
            last = box;
            show();
        });
    }
    show();
}