// Forms: unsaved changes are guarded, a second press does nothing, files can be dropped,
// secrets copied.
export function forms() {
    document.querySelector("[data-focus]")?.focus();
    forgetSaid();
    for (const box of document.querySelectorAll(".c-ticks")) {
        const chosen = box.querySelector(":checked");
        if (chosen) box.scrollTop = chosen.closest("label").offsetTop - 40;
    }
    guard();
    once();
    drop();
    copy();
    variants();
    for (const button of document.querySelectorAll("[data-ask]")) {
        button.addEventListener("click", (event) => {
            if (!confirm(button.dataset.ask)) event.preventDefault();
        });
    }
}

// What was just done is said once: a reload or a kept address does not say it again.
function forgetSaid() {
    const here = new URL(location.href);
    if (!here.searchParams.has("said")) return;
    here.searchParams.delete("said");
    here.searchParams.delete("n");
    history.replaceState(null, "", here);
}

function guard() {
    for (const form of document.querySelectorAll("[data-guard]")) {
        const before = new URLSearchParams(new FormData(form)).toString();
        let leaving = false;
        form.addEventListener("submit", () => (leaving = true));
        window.addEventListener("beforeunload", (event) => {
            if (!leaving && new URLSearchParams(new FormData(form)).toString() !== before)
                event.preventDefault();
        });
    }
}

// The server is safe against twice-sent forms; this keeps the person from wondering.
function once() {
    document.addEventListener("submit", (event) => {
        const button = event.submitter;
        if (event.defaultPrevented || event.target.method !== "post" || !button) return;
        if (button.getAttribute("aria-busy") === "true") {
            event.preventDefault();
            return;
        }
        button.setAttribute("aria-busy", "true");
        setTimeout(() => button.removeAttribute("aria-busy"), 8000);
    });
    window.addEventListener("pageshow", () => {
        for (const button of document.querySelectorAll("[aria-busy]")) button
            .removeAttribute("aria-busy");
    });
}

function drop() {
    for (const form of document.querySelectorAll("[data-drop]")) {
        const input = form.querySelector("input[type=file]");
        const name = form.querySelector("[data-drop-name]");
        const show = () => {
            if (input.files.length) name.textContent = [...input.files].map((file) => file
                .name).join(" · ");
        };
        input.addEventListener("change", show);
        for (const kind of ["dragenter", "dragover"]) {
            form.addEventListener(kind, (event) => {
                event.preventDefault();
                form.classList.add("is-over");
            });
        }
        for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList
            .remove("is-over"));
        form.addEventListener("drop", (event) => {
            event.preventDefault();
            input.files = event.dataTransfer.files;
            show();
        });
    }
}

function copy() {
    for (const button of document.querySelectorAll("[data-copy]")) {
        button.hidden = false;
        const said = button.textContent;
        button.addEventListener("click", async () => {
            await navigator.clipboard.writeText(button.parentElement.querySelector(
                "[data-copy-text]").textContent);
            button.textContent = button.dataset.copied || "✓";
            setTimeout(() => (button.textContent = said), 1600);
        });
    }
}

// One more row of the variant table: the last one again, empty, with the next number.
function variants() {
    for (const button of document.querySelectorAll("[data-add-variant]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
            const body = document.querySelector("[data-variants] tbody");
            const row = body.rows[body.rows.length - 1].cloneNode(true);
            for (const input of row.querySelectorAll("input")) {
                input.name = input.name.replace(/^v\d+/, `v${body.rows.length}`);
                if (!/_(price|grams)$/.test(input.name)) input.value = "";
            }
            row.querySelector("td:last-child a")?.remove();
            body.append(row);
            row.querySelector("input:not([type=hidden])").focus();
        });
    }
}