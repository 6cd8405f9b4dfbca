// Liking something without leaving the page. Without this the heart's form does the same.
export const hearts = () => {
  document.querySelectorAll("[data-heart]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      like(form);
    });
  });
};

const like = async (form) => {
  const button = form.querySelector("button");
  const on = button.value === "1";
  const show = (liked) => {
    button.value = liked ? "0" : "1";
    button.setAttribute("aria-pressed", String(liked));
  };
  show(on);
  const fields = new FormData(form);
  const answer = await fetch(`/api/v1/favourites/${fields.get("product")}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": fields.get("csrf") },
    body: JSON.stringify({ liked: on }),
  }).catch(() => null);
  if (answer && answer.ok) return;
  show(!on);
  // The form knows what to say.
  fields.set("liked", on ? "1" : "0");
  form.submit();
};
