// Another way to ship: the fee, the total and the button follow at once.
export function checkout() {
  const box = document.querySelector("[data-delivery]");
  box.addEventListener("change", (event) => {
    const { fee, cur, int, dec, pay } = event.target.dataset;
    const set = (selector, text) =>
      document.querySelectorAll(selector).forEach((element) => (element.textContent = text));
    set("[data-shipping]", fee);
    set("[data-total] .cur", cur);
    set("[data-total] .int", int);
    set("[data-total] .dec", dec);
    set("button[data-pay]", pay);
  });
}
