// Geometry: fetched once per file, decoded to Web Mercator at zoom 0 (a 256 × 256 square), kept in
// memory. A file holds columns: c (codes), n (names), t (second line of the tooltip, optional),
// v (values, optional) and r (rings, as differences of integers) or p (points); d is the number of
// decimals of the degrees.

const WORLD = 256;
const PATH_UNIT = 4096;
const FINEST_BUCKET = 15;
const FEWEST_FILES = 24;
let mostFiles = FEWEST_FILES;

const projectX = (lon) => (WORLD * (lon + 180)) / 360;
const projectY = (lat) => {
  const sin = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return WORLD * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI));
};

class Area {
  constructor(code, name, detail, rings, unit) {
    this.code = code;
    this.name = name;
    this.detail = detail;
    this.box = [Infinity, Infinity, -Infinity, -Infinity];
    this.rings = rings.map((ring) => this.decode(ring, unit));
    this.paths = new Map();
  }

  decode(differences, unit) {
    const ring = new Float64Array(differences.length);
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < differences.length; i += 2) {
      lon += differences[i];
      lat += differences[i + 1];
      const x = projectX(lon / unit);
      const y = projectY(lat / unit);
      ring[i] = x;
      ring[i + 1] = y;
      if (x < this.box[0]) this.box[0] = x;
      if (y < this.box[1]) this.box[1] = y;
      if (x > this.box[2]) this.box[2] = x;
      if (y > this.box[3]) this.box[3] = y;
    }
    return ring;
  }

  // Vertices are snapped to a grid of half a pixel before repeated ones are dropped: two
  // neighbours lose the same vertices, so no gap opens between them.
  path(zoom) {
    const bucket = Math.min(FINEST_BUCKET, 2 * Math.ceil((zoom + 1) / 2) - 1);
    let path = this.paths.get(bucket);
    if (path) return path;
    path = new Path2D();
    const [originX, originY] = this.box;
    const cells = bucket >= FINEST_BUCKET ? 0 : 2 * 2 ** bucket;
    for (const ring of this.rings) {
      let lastX = NaN;
      let lastY = NaN;
      let started = false;
      for (let i = 0; i < ring.length; i += 2) {
        const x = cells ? Math.round(ring[i] * cells) / cells : ring[i];
        const y = cells ? Math.round(ring[i + 1] * cells) / cells : ring[i + 1];
        if (x === lastX && y === lastY) continue;
        lastX = x;
        lastY = y;
        const px = (x - originX) * PATH_UNIT;
        const py = (y - originY) * PATH_UNIT;
        if (started) path.lineTo(px, py);
        else path.moveTo(px, py);
        started = true;
      }
      path.closePath();
    }
    this.paths.set(bucket, path);
    return path;
  }

  contains(x, y) {
    const box = this.box;
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
    let inside = false;
    for (const ring of this.rings) {
      const n = ring.length;
      for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
        const yi = ring[i + 1];
        const yj = ring[j + 1];
        if (yi > y !== yj > y && x < ((ring[j] - ring[i]) * (y - yi)) / (yj - yi) + ring[i]) {
          inside = !inside;
        }
      }
    }
    return inside;
  }
}

class Spot {
  constructor(code, name, detail, lon, lat) {
    this.code = code;
    this.name = name;
    this.detail = detail;
    this.x = projectX(lon);
    this.y = projectY(lat);
  }
}

const decodeFile = (file) => {
  const unit = 10 ** file.d;
  const detail = (i) => (file.t ? file.t[i] : "");
  return file.c.map((code, i) => {
    const feature = file.r
      ? new Area(code, file.n[i], detail(i), file.r[i], unit)
      : new Spot(code, file.n[i], detail(i), file.p[2 * i] / unit, file.p[2 * i + 1] / unit);
    feature.value = file.v ? file.v[i] : null;
    return feature;
  });
};

const files = new Map();

// An exported page carries its files in window.clsmGeometry, by address: nothing is fetched.
const readFile = async (url) => {
  const carried = (window.clsmGeometry || {})[url];
  if (carried) return carried;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.json();
};

const loadGeometry = (url) => {
  let pending = files.get(url);
  if (pending) {
    files.delete(url);
  } else {
    pending = readFile(url).then(decodeFile);
    pending.catch(() => files.delete(url));
  }
  files.set(url, pending);
  if (files.size > mostFiles) files.delete(files.keys().next().value);
  return pending;
};
