// The map: created once per frame by create(), repainted by paint() at each change of content.

const FRANCE = [[41.3, -5.2], [51.1, 9.6]];
const CSS_WAIT_MS = 3000;
const HIT_REACH = window.matchMedia("(pointer: coarse)").matches ? 10 : 4;
const NNBSP = "\u202f";

const cssReady = () =>
  new Promise((resolve) => {
    const start = performance.now();
    const check = () => {
      const ready = getComputedStyle(document.documentElement).getPropertyValue("--clsm-pret");
      if (ready.trim() === "1" || performance.now() - start > CSS_WAIT_MS) resolve();
      else setTimeout(check, 10);
    };
    check();
  });

const announce = (digest) => { document.documentElement.dataset.painted = digest; };

class Carte {
  constructor(map, { quiet = false, onPainted = announce, onChoose = report } = {}) {
    Object.assign(this, { map, quiet, onPainted, onChoose, marks: 1, letters: 0, room: {} });
    this.layers = [];
    this.towns = [];
    this.hovered = null;
    this.selected = null;
    this.sequence = 0;
    this.fitted = "";
    this.home = FRANCE;
    this.timing = {};
    for (const [name, z] of [["clsm-scene", 400], ["clsm-survol", 450]]) {
      const pane = map.createPane(name);
      pane.style.zIndex = z;
      pane.style.pointerEvents = "none";
    }
    this.furniture = new Furniture(map);
    if (!quiet) this.furniture.addControls((bounds) => this.fit(bounds, true), () => this.fit(this.home, true));
    this.background = new Background(map, () => this.refresh(), (text) => this.furniture.say(text));
    this.board = new Board((ctx, frame) => this.draw(ctx, frame)).addTo(map);
    this.overlay = new Board((ctx, frame) => this.drawHover(ctx, frame), { pane: "clsm-survol" }).addTo(map);
    this.listen();
    this.ready = cssReady();
    document.fonts.ready.then(() => this.board.redraw());
  }

  listen() {
    const map = this.map;
    let queued = false;
    map.on("mousemove", (event) => {
      this.pointer = event;
      if (queued) return;
      queued = true;
      requestAnimationFrame(() => {
        queued = false;
        if (this.pointer) this.hover(this.pointer.latlng, this.pointer.containerPoint);
      });
    });
    map.on("mouseout dragstart zoomstart", () => { this.pointer = null; this.leave(); });
    map.on("click", (event) => this.choose(event.latlng, event.containerPoint));
    const container = map.getContainer();
    container.addEventListener("keydown", (event) => {
      if (event.target !== container) return;
      if (event.key === "Escape") this.leave();
      if (event.key === "Enter") this.choose(map.getCenter(), map.getSize().divideBy(2));
    });
    new ResizeObserver(() => this.resized()).observe(container);
  }

  resized() {
    const still = this.lastFit && this.viewKey() === this.lastFit.view;
    this.map.invalidateSize({ animate: false });
    if (this.lastFit && (still || this.lastFit.empty)) this.fit(this.lastFit.bounds, false);
  }

  viewKey() {
    const centre = this.map.getCenter();
    return `${centre.lat.toFixed(4)} ${centre.lng.toFixed(4)} ${this.map.getZoom().toFixed(3)}`;
  }

  // Leaflet drops a view asked for while it animates a zoom: the latest one waits for its end.
  fit(bounds, animate) {
    const waiting = Boolean(this.nextFit);
    this.nextFit = { bounds, animate };
    if (!this.map._animatingZoom) this.fitNow();
    else if (!waiting) this.map.once("zoomend", () => this.fitNow());
  }

  fitNow() {
    if (!this.nextFit) return;
    const { bounds, animate } = this.nextFit;
    this.nextFit = null;
    const size = this.map.getSize();
    const empty = !size.x || !size.y;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!empty) this.map.fitBounds(bounds, { padding: [12, 12], animate: animate && !calm, maxZoom: 15 });
    this.lastFit = { bounds, empty, view: "" };
    const note = () => { this.lastFit.view = this.viewKey(); };
    note();
    this.map.once("moveend", note);
  }

  refresh(drawn = false) {
    if (!drawn) this.board.redraw();
    this.overlay.redraw();
    this.furniture.setCredits([this.background.credit, this.payload ? this.payload.sources : ""]);
  }

  async paint(payload) {
    const mine = ++this.sequence;
    const start = performance.now();
    try {
      const [features] = await Promise.all([
        Promise.all(payload.layers.map((layer) => loadGeometry(layer.url))),
        this.ready,
      ]);
      if (mine !== this.sequence) return;
      const fetched = performance.now();
      const layers = payload.layers.map((spec, i) => new Layer(spec, features[i]));
      this.payload = payload;
      this.layers = layers;
      this.towns = payload.towns;
      this.selected = this.find(payload.selected);
      this.hovered = null;
      this.furniture.hideBubble();
      this.furniture.setTitle(payload.title);
      this.furniture.setPlaces(payload.places);
      this.furniture.say("");
      this.home = payload.bounds;
      const drawn = this.board.drawn;
      const target = JSON.stringify(payload.bounds);
      if (target !== this.fitted) {
        const first = this.fitted === "";
        this.fitted = target;
        this.fit(payload.bounds, !first && !this.quiet);
      }
      this.background.want(payload.tiles);
      this.refresh(this.board.drawn > drawn);
      this.timing = { wait: fetched - start, draw: performance.now() - fetched };
      this.onPainted(payload.digest);
    } catch (error) {
      if (mine !== this.sequence) return;
      console.error(error);
      this.furniture.say(
        `Les contours n’ont pas pu être chargés${NNBSP}: rechargez la page. Le tableau donne les mêmes chiffres.`,
      );
      this.onPainted("erreur");
    }
  }

  find(target) {
    if (!target) return null;
    for (const layer of this.layers) {
      if (layer.kind !== target.kind) continue;
      const index = layer.indexOf(target.id);
      if (index !== undefined) return { layer, index };
    }
    return null;
  }

  draw(ctx, frame) {
    const dressed = this.dress(frame);
    this.drawLayers(ctx, dressed);
    if (this.selected) outline(ctx, this.selected, dressed, 2.4);
    drawTowns(ctx, this.towns, dressed);
  }

  // k: times the usual size of marks; far: the zoom that sizes circles; letters: least size of names.
  dress(frame) {
    return { ...frame, k: this.marks, far: frame.zoom - Math.log2(this.marks), letters: this.letters, ...this.room };
  }

  drawLayers(ctx, frame) {
    const veil = this.background.shown === "aucun" ? 1 : 0.72;
    for (const layer of this.layers) {
      if (layer.spec.ground && veil < 1) continue;
      if (layer.spots) drawSpots(ctx, layer, frame);
      else drawAreas(ctx, layer, frame, veil);
    }
  }

  drawHover(ctx, frame) {
    if (this.hovered) outline(ctx, this.hovered, this.dress(frame), 1.4);
  }

  // The topmost clickable feature under a position, and the perimeters to mention with it.
  under(latlng) {
    const x = projectX(latlng.lng);
    const y = projectY(latlng.lat);
    const zoom = this.map.getZoom();
    let hit = null;
    const mentions = [];
    for (let k = this.layers.length - 1; k >= 0; k -= 1) {
      const layer = this.layers[k];
      if (layer.spec.mention) {
        for (const i of layer.order) {
          if (mentions.length < 3 && layer.features[i].contains(x, y)) mentions.push({ layer, index: i });
        }
      } else if (!hit && layer.spec.interactive) {
        const index = layer.hit(x, y, zoom, HIT_REACH, this.marks);
        if (index !== undefined) hit = { layer, index };
      }
    }
    return { hit, mentions };
  }

  lines({ layer, index }, mentions) {
    const { spec } = layer;
    const feature = layer.features[index];
    const style = layer.styleOf(index);
    const lines = [{ text: feature.name }];
    if (feature.detail) lines.push({ text: feature.detail, className: "clsm-detail" });
    const value = layer.values[index];
    const text = spec.texts ? spec.texts[index] : value === null ? "" : this.number(value, spec);
    if (spec.classLabel) lines.push({ text: `${spec.classLabel}\u00a0: ${style.label}` });
    if (spec.label) {
      const shown = text || (spec.classLabel ? "non connu" : style.label);
      const note = style.note ? ` (${style.note})` : "";
      lines.push({ text: `${spec.label}\u00a0: ${shown}${note}` });
    }
    for (const mention of mentions) {
      const { name } = mention.layer.features[mention.index];
      lines.push({ text: `${name} (${mention.layer.styleOf(mention.index).label})`, className: "clsm-detail" });
    }
    return lines;
  }

  number(value, spec) {
    const digits = { minimumFractionDigits: spec.decimals, maximumFractionDigits: spec.decimals };
    const text = new Intl.NumberFormat("fr-FR", digits).format(value);
    return spec.unit ? `${text}\u00a0${spec.unit}` : text;
  }

  hover(latlng, point) {
    const { hit, mentions } = this.under(latlng);
    const same = hit && this.hovered && hit.layer === this.hovered.layer && hit.index === this.hovered.index;
    this.map.getContainer().classList.toggle("clsm-cliquable", Boolean(hit));
    if (!hit) return this.leave();
    this.furniture.showBubble(this.lines(hit, mentions), point);
    if (same) return undefined;
    this.hovered = hit;
    this.overlay.redraw();
    return undefined;
  }

  leave() {
    this.furniture.hideBubble();
    if (!this.hovered) return;
    this.hovered = null;
    this.overlay.redraw();
  }

  choose(latlng, point) {
    const { hit } = this.under(latlng);
    if (!hit && !this.selected) return;
    this.selected = hit;
    this.board.redraw();
    if (hit) this.hover(latlng, point);
    const feature = hit && hit.layer.features[hit.index];
    if (feature) this.furniture.say(`${feature.name}${NNBSP}: choisi.`);
    this.onChoose({
      kind: hit ? hit.layer.kind : "",
      id: feature ? feature.code : "",
      lat: Number(latlng.lat.toFixed(5)),
      lon: Number(latlng.lng.toFixed(5)),
      serial: Date.now(),
    });
  }

  state() {
    const centre = this.map.getCenter();
    return {
      digest: this.payload ? this.payload.digest : "",
      zoom: this.map.getZoom(),
      centre: [centre.lat, centre.lng],
      tiles: this.background.shown,
      selected: this.selected ? this.selected.layer.features[this.selected.index].code : "",
      layers: this.layers.map((layer) => ({ kind: layer.kind, classes: layer.counts() })),
      timing: this.timing,
    };
  }
}

// The value kept by the host is made equal to the one sent: a later move of the map finds nothing
// new to send, and the page is not run again.
const report = (click) => {
  const value = { last_active_drawing: click };
  const host = window.__GLOBAL_DATA__;
  if (host) {
    host.last_active_drawing = click;
    host.previous_data = value;
  }
  if (window.Streamlit) window.Streamlit.setComponentValue(value);
};

let current = null;

window.clsmMap = {
  create(id) {
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const map = L.map(id, {
      zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 1, minZoom: 3,
      maxZoom: 17, wheelPxPerZoomLevel: 90, dragging: !touch, trackResize: false,
    });
    map.fitBounds(FRANCE);
    current = new Carte(map);
    return map;
  },
  paint(map, group, payload) {
    current.paint(payload);
    return group;
  },
  state: () => current.state(),
};
