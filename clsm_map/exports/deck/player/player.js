// The player: which scene shows, the ones ready on either side, keys, progress.

const NARROW = 720;

class Player {
  constructor(root, payload, options) {
    Object.assign(this, { root, options, scenes: [], leaving: [], index: -1, wanted: 0, asked: 0, times: [] });
    root.classList.add("clsm-presentation");
    root.lang = "fr";
    root.tabIndex = -1;
    root.setAttribute("role", "region");
    this.heading = el("h1", "clsm-lecteur", root);
    this.stage = el("div", "clsm-plateau", root);
    this.progress = el("ol", "clsm-progres", root);
    this.bar = el("div", "clsm-barre", root);
    this.live = el("p", "clsm-lecteur", root);
    this.live.setAttribute("aria-live", "polite");
    this.panel = el("div", "clsm-panneau", root);
    this.panel.hidden = true;
    this.screen = new Screen(root, (full) => this.resized(full));
    this.notes = new NotesWindow(this);
    this.addBar();
    document.addEventListener("keydown", (event) => this.key(event));
    this.screen.black.addEventListener("click", () => this.screen.blacken(false));
    this.swipe();
    new ResizeObserver(() => this.resized()).observe(this.stage);
    document.fonts.addEventListener("loadingdone", () => this.resized());
    this.measure();
    this.update(payload, options.index || 0);
  }

  addBar() {
    const add = (text, label, act) => press(this.bar, "", text, label, act);
    add("‹", "Scène précédente", () => this.step(-1));
    this.counter = el("span", "clsm-compte", this.bar);
    add("›", "Scène suivante", () => this.step(1));
    el("span", "clsm-ressort", this.bar);
    add("Touches", "Touches utiles", () => this.togglePanel("touches"));
    add("Sources", "Sources et prudences en entier (S)", () => this.togglePanel("sources"));
    this.pointing = add("Pointeur", "Pointeur lumineux (L)", () => this.point());
    add("Notes", "Notes et chronomètre dans une autre fenêtre (N)", () => this.openNotes());
    add("Plein écran", "Plein écran (F)", () => this.screen.toggle());
  }

  measure() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const narrow = width < NARROW && height > width * 0.75;
    this.unit = narrow ? Math.max(width / 900, 0.4) : Math.min(width / 1280, height / 720) || 1;
    this.root.classList.toggle("clsm-etroit", narrow);
    this.root.style.setProperty("--u", `${this.unit}px`);
  }

  get size() {
    return { marks: Math.max(this.unit, 0.6), letters: 28 * this.unit };
  }

  resized() {
    if (this.resizing) return;
    this.resizing = requestAnimationFrame(() => {
      this.resizing = 0;
      const before = this.unit;
      this.measure();
      for (const { scene } of this.scenes) if (scene) scene.resize(this.size);
      if (before !== this.unit) this.root.dataset.unite = this.unit.toFixed(3);
    });
  }

  // Scenes that are the same as before stay as they are, painted or not.
  update(payload, index) {
    const known = new Map();
    const shown = this.scenes[this.index];
    for (const entry of this.scenes) known.set(entry.key, [...(known.get(entry.key) || []), entry]);
    this.scenes = payload.scenes.map((data) => {
      const key = JSON.stringify(data);
      const same = known.get(key) || [];
      return same.shift() || { key, data, scene: null, ready: null };
    });
    for (const left of [...known.values()].flat()) {
      if (left === shown) this.leaving.push(left);
      else this.drop(left);
    }
    this.heading.textContent = payload.titre;
    this.root.setAttribute("aria-label", `Présentation${NBSP}: ${payload.titre}`);
    this.scenes.forEach(({ scene }, i) => scene && scene.number(i, this.scenes.length));
    this.addProgress();
    this.index = -1;
    const views = payload.scenes.flatMap((scene) => scene.cartes.map((carte) => carte.vue));
    this.later = () => window.clsmMap.ahead(views);
    delete this.root.dataset.lecture;
    if (!this.scenes.length) {
      this.leave();
      this.counter.textContent = "Aucune scène";
      return Promise.resolve();
    }
    return this.go(Math.max(0, Math.min(index, this.scenes.length - 1)));
  }

  addProgress() {
    this.progress.replaceChildren();
    this.scenes.forEach(({ data }, i) => {
      const label = `${rank(i, this.scenes.length)}${NBSP}: ${data.titre}`;
      press(el("li", "", this.progress), "", "", label, () => this.go(i));
    });
  }

  // What was on the stage stays there until what replaces it is painted.
  leave() {
    for (const entry of this.leaving.splice(0)) this.drop(entry);
  }

  drop(entry) {
    if (entry.scene) entry.scene.free();
    entry.scene = null;
    entry.ready = null;
  }

  // Builds and paints a scene, hidden; once.
  prepare(index) {
    const entry = this.scenes[index];
    if (!entry) return Promise.resolve();
    if (!entry.ready) {
      const scene = new Scene(entry.data, index, this.scenes.length);
      entry.scene = scene;
      this.stage.appendChild(scene.node);
      entry.ready = fontsReady().then(() => scene.paint(this.size));
    }
    return entry.ready;
  }

  step(by) {
    return this.go(this.wanted + by);
  }

  async go(index) {
    if (index < 0 || index >= this.scenes.length) return;
    const turn = ++this.asked;
    const start = performance.now();
    this.wanted = index;
    await this.prepare(index);
    if (turn !== this.asked || this.index === index) return;
    this.show(index);
    await frames(2);
    const time = performance.now() - start;
    this.times.push(time);
    Object.assign(this.root.dataset, { scene: String(index + 1), duree: time.toFixed(0) });
    await this.around(turn);
  }

  show(index) {
    const before = this.scenes[this.index];
    const { scene, data } = this.scenes[index];
    scene.hide(false);
    for (const entry of this.scenes) {
      if (entry.scene && entry.scene !== scene) entry.scene.hide(true);
    }
    this.leave();
    this.index = index;
    this.panel.hidden = true;
    const position = rank(index, this.scenes.length);
    this.counter.textContent = `${index + 1} / ${this.scenes.length}`;
    this.live.textContent = `${position}. ${spoken(data)}`;
    [...this.progress.children].forEach(({ firstChild }, i) => {
      firstChild.toggleAttribute("data-passe", i < index);
      if (i === index) firstChild.setAttribute("aria-current", "step");
      else firstChild.removeAttribute("aria-current");
    });
    this.notes.refresh();
    if (this.options.onScene && before !== this.scenes[index]) this.options.onScene(index);
  }

  // Keeps the next and previous scenes ready, frees the others, then reads contours ahead.
  async around(turn) {
    for (const near of [this.index + 1, this.index - 1]) {
      await idle();
      if (turn !== this.asked) return;
      await this.prepare(near);
    }
    this.scenes.forEach((entry, i) => {
      if (turn === this.asked && Math.abs(i - this.index) > 1) this.drop(entry);
    });
    this.root.dataset.prete = String(this.index + 1);
    await idle();
    const { later } = this;
    if (turn !== this.asked || !later) return;
    const read = await later();
    if (this.later !== later) return;
    this.later = null;
    const lost = read.some(({ status }) => status === "rejected");
    this.root.dataset.lecture = lost ? "incomplete" : "complete";
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (this.screen.dark) {
      event.preventDefault();
      this.screen.blacken(false);
      return;
    }
    const inRange = event.target.type === "range";
    const act = this.action(event.key, event.shiftKey, inRange, event.target.tagName === "BUTTON");
    if (!act) return;
    event.preventDefault();
    act();
  }

  action(key, shift, inRange, onButton) {
    const moves = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 };
    if (key in moves) return inRange && key.startsWith("Arrow") ? null : () => this.step(moves[key]);
    if (key === " ") return onButton ? null : () => this.step(shift ? -1 : 1);
    if (key === "ArrowUp" || key === "ArrowDown") {
      const slider = this.index >= 0 && this.scenes[this.index].scene.slider;
      if (!slider) return () => this.step(key === "ArrowDown" ? 1 : -1);
      return () => slider.move(key === "ArrowUp" ? 5 : -5);
    }
    if (key === "Home") return () => this.go(0);
    if (key === "End") return () => this.go(this.scenes.length - 1);
    if (key === "Escape") return () => this.escape();
    if (key === "F5" && this.screen.full) return () => {};
    const letters = {
      f: () => this.screen.toggle(),
      b: () => this.screen.blacken(true),
      ".": () => this.screen.blacken(true),
      l: () => this.point(),
      s: () => this.togglePanel("sources"),
      n: () => this.openNotes(),
    };
    return letters[key.toLowerCase()] || null;
  }

  escape() {
    if (!this.panel.hidden) this.panel.hidden = true;
    else if (this.screen.laser) this.point();
    else if (this.screen.full) this.screen.leave();
  }

  point() {
    this.screen.point(!this.screen.laser);
    this.pointing.setAttribute("aria-pressed", String(this.screen.laser));
  }

  openNotes() {
    if (this.notes.show()) return;
    this.live.textContent = "Le navigateur a refusé d’ouvrir la fenêtre des notes.";
    this.openPanel("Notes", [this.live.textContent, this.scenes[this.index].data.notes]);
  }

  togglePanel(name) {
    if (!this.panel.hidden && this.panel.dataset.nom === name) {
      this.panel.hidden = true;
      return;
    }
    this.panel.dataset.nom = name;
    if (name === "touches") {
      this.openPanel("Touches utiles", KEYS_HELP.map(([keys, what]) => `${keys}${NBSP}: ${what}.`));
      return;
    }
    const { sources, prudences } = this.scenes[this.index].data;
    this.openPanel("Sources et prudences", [...sources, ...prudences]);
  }

  openPanel(title, sentences) {
    this.panel.replaceChildren();
    el("h3", "", this.panel, title);
    for (const sentence of sentences) if (sentence) el("p", "", this.panel, sentence);
    press(this.panel, "", "Fermer", "", () => { this.panel.hidden = true; this.root.focus(); });
    this.panel.hidden = false;
  }

  swipe() {
    let from = null;
    this.stage.addEventListener("touchstart", (event) => {
      from = event.target.type === "range" ? null : event.touches[0];
    }, { passive: true });
    this.stage.addEventListener("touchend", (event) => {
      if (!from) return;
      const to = event.changedTouches[0];
      const [dx, dy] = [to.clientX - from.clientX, to.clientY - from.clientY];
      if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(dy)) this.step(dx < 0 ? 1 : -1);
    });
  }
}

// Asked for by name: until a text uses a font, the browser has none to wait for.
const fontsReady = () =>
  Promise.race([
    Promise.allSettled(["400", "650"].map((weight) => document.fonts.load(`${weight} 28px "Public Sans"`))),
    new Promise((resolve) => setTimeout(resolve, 1500)),
  ]);

window.clsmPlayer = { start: (root, payload, options = {}) => new Player(root, payload, options) };
