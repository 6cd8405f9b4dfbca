// Plays what was drawn: the answer is on the page already, and is only kept back for a moment.
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The drawer's own part in a ticket: nobody who knows the seed can know it. */
function salt(form) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  form.elements.salt.value = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function turn(game, done) {
  const disc = game.querySelector("[data-disc]");
  disc.style.transition = "none";
  disc.style.transform = "rotate(0deg)";
  // Read, so that the turn begins from here.
  disc.getBoundingClientRect();
  disc.style.transition = "";
  disc.classList.add("turning");
  disc.style.transform = `rotate(${game.dataset.turn}deg)`;
  let over = false;
  const end = () => {
    if (!over) done();
    over = true;
  };
  disc.addEventListener("transitionend", end, { once: true });
  setTimeout(end, 4500);
}

function run(game, done) {
  const tiles = [...game.querySelectorAll("[data-tile]")];
  const stops = Number(game.dataset.stops);
  const all = tiles.length * Math.max(2, Math.ceil(12 / tiles.length)) + stops;
  let at = 0;
  const step = () => {
    tiles.forEach((tile, n) => tile.classList.toggle("lit", n === at % tiles.length));
    if (at === all) return done();
    at += 1;
    setTimeout(step, 60 + Math.max(0, at - all + 8) * 35);
  };
  step();
}

function scratch(game, done) {
  const cover = game.querySelector("[data-cover]");
  const button = game.querySelector("[data-uncover]");
  const pen = cover.getContext("2d");
  const style = getComputedStyle(game);
  cover.hidden = button.hidden = false;
  pen.fillStyle = style.getPropertyValue("--line-strong").trim();
  pen.fillRect(0, 0, cover.width, cover.height);
  pen.globalCompositeOperation = "destination-out";
  const touched = new Set();
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    cover.classList.add("gone");
    button.hidden = true;
    done();
  };
  const rub = (event) => {
    if (event.pointerType === "mouse" && !event.buttons) return;
    const box = cover.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * cover.width;
    const y = ((event.clientY - box.top) / box.height) * cover.height;
    pen.beginPath();
    pen.arc(x, y, 22, 0, 2 * Math.PI);
    pen.fill();
    touched.add(`${Math.floor(x / 32)} ${Math.floor(y / 32)}`);
    // About two fifths of its fifty squares.
    if (touched.size > 20) end();
  };
  cover.addEventListener("pointerdown", rub);
  cover.addEventListener("pointermove", rub);
  button.addEventListener("click", end);
}

const plays = { wheel: turn, grid: run, scratch };

export function games() {
  document.querySelectorAll("[data-salted]").forEach((form) => {
    form.addEventListener("submit", () => salt(form));
  });
  document.querySelectorAll("[data-game]").forEach((game) => {
    const result = game.querySelector("[data-result]");
    const show = () => {
      result.classList.remove("kept");
      result.classList.add("shown");
      game.classList.add("played");
    };
    // Seen once: whoever comes back to the page, or wants no motion, reads it at once.
    const seen = `played:${location.search}`;
    if (calm || sessionStorage.getItem(seen)) return show();
    sessionStorage.setItem(seen, "yes");
    result.classList.add("kept");
    plays[game.dataset.game](game, show);
  });
  document.querySelectorAll("[data-packet]").forEach((packet) => {
    if (!calm) packet.classList.add("opening");
  });
}
