// Passkeys: what the shop gives goes to the device, what the device says goes to the shop. Where a
// browser has none, or the page is seen at another address than the shop's, nothing is offered.
const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const send = async (box, path, body) => {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": box.dataset.csrf },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail || said.title);
  return said;
};

const signIn = async (box) => {
  const options = await send(box, "/api/v1/session/passkey/options", {});
  const key = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  await send(box, "/api/v1/session/passkey", {
    id: key.id,
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  });
  location.assign(box.dataset.next);
};

const add = async (box) => {
  const options = await send(box, "/api/v1/me/passkeys/options", {});
  const known = options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) }));
  const key = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known,
    },
  });
  await send(box, "/api/v1/me/passkeys", {
    name: box.elements.name.value,
    response: {
      clientDataJSON: text(key.response.clientDataJSON),
      attestationObject: text(key.response.attestationObject),
    },
  });
  location.assign(box.dataset.next);
};

const ACTS = { "sign-in": signIn, add };

// What went wrong, in words; whoever changed their mind knows that themselves.
const problem = (box, error) => {
  const place = box.querySelector("[data-passkey-problem]");
  const known = error.name === "InvalidStateError" ? box.dataset.known : "";
  const quiet = error.name === "NotAllowedError" || error.name === "AbortError";
  place.textContent = known || (quiet ? box.dataset.nothing : error.message);
  place.hidden = false;
};

export const passkeys = () => {
  for (const box of document.querySelectorAll("form[data-passkey]")) {
    const here = location.origin === box.dataset.origin;
    const can = Boolean(window.PublicKeyCredential) && here;
    box.hidden = !can;
    const other = box.parentElement.querySelector("[data-passkey-elsewhere]");
    if (other) other.hidden = can;
    if (!can) continue;
    const name = box.elements.name;
    if (name && !name.value) name.value = navigator.userAgentData?.platform || navigator.platform;
    box.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = box.querySelector("button");
      button.disabled = true;
      try {
        await ACTS[box.dataset.passkey](box);
      } catch (error) {
        problem(box, error);
      }
      button.disabled = false;
    });
  }
};
