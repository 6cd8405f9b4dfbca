// Does the draws of a campaign again, here and with nothing but the browser's own SHA-256: the same
// steps as `domain::draw::replay`, in the order in which they are told on the page.
const text = new TextEncoder();

async function sha256(words) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(words)));
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The first eight bytes, the highest first.
const number = (bytes) => bytes.slice(0, 8).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);

/** The ticket of a draw, below `sum`, and what it was made of. */
export async function ticket(seed, sum, record) {
  const most = BigInt(sum);
  const all = 1n << 64n;
  const whole = all - (all % most);
  for (let tried = 0; ; tried += 1) {
    const words = `${seed}\ndraw\n${record.number}\n${record.draw}\n${record.salt}\n${tried}\n`;
    const digest = await sha256(words);
    const drawn = number(digest);
    // Numbers of the last, incomplete round are passed over.
    if (drawn < whole) return { ticket: drawn % most, words, digest: hex(digest), drawn };
  }
}

/** On which prize a ticket falls. */
export function falls(prizes, drawn) {
  let above = 0n;
  return prizes.findIndex((prize) => {
    above += BigInt(prize.weight);
    return drawn < above;
  });
}

/** Every draw in order. Answers with the first that differs, and with each one's steps. */
export async function replay(proof, records, each = () => {}) {
  if (hex(await sha256(proof.seed)) !== proof.hash) return { seed: false };
  const left = proof.prizes.map((prize) => prize.stock);
  let expected = 1;
  for (const record of records) {
    if (record.number !== expected) return { seed: true, differs: expected };
    expected += 1;
    const made = await ticket(proof.seed, proof.sum, record);
    const fell = falls(proof.prizes, made.ticket);
    const gone = left[fell] !== null && left[fell] < 1;
    const wins = gone ? proof.prizes.length - 1 : fell;
    const same = made.ticket === BigInt(record.ticket) && fell === record.fell_on;
    each(record, { ...made, fell, gone, wins, same: same && wins === record.wins });
    if (!same || wins !== record.wins) return { seed: true, differs: record.number };
    if (left[wins] !== null) left[wins] -= 1;
  }
  return { seed: true, done: records.length };
}

async function load(address) {
  let proof;
  const records = [];
  let after = 0;
  do {
    const headers = { accept: "application/json" };
    const answer = await fetch(`${address}?after=${after}`, { headers });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = await answer.json();
    proof = page.proof;
    records.push(...page.records);
    after = page.next;
  } while (after);
  return { proof, records };
}

export function proofs() {
  const page = document.querySelector("[data-proof]");
  const verdict = page.querySelector("[data-verdict]");
  const steps = page.querySelector("[data-steps]");
  if (!verdict) return;
  const say = (words, good) => {
    verdict.hidden = false;
    verdict.textContent = words;
    verdict.classList.toggle("good", good);
    verdict.classList.toggle("bad", !good);
  };
  const show = (proof, record, made) => {
    const lines = [
      `SHA-256(${JSON.stringify(made.words)})`,
      `= ${made.digest}`,
      `${made.drawn} mod ${proof.sum} = ${made.ticket}`,
      `→ ${proof.prizes[made.fell].name}`,
      ...(made.gone ? [`0 → ${proof.prizes[made.wins].name}`] : []),
    ];
    steps.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
    steps.hidden = false;
  };
  const run = async (only) => {
    // Browsers give it to pages of HTTPS and of this machine alone.
    if (!globalThis.crypto?.subtle) return say(verdict.dataset.none, false);
    const { proof, records } = await load(page.dataset.proof);
    if (!proof.seed) return;
    const came = await replay(proof, records, (record, made) => {
      if (record.number === only || (!only && record.number === records.length)) {
        show(proof, record, made);
      }
      const row = page.querySelector(`[data-record="${record.number}"]`);
      row?.classList.add(made.same ? "same" : "differs");
    });
    if (!came.seed) return say(verdict.dataset.badSeed, false);
    if (came.differs) return say(verdict.dataset.bad.replace("{n}", came.differs), false);
    say(verdict.dataset.good.replace("{n}", came.done), true);
  };
  // Shown when there is somebody to hear them.
  page.querySelectorAll("[data-all], [data-one]").forEach((button) => (button.hidden = false));
  page.addEventListener("click", (event) => {
    const button = event.target.closest("[data-all], [data-one]");
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    run(Number(button.dataset.one) || 0)
      .catch(() => say(verdict.dataset.none, false))
      .finally(() => button.removeAttribute("aria-busy"));
  });
}
