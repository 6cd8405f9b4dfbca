// The console's entry: loads each behaviour. Every page works without any of them.
import {
    keyboard
} from "./console-keys.js";
import {
    palette
} from "./console-palette.js";
import {
    lists
} from "./console-list.js";
import {
    forms
} from "./console-form.js";
import {
    preview
} from "./console-preview.js";
import {
    picks
} from "./console-pick.js";
import {
    theme
} from "./console-theme.js";
import {
    passkeys
} from "./passkey.js";

document.documentElement.classList.add("c-js");
const mac = /Mac|iPhone|iPad/.test(navigator.platform);
for (const key of document.querySelectorAll("[data-mod-k]")) key.textContent = mac ? "⌘ K" :
    "Ctrl K";
for (const key of document.querySelectorAll("[data-mod-enter]")) key.textContent = mac ? "⌘ ↵" :
    "Ctrl ↵";

const open = palette();
lists();
forms();
preview();
picks();
theme();
passkeys();
keyboard(open);
if (document.querySelector("[data-place]")) import("./place.js").then((m) => m.places());
for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
}