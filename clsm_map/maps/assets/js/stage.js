// A map of a presentation: no control, drawn at the size of the stage, one territory put forward.

const STILL = {
  zoomControl: false, attributionControl: false, zoomSnap: 0, minZoom: 1, maxZoom: 17,
  dragging: false, keyboard: false, scrollWheelZoom: false, doubleClickZoom: false, boxZoom: false,
  touchZoom: false, trackResize: false, zoomAnimation: false, fadeAnimation: false, inertia: false,
};

// How far a board reaches beyond the map, as a share of it: the padding of Board.
const BEYOND = 0.25;

class StageMap {
  constructor(container, onChoose) {
    this.map = L.map(container, STILL).setView([46.6, 2.4], 5);
    const pane = this.map.createPane("clsm-vedette");
    pane.style.zIndex = 460;
    pane.style.pointerEvents = "none";
    this.carte = new Carte(this.map, { quiet: true, onPainted: () => {}, onChoose });
    this.light = new Board((ctx, frame) => this.drawStar(ctx, frame), { pane: "clsm-vedette" });
    this.light.addTo(this.map);
    this.star = null;
    container.setAttribute("role", "img");
  }

  // Resolves once everything is drawn, hidden or not.
  async paint(view, { marks, letters }) {
    const { carte } = this;
    Object.assign(carte, { marks, letters, layers: [], towns: [], selected: null, fitted: "" });
    this.star = null;
    this.map.invalidateSize({ animate: false });
    await carte.paint({ ...view, tiles: "aucun", selected: null });
  }

  resize({ marks, letters }) {
    Object.assign(this.carte, { marks, letters });
    this.map.invalidateSize({ animate: false });
    if (this.carte.payload) this.carte.fit(this.carte.payload.bounds, false);
    this.carte.board.redraw();
    this.light.redraw();
  }

  // Puts a territory forward; null puts none. Says whether the map holds it.
  highlight(target) {
    this.star = this.carte.find(target);
    this.carte.selected = null;
    this.light.redraw();
    return Boolean(this.star);
  }

  // No name of a town is written under a box of the container, nor cut at its right edge.
  keepClear(box) {
    const size = this.map.getSize();
    const [left, top] = [size.x * BEYOND, size.y * BEYOND];
    this.carte.room = { end: left + size.x };
    if (box) this.carte.room.clear = [left + box[0], top + box[1], left + box[2], top + box[3]];
    if (this.carte.towns.length) this.carte.board.redraw();
  }

  drawStar(ctx, frame) {
    if (this.star) outline(ctx, this.star, this.carte.dress(frame), 3.2);
  }

  // Where the territory put forward is, in pixels of the container: centre, half its diagonal, name.
  place() {
    if (!this.star) return null;
    const { layer, index } = this.star;
    const feature = layer.features[index];
    const scale = 2 ** this.map.getZoom();
    const origin = this.map.getPixelOrigin();
    const pane = this.map._getMapPanePos();
    const at = (x, y) => [x * scale - origin.x + pane.x, y * scale - origin.y + pane.y];
    if (layer.spots) {
      const [x, y] = at(feature.x, feature.y);
      return { x, y, r: layer.radii[index] * this.carte.marks, name: feature.name };
    }
    const [left, top] = at(feature.box[0], feature.box[1]);
    const [right, bottom] = at(feature.box[2], feature.box[3]);
    const r = Math.hypot(right - left, bottom - top) / 2;
    return { x: (left + right) / 2, y: (top + bottom) / 2, r, name: feature.name };
  }

  // Draws the same layers on another extent, in a small canvas beside the map.
  inset(canvas, [[south, west], [north, east]]) {
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!width || !height) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const box = [projectX(west), projectY(north), projectX(east), projectY(south)];
    const scale = 0.9 * Math.min(width / (box[2] - box[0]), height / (box[3] - box[1]));
    const dx = width / 2 - (scale * (box[0] + box[2])) / 2;
    const dy = height / 2 - (scale * (box[1] + box[3])) / 2;
    const frame = {
      ...this.carte.dress({ zoom: Math.log2(scale), scale, ratio, dx, dy, width, height }),
      far: this.map.getZoom() - Math.log2(this.carte.marks),
      box: [-dx / scale, -dy / scale, (width - dx) / scale, (height - dy) / scale],
    };
    const ctx = canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    this.carte.drawLayers(ctx, frame);
  }

  state() {
    return this.carte.state();
  }
}

// Contours are read and decoded ahead of the scene that shows them.
window.clsmMap.stage = (container, onChoose) => new StageMap(container, onChoose);
window.clsmMap.ahead = (views) => {
  const urls = new Set(views.flatMap((view) => view.layers.map((layer) => layer.url)));
  mostFiles = Math.max(FEWEST_FILES, urls.size);
  return Promise.allSettled([...urls].map(loadGeometry));
};
