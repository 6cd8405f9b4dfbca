// Keyboard first: one place that knows which key does what.
import {
    move,
    openRow,
    pickRow
} from "./console-list.js";

const PLACES = {
    h: "/console",
    o: "/console/orders",
    p: "/console/products",
    t: "/console/group-buys",
    s: "/console/stock",
    i: "/console/import",
    l: "/console/ledger",
    a: "/console/audit",
    j: "/console/jobs"
};

export function keyboard(openPalette) {
    const help = document.querySelector("[data-keys]");
    let going = 0;
    const press = (selector) => {
        const target = [...document.querySelectorAll(selector)].find((e) => e.checkVisibility
            ?.() ?? true);
        target?.click();
        return Boolean(target);
    };
    document.addEventListener("keydown", (event) => {
        const mod = event.metaKey || event.ctrlKey;
        if (mod && event.key.toLowerCase() === "k") {
            event.preventDefault();
            openPalette();
            return;
        }
        if (mod && event.key === "Enter") {
            const form = event.target.closest?.("form");
            const button = form?.querySelector("[data-key-save]") || document
                .querySelector("[data-key-save]");
            if (button) {
                event.preventDefault();
                button.click();
            }
            return;
        }
        if (event.key === "Escape" && location.hash === "#rail") {
            location.hash = "main";
            return;
        }
        const typing = event.target.closest?.(
            "input:not([type=checkbox]), textarea, select, [contenteditable]");
        if (mod || event.altKey || event.isComposing || document.querySelector(
                "dialog[open]")) return;
        if (typing) {
            if (event.key === "Escape") typing.blur();
            return;
        }
        if (Date.now() - going < 1200) {
            going = 0;
            const place = PLACES[event.key];
            if (place) {
                event.preventDefault();
                location.assign(place);
                return;
            }
        }
        const done = {
            g: () => (going = Date.now()),
            "/": () => {
                const field = document.querySelector("[data-list-search]");
                if (field) field.focus();
                else openPalette();
                return true;
            },
            "?": () => (help.showModal(), true),
            j: () => move(1),
            k: () => move(-1),
            Enter: () => event.target === document.body && openRow(),
            o: openRow,
            x: pickRow,
            n: () => press("[data-key-new]"),
            u: () => press("[data-key-back]"),
        } [event.key]?.();
        if (done) event.preventDefault();
    });
}