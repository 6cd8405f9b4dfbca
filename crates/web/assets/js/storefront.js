// The only script a storefront page names. It fetches a behaviour when the page has use for it.
import { themeSwitches } from "./theme.js";
import { pleasantForms } from "./form.js";

const wants = (selector, load) => {
  if (document.querySelector(selector)) load();
};

themeSwitches();
pleasantForms();
wants("[data-until]", () => import("./countdown.js").then((m) => m.countdowns()));
wants("[data-sheet]", () => import("./sheet.js").then((m) => m.sheets()));
wants("[data-share], [data-copy]", () => import("./share.js").then((m) => m.sharing()));
wants("[data-live]", () => import("./live.js").then((m) => m.live()));
wants("[data-chooser]", () => import("./chooser.js").then((m) => m.chooser()));
wants("[data-gallery]", () => import("./gallery.js").then((m) => m.gallery()));
wants("[data-delivery]", () => import("./checkout.js").then((m) => m.checkout()));
wants("input[data-place]", () => import("./place.js").then((m) => m.places()));
wants("[data-suggest]", () =>
  import("./suggest.js").then(({ suggest }) =>
    document.querySelectorAll("[data-suggest]").forEach((input) => suggest(input)),
  ),
);
wants("[data-passkey]", () => import("./passkey.js").then((m) => m.passkeys()));
wants("[data-heart]", () => import("./heart.js").then((m) => m.hearts()));
wants("[data-refresh]", () => import("./refresh.js").then((m) => m.refresh()));
wants("[data-game], [data-salted], [data-packet]", () =>
  import("./game.js").then((m) => m.games()),
);
wants("[data-proof]", () => import("./proof.js").then((m) => m.proofs()));
