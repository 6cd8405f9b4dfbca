// Light, dark or as the system says; remembered in a cookie so that the server draws it right.
const order = ["system", "light", "dark"];

const chosen = () => document.documentElement.dataset.theme || "system";

const show = (button) => {
  const now = chosen();
  const words = button.querySelector("[data-theme-name]");
  if (words) words.textContent = button.dataset[now] || now;
  button.querySelectorAll("[data-theme-icon]").forEach((icon) => {
    icon.toggleAttribute("hidden", icon.dataset.themeIcon !== now);
  });
};

export function themeSwitches() {
  const buttons = document.querySelectorAll("[data-theme-switch]");
  for (const button of buttons) {
    button.hidden = false;
    show(button);
    button.addEventListener("click", () => {
      const next = order[(order.indexOf(chosen()) + 1) % order.length];
      if (next === "system") {
        delete document.documentElement.dataset.theme;
        document.cookie = "theme=; path=/; max-age=0; samesite=lax";
      } else {
        document.documentElement.dataset.theme = next;
        document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
      }
      buttons.forEach(show);
    });
  }
}
