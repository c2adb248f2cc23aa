// Marks: the sign that doubles each colour, so that no meaning rests on colour alone.
// plein, hachures, points, anneau, croix, contour; secret (grey hatching), absent (fine dots)
// date (a dot: an old page) and sans_date (a dash: a page without date), over a status;
// and reserve (dark hatching over the colour of a class: a value to be read with care).

const INK = "#23262b";
const TILE = 8;
const tiles = new Map();

const drawTile = {
  hachures: (c) => {
    c.strokeStyle = "rgba(255,255,255,.9)";
    c.lineWidth = 2;
    for (const shift of [-TILE, 0, TILE]) {
      c.moveTo(shift - 1, TILE + 1);
      c.lineTo(shift + TILE + 1, -1);
    }
    c.stroke();
  },
  points: (c) => {
    c.fillStyle = "rgba(255,255,255,.95)";
    for (const [x, y] of [[2, 2], [6, 6]]) {
      c.beginPath();
      c.arc(x, y, 1.25, 0, 7);
      c.fill();
    }
  },
  croix: (c) => {
    c.strokeStyle = "rgba(255,255,255,.8)";
    c.lineWidth = 1.1;
    c.moveTo(-1, -1);
    c.lineTo(TILE + 1, TILE + 1);
    c.moveTo(-1, TILE + 1);
    c.lineTo(TILE + 1, -1);
    c.stroke();
  },
  date: (c) => {
    c.fillStyle = "rgba(255,255,255,.95)";
    c.beginPath();
    c.arc(4, 4, 1, 0, 7);
    c.fill();
  },
  sans_date: (c) => {
    c.strokeStyle = "rgba(255,255,255,.95)";
    c.lineWidth = 1.3;
    c.moveTo(1.5, 4);
    c.lineTo(6.5, 4);
    c.stroke();
  },
  secret: (c) => {
    c.strokeStyle = "#9a9a98";
    c.lineWidth = 1;
    for (const shift of [-TILE, -TILE / 2, 0, TILE / 2, TILE]) {
      c.moveTo(shift - 1, TILE + 1);
      c.lineTo(shift + TILE + 1, -1);
    }
    c.stroke();
  },
  reserve: (c) => {
    c.strokeStyle = "rgba(35,38,43,.75)";
    c.lineWidth = 1;
    for (const shift of [-TILE, 0, TILE]) {
      c.moveTo(shift - 1, -1);
      c.lineTo(shift + TILE + 1, TILE + 1);
    }
    c.stroke();
  },
  absent: (c) => {
    c.fillStyle = "#b9b5ac";
    c.beginPath();
    c.arc(4, 4, 0.9, 0, 7);
    c.fill();
  },
};

const patternTile = (mark, fill, ratio) => {
  const key = `${mark} ${fill} ${ratio}`;
  let tile = tiles.get(key);
  if (!tile) {
    tile = document.createElement("canvas");
    tile.width = tile.height = Math.round(TILE * ratio);
    const c = tile.getContext("2d");
    c.scale(ratio, ratio);
    c.fillStyle = fill;
    c.fillRect(0, 0, TILE, TILE);
    c.beginPath();
    drawTile[mark](c);
    tiles.set(key, tile);
  }
  return tile;
};

// The pattern is tied to the ground: it does not slide under the shapes when the map is moved.
const patternFor = (ctx, style, frame) => {
  const ratio = frame.ratio * frame.k;
  const pattern = ctx.createPattern(patternTile(style.mark, style.fill, ratio), "repeat");
  const period = Math.round(TILE * ratio);
  pattern.setTransform(
    new DOMMatrix([1, 0, 0, 1, (frame.dx * frame.ratio) % period, (frame.dy * frame.ratio) % period]),
  );
  return pattern;
};

const trace = {
  rond: (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
  carre: (c, x, y, r) => c.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8),
  losange: (c, x, y, r) => {
    c.moveTo(x, y - r * 1.25);
    c.lineTo(x + r * 1.25, y);
    c.lineTo(x, y + r * 1.25);
    c.lineTo(x - r * 1.25, y);
    c.closePath();
  },
  triangle: (c, x, y, r) => {
    c.moveTo(x, y - r * 1.2);
    c.lineTo(x + r * 1.15, y + r * 0.85);
    c.lineTo(x - r * 1.15, y + r * 0.85);
    c.closePath();
  },
};

const drawSpot = (ctx, style, x, y, radius, frame) => {
  const shape = trace[style.shape] || trace.rond;
  const ring = style.mark === "anneau";
  const r = ring ? radius * 0.85 : radius;
  ctx.beginPath();
  shape(ctx, x, y, Math.max(r, 1));
  ctx.globalAlpha = style.opacity;
  if (style.fill) {
    if (ring) ctx.fillStyle = "#ffffff";
    else if (style.mark in drawTile && style.mark !== "croix") ctx.fillStyle = patternFor(ctx, style, frame);
    else ctx.fillStyle = style.fill;
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash(style.dash.map((d) => d * frame.k));
  ctx.lineWidth = ring ? Math.max(1.2, radius * 0.36) : Math.min(style.width * frame.k, radius * 0.32);
  ctx.strokeStyle = ring ? style.fill : style.stroke;
  if (ctx.lineWidth > 0 && ctx.strokeStyle) ctx.stroke();
  ctx.setLineDash([]);
  if (style.mark === "croix") {
    const arm = radius * 0.42;
    ctx.beginPath();
    ctx.moveTo(x - arm, y - arm);
    ctx.lineTo(x + arm, y + arm);
    ctx.moveTo(x - arm, y + arm);
    ctx.lineTo(x + arm, y - arm);
    ctx.lineWidth = Math.max(1, radius * 0.22);
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
  }
};
