// Champ de recherche de territoire : combobox ARIA, insensible aux accents et aux traits d'union.
// data = { url, levels, label, placeholder, current, extra, limit } ; émet « choix » = "niveau:code".
const indexes = new Map();

const flat = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[^a-z0-9]+/g, " ").trim()
    .replace(/\bste\b/g, "sainte").replace(/\bst\b/g, "saint");

const LEVEL_WORDS = {
  france: "pays", region: "région", departement: "département", epci: "intercommunalité",
  commune: "commune", arrondissement: "arrondissement", qpv: "quartier prioritaire",
  dispositif: "dispositif",
};

const prepare = (rows) => rows.map(([level, code, label, detail, postal = "", former = ""], rank) => ({
  level, code, label, detail, postal, former, rank, flat: flat(label), key: `${level}:${code}`,
}));

function load(url) {
  if (!indexes.has(url)) {
    const loading = fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(prepare);
    loading.catch(() => indexes.delete(url));
    indexes.set(url, loading);
  }
  return indexes.get(url);
}

// Ce que le champ propose en premier (son premier niveau) passe devant, quatre au plus : qui tape
// le nom de sa ville voit son CLSM avant les homonymes.
const LEADING = 4;
const POSTAL = /^\d{5}$/;

// Un code postal est d’abord un code postal (97110 est Pointe-à-Pitre, puis La Désirade dont c’est
// le code Insee) ; « 93 » est le département, puis la région ; un code d’hier (98511) mène à la
// commune d’aujourd’hui (97611).
const BY_POST = 1, BY_CODE = 3, BY_FORMER = 3.5;

function score(entry, words, asked) {
  if (entry.postal && POSTAL.test(asked) && entry.postal.split(" ").includes(asked)) {
    return BY_POST - (entry.level === "arrondissement");
  }
  if (entry.code.toLowerCase() === asked) return BY_CODE - (entry.level === "departement");
  if (entry.former && entry.former.toLowerCase().split(" ").includes(asked)) return BY_FORMER;
  if (entry.flat === asked) return 4;
  if (entry.flat.startsWith(asked)) return 5;
  let at = 0;
  for (const word of words) {
    const here = ` ${entry.flat}`.indexOf(` ${word}`);
    if (here < 0) return -1;
    at += here;
  }
  return at === 0 ? 6 : 7;
}

function search(entries, text, levels, limit) {
  const asked = flat(text);
  if (!asked) return entries.filter((e) => levels.includes(e.level)).slice(0, limit);
  const words = asked.split(" ");
  const found = [];
  for (const entry of entries) {
    if (!levels.includes(entry.level)) continue;
    const s = score(entry, words, asked);
    if (s >= 0) found.push([s, entry]);
  }
  found.sort((a, b) => a[0] - b[0] || a[1].rank - b[1].rank);
  const coded = found.filter((f) => f[0] <= BY_FORMER).map(([s, entry]) => {
    const kind = s <= BY_POST ? "code postal" : s === BY_FORMER ? "ancien code"
      : entry.postal ? "code Insee" : "code";
    const code = entry.detail === entry.code ? "" : `${kind} ${asked.toUpperCase()}`;
    return { ...entry, detail: [entry.detail, code].filter(Boolean).join(" · ") };
  });
  const named = found.filter((f) => f[0] > BY_FORMER).map((f) => f[1]);
  const leading = named.filter((e) => e.level === levels[0]).slice(0, LEADING);
  const others = [...leading, ...named.filter((e) => !leading.includes(e))];
  return [...coded, ...others.slice(0, Math.max(limit - coded.length, 0))];
}

export default function (component) {
  const { data, setTriggerValue, parentElement } = component;
  let root = parentElement.querySelector(".champ");
  if (root) { root.refresh(data); return; }

  root = document.createElement("div");
  root.className = "champ";
  const id = `t${Math.random().toString(36).slice(2)}`;
  const label = document.createElement("label");
  label.htmlFor = id;
  const box = document.createElement("div");
  box.className = "boite";
  const input = document.createElement("input");
  Object.assign(input, { id, type: "text", autocomplete: "off", spellcheck: false });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", `${id}-liste`);
  const list = document.createElement("ul");
  list.id = `${id}-liste`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  const status = document.createElement("div");
  status.className = "annonce";
  status.setAttribute("role", "status");
  box.append(input, list, status);
  root.append(label, box);
  parentElement.append(root);

  let now = data, shown = [], active = -1, choosing = 0;

  const say = (text, seen = false) => {
    status.textContent = text;
    status.classList.toggle("vue", seen);
  };
  const close = () => {
    list.hidden = true; active = -1;
    status.classList.remove("vide");
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const restore = () => { input.value = now.current || ""; say(""); close(); };
  const mark = (position) => {
    active = position;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    if (active >= 0 && list.children[active]) {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }
  };
  const choose = (entry) => {
    input.value = entry.label;
    now = { ...now, current: entry.label };
    say("");
    close();
    setTriggerValue("choix", entry.key);
  };
  const draw = (entries) => {
    shown = entries;
    list.replaceChildren(...entries.map((entry, i) => {
      const item = document.createElement("li");
      item.id = `${id}-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = entry.label;
      const kind = document.createElement("small");
      kind.textContent = [LEVEL_WORDS[entry.level], entry.detail].filter(Boolean).join(" · ");
      item.append(name, kind);
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(entry); });
      return item;
    }));
    list.hidden = entries.length === 0;
    input.setAttribute("aria-expanded", String(entries.length > 0));
    if (entries.length) say(`${entries.length} proposition${entries.length > 1 ? "s" : ""}`);
    else say("Aucun territoire de ce nom : vérifiez l’orthographe ou essayez le code.", true);
    status.classList.toggle("vide", entries.length === 0);
    mark(entries.length ? 0 : -1);
  };
  const propose = async () => {
    const turn = ++choosing;
    try {
      const entries = [...prepare(now.extra || []), ...(await load(now.url))];
      if (turn === choosing) draw(search(entries, input.value, now.levels, now.limit || 12));
    } catch (error) {
      say("La liste des territoires n’a pas pu être chargée : rechargez la page.", true);
      status.classList.add("vide");
    }
  };

  input.addEventListener("focus", () => { input.select(); load(now.url).catch(() => {}); });
  input.addEventListener("input", propose);
  input.addEventListener("blur", restore);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { propose(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && !list.hidden && shown[active]) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === "Escape") {
      restore();
    }
  });

  root.refresh = (fresh) => {
    const changed = fresh.current !== now.current;
    now = fresh;
    label.textContent = fresh.label;
    input.placeholder = fresh.placeholder || "";
    const focused = parentElement.activeElement === input;
    if (changed || !focused) input.value = fresh.current || "";
  };
  root.refresh(data);
  input.value = data.current || "";
}
