// A poster: what is shared and the code to scan, as one picture to send on. The phone draws it,
// since it has the letters of every language and the shop's colours at hand.
const WIDTH = 750;
const EDGE = 48;
const INSIDE = WIDTH - 2 * EDGE;
const CODE = 188;
const ROUND = 28;
const KIND = "image/jpeg";
const QUALITY = 0.92;

const load = async (src) => {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
};

// Where a line may end: between the words of a language, Chinese among them.
function words(text) {
  if (!Intl.Segmenter) return [...text];
  const cutter = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
  return [...cutter.segment(text)].map((part) => part.segment);
}

function lines(pen, text, width, most) {
  const done = [];
  let line = "";
  for (const word of words(text)) {
    if (line && pen.measureText(line + word).width > width) {
      done.push(line.trim());
      line = "";
    }
    line += word;
  }
  if (line.trim()) done.push(line.trim());
  if (done.length <= most) return done;
  let last = done[most - 1];
  while (last && pen.measureText(`${last}…`).width > width) {
    last = [...last].slice(0, -1).join("");
  }
  return [...done.slice(0, most - 1), `${last}…`];
}

function box(pen, x, y, width, height, round) {
  pen.beginPath();
  pen.roundRect(x, y, width, height, round);
}

// The middle of a picture, cut to a square.
function square(pen, image, x, y, side) {
  const from = Math.min(image.naturalWidth, image.naturalHeight);
  const [left, top] = [(image.naturalWidth - from) / 2, (image.naturalHeight - from) / 2];
  pen.save();
  box(pen, x, y, side, side, ROUND);
  pen.clip();
  pen.drawImage(image, left, top, from, from, x, y, side, side);
  pen.restore();
}

// The shop's pinwheel, where there is no picture of goods.
function wheel(pen, x, y, size, colour) {
  pen.save();
  pen.translate(x, y);
  pen.fillStyle = colour;
  for (let vane = 0; vane < 4; vane += 1) {
    pen.rotate(Math.PI / 2);
    pen.globalAlpha = vane % 2 ? 0.12 : 0.2;
    pen.beginPath();
    pen.moveTo(0, 0);
    pen.lineTo(0, -size);
    pen.quadraticCurveTo(size * 0.9, -size * 0.9, size * 0.5, -size * 0.5);
    pen.closePath();
    pen.fill();
  }
  pen.restore();
}

async function draw({ shop, kind, title, worth, before, from, hint, picture, code }) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const family = getComputedStyle(document.body).fontFamily;
  const canvas = document.createElement("canvas");
  let pen = canvas.getContext("2d");
  const font = (size, weight = 400) => (pen.font = `${weight} ${size}px ${family}`);

  const scan = await load(code);
  const goods = picture ? await load(picture).catch(() => null) : null;
  font(38, 700);
  const heading = lines(pen, title, INSIDE, 2);
  const top = EDGE + 56;
  const shown = goods ? INSIDE : 360;
  const said = heading.length * 52 + (worth && goods ? 84 : 0);
  const height = top + shown + 40 + said + 48 + CODE + 40 + EDGE;
  canvas.width = WIDTH;
  canvas.height = height;
  pen = canvas.getContext("2d");
  pen.textBaseline = "middle";

  pen.fillStyle = colour("paper");
  pen.fillRect(0, 0, WIDTH, height);

  // The shop, and what kind of thing this is.
  font(26, 600);
  const badge = kind ? pen.measureText(kind).width + 40 : 0;
  pen.fillStyle = colour("ink-soft");
  pen.fillText(lines(pen, shop, INSIDE - badge - 24, 1)[0] || "", EDGE, EDGE + 16);
  if (kind) {
    pen.fillStyle = colour("accent-wash");
    box(pen, WIDTH - EDGE - badge, EDGE - 8, badge, 48, 24);
    pen.fill();
    pen.fillStyle = colour("accent-text");
    pen.fillText(kind, WIDTH - EDGE - badge + 20, EDGE + 17);
  }

  // The goods, or what is to be won.
  if (goods) {
    square(pen, goods, EDGE, top, INSIDE);
  } else {
    pen.fillStyle = colour("accent-fill");
    box(pen, EDGE, top, INSIDE, shown, ROUND);
    pen.fill();
    pen.save();
    pen.clip();
    wheel(pen, WIDTH - EDGE - 90, top + 100, 190, colour("on-accent"));
    pen.restore();
    pen.fillStyle = colour("on-accent");
    const large = worth || kind || shop;
    let size = 96;
    do font(size, 800);
    while (pen.measureText(large).width > INSIDE - 96 && (size -= 6) > 36);
    pen.fillText(lines(pen, large, INSIDE - 96, 1)[0], EDGE + 48, top + shown / 2);
  }

  let y = top + shown + 40 + 20;
  font(38, 700);
  pen.fillStyle = colour("ink");
  for (const line of heading) {
    pen.fillText(line, EDGE, y);
    y += 52;
  }
  if (worth && goods) {
    y += 20;
    font(52, 800);
    pen.fillStyle = colour("accent-text");
    pen.fillText(worth, EDGE, y);
    const at = EDGE + pen.measureText(worth).width + 20;
    if (before && before !== worth) {
      font(28);
      pen.fillStyle = colour("ink-faint");
      pen.fillText(before, at, y + 6);
      pen.fillRect(at, y + 5, pen.measureText(before).width, 2);
    }
    y += 64;
  }

  // Who sends it, and the way in.
  const foot = height - EDGE - CODE - 20;
  pen.fillStyle = colour("line");
  pen.fillRect(EDGE, foot - 20, INSIDE, 2);
  pen.fillStyle = "#fff";
  box(pen, WIDTH - EDGE - CODE, foot + 16, CODE, CODE, 16);
  pen.fill();
  pen.imageSmoothingEnabled = false;
  pen.drawImage(scan, WIDTH - EDGE - CODE + 14, foot + 30, CODE - 28, CODE - 28);
  pen.fillStyle = colour("ink");
  font(32, 600);
  let line = foot + 16 + CODE / 2 - (from ? 24 : 0);
  if (from) {
    pen.fillText(lines(pen, from, INSIDE - CODE - 40, 1)[0], EDGE, line);
    line += 52;
  }
  font(26);
  pen.fillStyle = colour("ink-soft");
  pen.fillText(hint, EDGE, line);
  return canvas;
}

/** Draws the poster of the section `button` is in, and shows it there. */
export async function poster(button) {
  const section = button.closest(".share");
  const shown = section.querySelector("[data-poster-shown]");
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  button.disabled = true;
  try {
    const code = section.querySelector("[data-poster-code]").src;
    const canvas = await draw({ ...button.dataset, code });
    const src = canvas.toDataURL(KIND, QUALITY);
    const image = new Image();
    image.src = src;
    image.alt = button.dataset.alt;
    await image.decode();
    shown.prepend(image);
    shown.querySelector("[data-poster-save]").href = src;
    const bytes = await new Promise((done) => canvas.toBlob(done, KIND, QUALITY));
    const file = new File([bytes], `${button.dataset.shop}.jpg`, { type: KIND });
    const send = shown.querySelector("[data-poster-send]");
    if (navigator.canShare && navigator.canShare({ files: [file] })) {
      send.hidden = false;
      send.addEventListener("click", () => navigator.share({ files: [file] }).catch(() => {}));
    }
    section.querySelector("[data-poster-hides]").hidden = true;
    button.hidden = true;
    shown.hidden = false;
  } catch {
    button.disabled = false;
    label.textContent = button.dataset.failed;
    setTimeout(() => (label.textContent = before), 2400);
  }
}
