// While the bank is being asked, look again by itself: soon at first, then less often.
export function refresh() {
  const first = Number(document.querySelector("[data-refresh]").dataset.refresh) || 2;
  const tries = Number(sessionStorage.getItem(location.pathname) || 0);
  if (tries > 20) return;
  sessionStorage.setItem(location.pathname, tries + 1);
  setTimeout(() => location.reload(), Math.min(first * 1000 * 1.3 ** tries, 15000));
}
