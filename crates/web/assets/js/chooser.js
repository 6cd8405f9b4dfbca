// Choosing a variant: the price, the stock and the picture follow; what is sold out says so.
// The form sends the options themselves, so it needs none of this to work.
function price(element, parts) {
  if (!element || !parts) return;
  const spans = ["cur", "int", "dec"].map((name, i) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = parts[i];
    return span;
  });
  element.replaceChildren(...spans);
}

export function chooser() {
  const form = document.querySelector("[data-chooser]");
  const data = document.getElementById(form.dataset.chooser);
  const variants = data ? JSON.parse(data.textContent) : [];
  const picked = () => {
    const all = new FormData(form);
    return ["o1", "o2", "o3"].map((name) => all.get(name)).filter((value) => value !== null);
  };
  const fits = (variant, values) => values.every((value, i) => variant.options[i] === value);

  function follow() {
    const values = picked();
    const variant = variants.find((v) => fits(v, values));
    form.querySelectorAll(".choice input").forEach((input) => {
      const i = Number(input.name.slice(1)) - 1;
      const wish = values.with ? values.with(i, input.value) : [...values];
      wish[i] = input.value;
      const match = variants.find((v) => fits(v, wish));
      input.closest(".choice").classList.toggle("gone", !match || match.left === 0);
    });
    if (!variant) return;
    document
      .querySelectorAll("[data-price-alone]")
      .forEach((element) => price(element, variant.alone));
    document
      .querySelectorAll("[data-price-together]")
      .forEach((element) => price(element, variant.together));
    document.querySelectorAll("[data-chosen]").forEach((element) => {
      element.textContent = variant.options.join(" · ");
    });
    form.querySelectorAll("[data-left]").forEach((element) => {
      element.textContent = variant.stock;
    });
    form.querySelectorAll("[data-chosen-picture]").forEach((element) => {
      if (variant.picture) element.src = variant.picture;
    });
    form.querySelectorAll("button[name=do]").forEach((button) => {
      button.disabled = variant.left === 0 || (button.value === "open" && !variant.together);
    });
  }

  form.addEventListener("change", follow);
  form.addEventListener("sheet:open", (event) => {
    const want = event.detail.opener.dataset.want;
    if (want) form.dataset.want = want;
    else delete form.dataset.want;
  });
  follow();
}
