// China's cities and districts are picked from lists, which are fetched once the province is
// chosen. What is on no list can be written: who lives there knows better than a shop.
const OTHER = "*";
const fetched = new Map();
const chinese = document.documentElement.lang.startsWith("zh");
const said = ({ name, sound }) => (chinese ? name : `${sound} ${name}`);

function citiesOf(province) {
  if (!province) return [];
  if (!fetched.has(province)) {
    const asked = fetch(`/api/v1/provinces/${encodeURIComponent(province)}`)
      .then((answer) => (answer.ok ? answer.json() : { cities: [] }))
      .then((found) => found.cities)
      .catch(() => []);
    fetched.set(province, asked);
  }
  return fetched.get(province);
}

// A line to write becomes a list to choose from, whenever there is one. Whichever of the two is
// meant has the field's name and so is what the form sends.
function picker(input) {
  const { id, name } = input;
  const select = document.createElement("select");
  select.className = "select";
  select.dataset.wrong = input.dataset.wrong;
  select.autocomplete = input.autocomplete;
  for (const about of ["aria-invalid", "aria-describedby"]) {
    if (input.hasAttribute(about)) select.setAttribute(about, input.getAttribute(about));
  }
  // The label goes over to the list.
  input.ariaLabel = input.labels[0]?.textContent;
  input.removeAttribute("list");

  const written = (yes) => {
    const needed = input.required || select.required;
    input.hidden = !yes;
    [input.name, select.name] = yes ? [name, ""] : ["", name];
    [input.required, select.required] = [needed && yes, needed && !yes];
  };

  select.addEventListener("change", () => {
    const other = select.value === OTHER;
    input.value = other ? "" : select.value;
    written(other);
    if (other) input.focus();
  });

  return {
    value: () => input.value.trim(),
    offer(places) {
      if (!places.length) {
        select.remove();
        input.id = id;
        return written(true);
      }
      const first = new Option(input.dataset.place, "");
      const last = new Option(input.dataset.other, OTHER);
      const options = places.map((one) => new Option(said(one), one.name));
      select.replaceChildren(first, ...options, last);
      // 西湖 is 西湖区; what is no name of the list stays as it was written.
      const typed = input.value.trim();
      const exactly = ({ name }) => name === typed;
      const nearly = ({ name, sound }) => name.startsWith(typed) || sound === typed;
      const known = typed.length > 1 && (places.find(exactly) || places.find(nearly));
      if (known) input.value = known.name;
      select.value = known ? known.name : typed ? OTHER : "";
      if (!select.isConnected) input.before(select);
      input.id = `${id}-written`;
      select.id = id;
      written(select.value === OTHER);
    },
    clear() {
      input.value = "";
      select.value = "";
    },
    is: (target) => target === select || target === input,
  };
}

export async function places() {
  const line = document.querySelector("input[name=city][data-place]");
  if (!line) return;
  const { form } = line;
  const [country, province] = [form.elements.country, form.elements.province];
  const city = picker(line);
  const district = picker(form.elements.district);

  const home = () => country.value === "CN";
  const cities = async () => (home() ? await citiesOf(province.value) : []);
  const offerDistricts = async () => {
    const here = (await cities()).find((one) => one.name === city.value());
    district.offer(here ? here.districts : []);
  };
  const offer = async () => {
    city.offer(await cities());
    await offerDistricts();
  };

  form.addEventListener("change", async ({ target }) => {
    if (target === country) await offer();
    if (target === province) {
      // Another province has other cities.
      city.clear();
      district.clear();
      await offer();
    }
    if (city.is(target)) {
      district.clear();
      await offerDistricts();
    }
  });
  await offer();
}
