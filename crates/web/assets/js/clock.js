// The server's time. A phone's own clock may be minutes wrong; an offer's end may not.
let offset = 0;
const meta = document.querySelector('meta[name="server-now"]');
if (meta) {
  const [navigation] = performance.getEntriesByType("navigation");
  const received = performance.timeOrigin + (navigation ? navigation.responseStart : 0);
  offset = Number(meta.content) - received;
}

export const serverNow = () => Date.now() + offset;
