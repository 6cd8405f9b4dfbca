// Light or dark, kept in a cookie the server reads, so that the next page comes in the
// right colours.
export function theme() {
    const root = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
            const now = root.dataset.theme || (dark.matches ? "dark" : "light");
            const next = now === "dark" ? "light" : "dark";
            root.dataset.theme = next;
            document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
        });
    }
}