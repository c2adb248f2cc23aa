// Scene: one canvas draws every layer, in order; a second one, above, draws what is pointed at.

const FONT = '"Public Sans", "Segoe UI", system-ui, sans-serif';

const Board = L.Renderer.extend({
  options: { padding: 0.25, pane: "clsm-scene" },

  initialize(painter, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._painter = painter;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.className = "clsm-toile";
    this._ctx = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    this.redraw();
  },

  redraw() {
    if (!this._map || !this._bounds) return;
    this.drawn = (this.drawn || 0) + 1;
    const map = this._map;
    const ratio = window.devicePixelRatio || 1;
    const size = this._bounds.getSize();
    const canvas = this._container;
    const width = Math.round(size.x * ratio);
    const height = Math.round(size.y * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    L.DomUtil.setPosition(canvas, this._bounds.min);
    const zoom = this._zoom;
    const scale = 2 ** zoom;
    const origin = map.getPixelOrigin();
    const dx = -(origin.x + this._bounds.min.x);
    const dy = -(origin.y + this._bounds.min.y);
    const frame = {
      zoom, scale, ratio, dx, dy, width: size.x, height: size.y,
      box: [-dx / scale, -dy / scale, (size.x - dx) / scale, (size.y - dy) / scale],
    };
    this._ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this._ctx.clearRect(0, 0, size.x, size.y);
    this._painter(this._ctx, frame);
  },
});

const visible = (area, frame) =>
  area.box[0] < frame.box[2] && area.box[2] > frame.box[0] &&
  area.box[1] < frame.box[3] && area.box[3] > frame.box[1];

// Sets the transform that brings the path of an area to the screen; returns pixels per path unit.
const place = (ctx, area, frame) => {
  const k = (frame.scale / PATH_UNIT) * frame.ratio;
  ctx.setTransform(
    k, 0, 0, k,
    (area.box[0] * frame.scale + frame.dx) * frame.ratio,
    (area.box[1] * frame.scale + frame.dy) * frame.ratio,
  );
  return k / frame.ratio;
};

const unplace = (ctx, frame) => ctx.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);

const fillArea = (ctx, area, style, frame, veil) => {
  const path = area.path(frame.zoom);
  ctx.globalAlpha = style.opacity * veil;
  if (style.mark in drawTile) {
    place(ctx, area, frame);
    const matrix = ctx.getTransform();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    const moved = new Path2D();
    moved.addPath(path, matrix);
    ctx.fillStyle = patternFor(ctx, style, frame);
    ctx.fill(moved, "evenodd");
  } else {
    place(ctx, area, frame);
    ctx.fillStyle = style.fill;
    if (style.mark === "anneau") ctx.globalAlpha *= 0.22;
    ctx.fill(path, "evenodd");
  }
  ctx.globalAlpha = 1;
};

const strokeArea = (ctx, area, style, frame) => {
  const unit = place(ctx, area, frame);
  ctx.lineWidth = (style.width * frame.k) / unit;
  ctx.setLineDash(style.dash.map((d) => (d * frame.k) / unit));
  ctx.strokeStyle = style.stroke;
  ctx.stroke(area.path(frame.zoom));
  ctx.setLineDash([]);
};

const drawAreas = (ctx, layer, frame, veil) => {
  const shown = layer.order.filter((i) => visible(layer.features[i], frame));
  ctx.lineJoin = "round";
  for (const i of shown) {
    const style = layer.styleOf(i);
    if (style.casing) {
      const casing = { stroke: "rgba(255,255,255,.75)", width: style.width + 2 * style.casing, dash: [] };
      strokeArea(ctx, layer.features[i], casing, frame);
    }
  }
  for (const i of shown) {
    const style = layer.styleOf(i);
    if (style.fill) fillArea(ctx, layer.features[i], style, frame, veil);
  }
  for (const i of shown) {
    const style = layer.styleOf(i);
    if (style.stroke && style.width > 0) strokeArea(ctx, layer.features[i], style, frame);
  }
  unplace(ctx, frame);
};

// Far away, as on a phone that shows the whole country, spots shrink so as not to hide each other;
// those whose size says nothing (seats) shrink first.
const clamp = (low, value, high) => Math.max(low, Math.min(high, value));
const shrink = (zoom, layer) =>
  layer.spec.size.fixed
    ? clamp(0.6, 0.6 + (zoom - 5.5) * 0.16, 1)
    : clamp(0.55, 0.6 + (zoom - 4.5) * 0.32, 1);

const drawSpots = (ctx, layer, frame) => {
  const ratio = shrink(frame.far, layer) * frame.k;
  for (const i of layer.order) {
    const spot = layer.features[i];
    const radius = layer.radii[i] * ratio;
    const x = spot.x * frame.scale + frame.dx;
    const y = spot.y * frame.scale + frame.dy;
    if (x < -radius || y < -radius || x > frame.width + radius || y > frame.height + radius) continue;
    drawSpot(ctx, layer.styleOf(i), x, y, radius, frame);
  }
};

const drawTowns = (ctx, towns, frame) => {
  const taken = frame.clear ? [frame.clear] : [];
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const town of towns) {
    const x = projectX(town.lon) * frame.scale + frame.dx;
    const y = projectY(town.lat) * frame.scale + frame.dy;
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    const size = Math.max(frame.letters, town.rank < 2 ? 13.5 : 12);
    ctx.font = `${town.rank < 2 ? 650 : 500} ${size}px ${FONT}`;
    const width = ctx.measureText(town.n).width;
    const box = [x - 4, y - size * 0.8, x + width + 10, y + size * 0.8];
    if (frame.end && box[2] > frame.end) continue;
    const clash = (o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1];
    if (taken.some(clash)) continue;
    taken.push(box);
    ctx.fillStyle = INK;
    ctx.beginPath();
    ctx.arc(x, y, size / 6.4, 0, 7);
    ctx.fill();
    ctx.strokeStyle = "rgba(255,255,255,.88)";
    ctx.lineWidth = size / 3.6;
    ctx.strokeText(town.n, x + size / 2.6, y);
    ctx.fillText(town.n, x + size / 2.6, y);
  }
};

const outline = (ctx, hit, frame, width) => {
  const { layer, index } = hit;
  const feature = layer.features[index];
  for (const [colour, extra] of [["#ffffff", 2.4], [INK, 0]]) {
    if (layer.spots) {
      ctx.beginPath();
      ctx.arc(
        feature.x * frame.scale + frame.dx, feature.y * frame.scale + frame.dy,
        (layer.radii[index] * shrink(frame.far, layer) + 2) * frame.k, 0, 2 * Math.PI,
      );
      ctx.lineWidth = (width + extra) * frame.k;
      ctx.strokeStyle = colour;
      ctx.stroke();
    } else {
      strokeArea(ctx, feature, { stroke: colour, width: width + extra, dash: [] }, frame);
      unplace(ctx, frame);
    }
  }
};

// What a style is unless it says otherwise: the defaults of Style in model.py.
const PLAIN = {
  fill: "", mark: "plein", stroke: "#ffffff", width: 0.5, dash: [], opacity: 1, shape: "rond", casing: 0, note: "",
};

// Values come end to end, as pack_values of model.py writes them.
const unpackValues = ({ values: { from, width, text }, decimals }) => {
  const values = [];
  for (let i = 0; i < text.length; i += width) {
    const distance = parseInt(text.slice(i, i + width), 36);
    values.push(Number.isNaN(distance) ? null : (from + distance) / 10 ** decimals);
  }
  return values;
};

// A layer of the payload joined to its geometry.
class Layer {
  constructor(spec, features) {
    if (features.length !== spec.classes.length) {
      throw new Error(`${spec.url}: ${features.length} features, ${spec.classes.length} classes`);
    }
    this.spec = spec;
    this.kind = spec.kind;
    this.features = features;
    this.spots = features.length > 0 && features[0] instanceof Spot;
    this.classOf = (i) => parseInt(spec.classes[i], 36);
    this.values = spec.values ? unpackValues(spec) : features.map((f) => f.value);
    this.styles = spec.styles.map((style) => ({ ...PLAIN, ...style }));
    this.styleOf = (i) => this.styles[this.classOf(i)];
    this.order = [];
    for (let i = 0; i < features.length; i += 1) if (spec.classes[i] !== ".") this.order.push(i);
    if (this.spots) {
      const { per, min, fixed } = spec.size;
      this.radii = features.map((_, i) => {
        const value = this.values[i];
        return fixed || Math.max(min, value > 0 ? per * Math.sqrt(value) : min);
      });
      this.order.sort((a, b) => this.radii[b] - this.radii[a]);
    }
  }

  indexOf(code) {
    return this.order.find((i) => this.features[i].code === code);
  }

  // What lies under a point given in world units: the smallest circle, or the area.
  hit(x, y, zoom, reach, k) {
    if (!this.spots) return this.order.find((i) => this.features[i].contains(x, y));
    const scale = 2 ** zoom;
    const ratio = shrink(zoom - Math.log2(k), this) * k;
    for (let k = this.order.length - 1; k >= 0; k -= 1) {
      const i = this.order[k];
      const spot = this.features[i];
      const distance = Math.hypot(spot.x - x, spot.y - y) * scale;
      if (distance <= Math.max(this.radii[i] * ratio + 1, reach)) return i;
    }
    return undefined;
  }

  counts() {
    const counts = this.styles.map((style) => ({ label: style.label, colour: style.fill, count: 0 }));
    for (const i of this.order) counts[this.classOf(i)].count += 1;
    return counts;
  }
}
