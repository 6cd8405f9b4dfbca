// Says which picture one is looking at while the gallery is swiped.
export function gallery() {
  const list = document.querySelector("[data-gallery]");
  const words = document.querySelector("[data-gallery-place]");
  if (!words) return;
  const count = list.children.length;
  list.addEventListener(
    "scroll",
    () => {
      const now = Math.round(Math.abs(list.scrollLeft) / list.clientWidth) + 1;
      words.textContent = `${now} / ${count}`;
    },
    { passive: true },
  );
}
