// While the bank is being asked, look again by itself: soon at first, then less often. Whoever is
// leaving for another page is not called back.
export function refresh() {
  const look = Number(document.querySelector("[data-refresh]").dataset.refresh);
  const next = new URL(location.href);
  next.searchParams.set("look", look + 1);
  const again = setTimeout(() => location.replace(next), 700 * 1.5 ** look);
  addEventListener("beforeunload", () => clearTimeout(again));
}
