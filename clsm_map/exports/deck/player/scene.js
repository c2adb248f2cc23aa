// One scene: its words, its visual (maps or a figure) and what stands beside it.

const SMALLEST = 20;
const LARGEST = 28;
const MOST = 6;
const READABLE = 26;
const BESIDE = 24;
const LEGIBLE = 23;
const LIGHTER = ["sans-note", "sans-echelle", "sans-siege"];

const overflows = (box) =>
  box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;

// What explains the least goes first; the text is reduced only then.
const fitLegend = (box, least) => {
  box.classList.remove(...LIGHTER);
  box.style.setProperty("--l", LARGEST);
  for (const name of LIGHTER) {
    if (!overflows(box)) return true;
    box.classList.add(name);
  }
  for (let size = LARGEST - 1; size >= least && overflows(box); size -= 1) {
    box.style.setProperty("--l", size);
  }
  return !overflows(box);
};

// Names the lines that a crowded legend may leave out: sizes of circles, seats.
const nameLines = (box) => {
  for (const section of box.querySelectorAll("section")) {
    const title = section.querySelector("h3");
    if (title && title.textContent === "Quartiers") section.classList.add("clsm-quartiers");
  }
  for (const drawing of box.querySelectorAll("svg:not([viewBox])")) {
    const [width, height] = ["width", "height"].map((name) => drawing.getAttribute(name));
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }
  for (const line of box.querySelectorAll("li")) {
    if (/^[\d\s]+hab(itants|\.)/.test(line.textContent.trim())) line.classList.add("clsm-taille");
    if (line.textContent.trim().startsWith("Siège")) line.classList.add("clsm-siege");
  }
};

// Figures keep their size of reading: values are reduced, then the last figures are left to the
// handout.
const fitFigures = (list, most) => {
  const items = [...list.children];
  items.forEach((item, i) => { item.hidden = i >= most; });
  list.style.removeProperty("--v");
  const values = list.querySelectorAll(".valeur");
  const least = 44;
  let size = parseFloat(getComputedStyle(list).getPropertyValue("--v"));
  const crowded = () => overflows(list) || [...values].some((v) => v.scrollWidth > v.clientWidth + 1);
  while (crowded() && size > least) list.style.setProperty("--v", (size -= 2));
  for (let left = Math.min(items.length, most); overflows(list) && left > 1; left -= 1) items[left - 1].hidden = true;
};

const parts = (sentences) => sentences.flatMap((text) => text.match(/[^.]+(?:\.(?!\s|$)[^.]*)*\.?\s*/g) || []);

// Whole sentences, as many as hold; the others are one key away.
const fitSentences = ({ node, sentences }) => {
  let shown = sentences.length;
  const write = () => {
    const text = sentences.slice(0, shown).map((part) => part.trim()).join(" ");
    node.textContent = shown < sentences.length ? `${text} …` : text;
  };
  write();
  while (overflows(node) && shown > 1) {
    shown -= 1;
    write();
  }
};

class Scene {
  constructor(data, index, count) {
    this.data = data;
    this.layout = data.disposition;
    this.places = [];
    this.node = el("section", `clsm-scene ${this.layout}`);
    this.node.setAttribute("aria-roledescription", "scène");
    this.hide(true);
    this.number(index, count);
    const head = el("header", "", this.node);
    this.title = el("h2", "", head, data.titre);
    if (data.phrase) el("p", "clsm-phrase", head, data.phrase);
    this.body = el("div", "clsm-corps", this.node);
    this.addVisual();
    this.addSide();
    this.addFooter();
  }

  number(index, count) {
    this.node.setAttribute("aria-label", `${rank(index, count)}${NBSP}: ${this.data.titre}`);
  }

  addVisual() {
    const { cartes, figure, vedette } = this.data;
    const mapped = this.layout !== "chiffres" && cartes.length > 0;
    if (!mapped && !figure) {
      this.node.classList.add("sans-visuel");
      return;
    }
    this.visual = el("div", "clsm-visuel", this.body);
    if (!mapped) {
      this.addFigure(this.visual);
      return;
    }
    const stack = el("div", "clsm-cartes", this.visual);
    const two = this.layout === "avant-apres" && cartes.length > 1;
    const shown = two ? cartes.slice(0, 2) : cartes.slice(-1);
    this.places = shown.map((carte) => new MapPlace(stack, carte, vedette));
    if (two) this.slider = new Slider(stack, this.places, shown.map((carte) => carte.etiquette));
    if (this.layout === "carte-chiffres") this.addLegend(this.visual, "clsm-bandeau");
  }

  addFigure(parent) {
    const box = el("figure", "clsm-figure", parent);
    const image = el("img", "", box);
    image.src = this.data.figure.image;
    image.alt = this.data.figure.texte;
    if (this.data.figure.note) el("figcaption", "", box, this.data.figure.note);
  }

  // The legend is the only HTML of a scene: it was written and escaped by the application.
  addLegend(parent, className) {
    if (!this.data.legende) return;
    const box = el("div", `clsm-legendes ${className}`, parent);
    box.innerHTML = this.data.legende;
    nameLines(box);
    this.legend = box;
  }

  addSide() {
    const { chiffres } = this.data;
    const told = this.layout === "chiffres" || this.layout === "carte-chiffres";
    if (told && !chiffres.length) return;
    const side = el("div", "clsm-cote", this.body);
    this.side = side;
    if (!told) this.addLegend(side, "clsm-colonne");
    else this.addFigures(side, chiffres);
  }

  addFigures(side, chiffres) {
    this.list = el("dl", `clsm-chiffres n${Math.min(chiffres.length, 6)}`, side);
    for (const { valeur, libelle, origine } of chiffres) {
      const item = el("div", "", this.list);
      el("dt", "", item, libelle);
      el("dd", "valeur", item, valeur);
      if (origine) el("dd", "origine", item, origine);
    }
  }

  addFooter() {
    const foot = el("footer", "", this.node);
    this.feet = [["sources", this.data.sources], ["prudences", this.data.prudences]]
      .filter(([, sentences]) => sentences.length)
      .map(([name, sentences]) => ({ node: el("p", name, foot), sentences: parts(sentences) }));
  }

  fit() {
    this.fitTitle();
    for (const foot of this.feet) fitSentences(foot);
    if (this.legend && this.layout === "carte-chiffres") this.placeLegend();
    else if (this.legend) fitLegend(this.legend, SMALLEST);
    if (this.list && !this.aside) fitFigures(this.list, MOST);
  }

  // Beside the map, under one figure, so that the map is as large as can be; under the map when it
  // is only there that it holds in large type.
  placeLegend() {
    if (this.beside(true, BESIDE) || this.beside(false, READABLE) || this.beside(true, LEGIBLE)) return;
    if (this.list) this.list.hidden = true;
    fitLegend(this.legend, SMALLEST);
  }

  beside(on, least) {
    const { legend } = this;
    this.aside = on && Boolean(this.side);
    this.node.classList.toggle("clsm-legende-a-cote", this.aside);
    legend.classList.toggle("clsm-bandeau", !this.aside);
    legend.classList.toggle("clsm-flot", this.aside);
    (this.aside ? this.side : this.visual).appendChild(legend);
    if (this.list) {
      this.list.hidden = false;
      fitFigures(this.list, this.aside ? 1 : MOST);
    }
    return fitLegend(legend, least);
  }

  fitTitle() {
    const { title } = this;
    let size = 48;
    do {
      size -= 2;
      title.parentElement.style.setProperty("--t", size);
    } while (size > 34 && title.offsetHeight > 1.6 * parseFloat(getComputedStyle(title).fontSize));
    if (title.offsetHeight > 1.6 * parseFloat(getComputedStyle(title).fontSize)) {
      title.parentElement.style.setProperty("--t", 42);
    }
  }

  async paint(size) {
    this.fit();
    for (const image of this.node.querySelectorAll("img")) await image.decode().catch(() => {});
    await Promise.all(this.places.map((place) => place.paint(size)));
    this.fit();
  }

  resize(size) {
    this.fit();
    for (const place of this.places) if (place.slot) place.resize(size);
  }

  hide(hidden) {
    this.node.classList.toggle("clsm-cachee", hidden);
    this.node.inert = hidden;
  }

  free() {
    for (const place of this.places) place.free();
    this.node.remove();
  }
}
