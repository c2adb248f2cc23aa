// Maps of scenes: a few are alive, painted before they show, and serve again further on.

const spare = [];

const takeMap = () => {
  const free = spare.pop();
  if (free) return free;
  const slot = { node: el("div", "clsm-carte"), onChoose: () => {} };
  slot.stage = window.clsmMap.stage(slot.node, (click) => slot.onChoose(click));
  return slot;
};

const giveMap = (slot) => {
  slot.node.remove();
  slot.onChoose = () => {};
  slot.stage.highlight(null);
  spare.push(slot);
};

// One map in its place, with the insets of overseas territories and the ring around its star.
class MapPlace {
  constructor(parent, { vue }, star) {
    this.view = vue;
    this.given = star;
    this.node = el("div", "clsm-place", parent);
    this.overseas = (vue.places || []).filter((place) => place.n !== "Hexagone");
    if (this.overseas.length) this.addInsets();
    this.ground = el("div", "clsm-fond", this.node);
    this.slot = null;
    this.halo = el("div", "clsm-halo", this.ground);
    this.halo.hidden = true;
    this.ring = el("div", "clsm-anneau", this.halo);
    this.label = el("div", "clsm-vedette", this.halo);
  }

  addInsets() {
    this.node.classList.add("clsm-avec-outremer");
    const strip = el("div", "clsm-outremer", this.node);
    strip.setAttribute("aria-hidden", "true");
    this.insets = this.overseas.map((place) => {
      const box = el("div", "clsm-encart", strip);
      const canvas = el("canvas", "", box);
      el("span", "", box, place.n);
      return { canvas, bounds: place.bounds };
    });
  }

  async paint(size) {
    const slot = takeMap();
    this.slot = slot;
    this.ground.prepend(slot.node);
    slot.onChoose = (click) => this.choose(click);
    await slot.stage.paint(this.view, size);
    if (this.slot !== slot) return;
    this.drawInsets();
    this.highlight(this.given);
  }

  drawInsets() {
    for (const { canvas, bounds } of this.insets || []) this.slot.stage.inset(canvas, bounds);
  }

  choose(click) {
    this.highlight(click.id ? { kind: click.kind, id: click.id } : this.given);
  }

  highlight(target) {
    this.star = target && this.slot.stage.highlight(target) ? target : null;
    if (!this.star) this.slot.stage.highlight(null);
    this.circle();
  }

  circle() {
    const where = this.star && this.slot.stage.place();
    if (!where) this.halo.hidden = true;
    this.slot.stage.keepClear(where ? this.surround(where) : null);
  }

  // Draws the ring and the name; gives the box that the name takes, if any.
  surround(where) {
    const width = this.ground.clientWidth;
    const height = this.ground.clientHeight;
    const unit = this.slot.stage.carte.marks;
    const r = Math.max(where.r + 9 * unit, 20 * unit);
    const vast = r > 0.3 * Math.min(width, height);
    const inside = where.x > 0 && where.y > 0 && where.x < width && where.y < height;
    this.halo.hidden = vast || !inside;
    if (this.halo.hidden) return null;
    this.halo.style.transform = `translate(${where.x}px, ${where.y}px)`;
    Object.assign(this.ring.style, { width: `${2 * r}px`, height: `${2 * r}px` });
    this.label.textContent = (this.star === this.given && this.star.nom) || where.name;
    const left = where.x + r + this.label.offsetWidth + 12 * unit > width;
    this.halo.classList.toggle("clsm-a-gauche", left);
    this.label.style[left ? "right" : "left"] = `${r + 8 * unit}px`;
    this.label.style[left ? "left" : "right"] = "auto";
    const far = r + 8 * unit + this.label.offsetWidth;
    const half = this.label.offsetHeight / 2;
    return [where.x + (left ? -far : r), where.y - half, where.x + (left ? -r : far), where.y + half];
  }

  resize(size) {
    this.slot.stage.resize(size);
    this.drawInsets();
    this.circle();
  }

  free() {
    if (this.slot) giveMap(this.slot);
    this.slot = null;
  }
}

// Two maps, one above the other; the line between them is moved by pointer or by keys.
class Slider {
  constructor(parent, places, labels) {
    this.over = places[1].node;
    this.line = el("div", "clsm-separation", parent);
    el("span", "clsm-poignee", this.line, "◂ ▸").setAttribute("aria-hidden", "true");
    this.tags = labels.map((text, i) => el("div", `clsm-date ${i ? "apres" : "avant"}`, parent, text));
    this.range = el("input", "clsm-curseur", parent);
    Object.assign(this.range, { type: "range", min: "0", max: "100", step: "1" });
    this.range.setAttribute("aria-label", `Séparation entre ${labels[0]} et ${labels[1]}`);
    this.range.addEventListener("input", () => this.set(Number(this.range.value)));
    this.set(50);
  }

  set(share) {
    const at = Math.max(0, Math.min(100, share));
    this.share = at;
    this.range.value = String(at);
    this.range.setAttribute("aria-valuetext", `${at}${NBSP}% de la carte d’avant`);
    this.over.style.clipPath = `inset(0 0 0 ${at}%)`;
    this.line.style.left = `${at}%`;
    this.tags[0].classList.toggle("clsm-cache", at < 8);
    this.tags[1].classList.toggle("clsm-cache", at > 92);
  }

  move(by) {
    this.set(this.share + by);
  }
}
