// Time left, counted against the server's clock. The exact end stays in the title and datetime.
import { serverNow } from "./clock.js";

const two = (n) => String(n).padStart(2, "0");

function draw(element) {
  const left = Math.max(0, Math.floor((Number(element.dataset.until) - serverNow()) / 1000));
  const days = Math.floor(left / 86400);
  const clock = [Math.floor((left % 86400) / 3600), Math.floor((left % 3600) / 60), left % 60];
  const boxed = !element.classList.contains("plain");
  const dayWords = days ? (element.dataset.days || "{n} d").replace("{n}", days) : "";
  if (boxed) {
    let day = element.querySelector("[data-day]");
    let parts = element.querySelectorAll("b");
    if (parts.length !== 3) {
      element.replaceChildren();
      day = document.createElement("span");
      day.dataset.day = "";
      element.append(day);
      clock.forEach((_, i) => {
        if (i) element.append(":");
        element.append(document.createElement("b"));
      });
      parts = element.querySelectorAll("b");
    }
    if (day) day.textContent = dayWords ? `${dayWords} ` : "";
    clock.forEach((n, i) => {
      if (parts[i].textContent !== two(n)) parts[i].textContent = two(n);
    });
  } else {
    element.textContent = `${dayWords ? `${dayWords} ` : ""}${clock.map(two).join(":")}`;
  }
  element.classList.toggle("soon", left > 0 && left < 3600);
  if (left === 0 && !element.dataset.over) {
    element.dataset.over = "yes";
    document.dispatchEvent(new CustomEvent("countdown:over", { detail: element }));
  }
}

export function countdowns() {
  const tick = () => {
    document.querySelectorAll("[data-until]").forEach(draw);
    setTimeout(tick, 1000 - (serverNow() % 1000) + 5);
  };
  tick();
}
