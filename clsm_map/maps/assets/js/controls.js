// Controls: everything that is not the drawing. Text goes through textContent, never innerHTML.

const element = (tag, className, parent, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
};

const button = (parent, text, title, onClick) => {
  const node = element("button", "", parent, text);
  node.type = "button";
  if (title) {
    node.title = title;
    node.setAttribute("aria-label", title);
  }
  node.addEventListener("click", onClick);
  return node;
};

const boxControl = (position, className, build) =>
  new (L.Control.extend({
    options: { position },
    onAdd() {
      const box = element("div", className);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      build(box);
      return box;
    },
  }))();

const HELP =
  "Flèches : déplacer. Plus et moins : zoomer. Entrée : choisir ce qui est au centre. Échap : fermer la bulle.";

class Furniture {
  constructor(map) {
    this.map = map;
    const container = map.getContainer();
    this.bubble = element("div", "clsm-bulle", container);
    this.bubble.hidden = true;
    this.status = element("p", "clsm-etat", container);
    this.status.setAttribute("role", "status");
  }

  // What the reader moves the map with; a scene of a presentation has none of it.
  addControls(goTo, goHome) {
    const map = this.map;
    const container = map.getContainer();
    const help = element("p", "clsm-lecteur", container, HELP);
    help.id = "clsm-aide";
    container.setAttribute("role", "application");
    container.setAttribute("aria-roledescription", "carte");
    container.setAttribute("aria-describedby", help.id);
    L.control.zoom({ zoomInTitle: "Zoomer", zoomOutTitle: "Dézoomer" }).addTo(map);
    boxControl("topleft", "leaflet-bar clsm-retour", (box) => {
      button(box, "⌂", "Revenir à la vue de départ", goHome);
    }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
    boxControl("bottomright", "clsm-sources", (box) => { this.credits = box; }).addTo(map);
    boxControl("bottomleft", "clsm-lieux", (box) => { this.places = box; }).addTo(map);
    this.places.setAttribute("role", "group");
    this.places.setAttribute("aria-label", "Aller à un territoire");
    this.goTo = goTo;
  }

  setTitle(title) {
    this.map.getContainer().setAttribute("aria-label", title);
    if (!this.places) return;
    document.title = title;
    document.documentElement.lang = "fr";
    if (window.frameElement) window.frameElement.title = title;
  }

  setCredits(parts) {
    if (this.credits) this.credits.textContent = parts.filter(Boolean).join(" · ");
  }

  setPlaces(places) {
    if (!this.places) return;
    const signature = JSON.stringify(places);
    if (signature === this.placesShown) return;
    this.placesShown = signature;
    this.places.textContent = "";
    if (!places.length) return;
    const toggle = button(this.places, "Aller à…", "", () => {
      const open = this.places.classList.toggle("clsm-ouvert");
      toggle.setAttribute("aria-expanded", String(open));
    });
    toggle.className = "clsm-bascule";
    toggle.setAttribute("aria-expanded", "false");
    for (const place of places) {
      button(this.places, place.n, "", () => {
        this.places.classList.remove("clsm-ouvert");
        toggle.setAttribute("aria-expanded", "false");
        this.goTo(place.bounds);
      });
    }
  }

  say(message) {
    this.status.textContent = message;
  }

  showBubble(lines, point) {
    const bubble = this.bubble;
    bubble.textContent = "";
    lines.forEach((line, i) => element("div", i ? line.className || "" : "clsm-nom", bubble, line.text));
    bubble.hidden = false;
    const size = this.map.getSize();
    const right = point.x + 14 + bubble.offsetWidth < size.x - 4;
    const below = point.y + 16 + bubble.offsetHeight < size.y - 4;
    const x = right ? point.x + 14 : point.x - 14 - bubble.offsetWidth;
    const y = below ? point.y + 16 : point.y - 12 - bubble.offsetHeight;
    bubble.style.left = `${Math.max(4, x)}px`;
    bubble.style.top = `${Math.max(4, y)}px`;
  }

  hideBubble() {
    this.bubble.hidden = true;
  }
}

// Optional tiles, only if asked for and only if one of them arrives within a few seconds.
const TILE_SETS = {
  ign: {
    url:
      "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0" +
      "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&TILEMATRIXSET=PM&FORMAT=image/png" +
      "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
    credit: "Plan IGN",
  },
  osm: {
    url: "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    credit: "© les contributeurs d’OpenStreetMap (ODbL)",
  },
};
const TILE_PROBE_MS = 4000;

const probeTile = (url) =>
  new Promise((resolve) => {
    const image = new Image();
    const timer = setTimeout(() => { image.src = ""; resolve(false); }, TILE_PROBE_MS);
    const end = (reached) => () => { clearTimeout(timer); resolve(reached); };
    image.onload = end(true);
    image.onerror = end(false);
    image.src = L.Util.template(url, { z: 5, x: 16, y: 11 });
  });

class Background {
  constructor(map, onChange, say) {
    Object.assign(this, { map, onChange, say, wanted: "aucun", shown: "aucun", layer: null });
  }

  get credit() {
    return this.shown === "aucun" ? "" : TILE_SETS[this.shown].credit;
  }

  async want(name) {
    if (name === this.wanted) return;
    this.wanted = name;
    const order = { ign: ["ign", "osm"], osm: ["osm", "ign"] }[name] || [];
    for (const candidate of order) {
      const reached = await probeTile(TILE_SETS[candidate].url);
      if (this.wanted !== name) return;
      if (reached) return this.show(candidate);
    }
    this.show("aucun");
    if (order.length) this.say("Fond de plan indisponible : la carte reste complète sans lui.");
  }

  show(name) {
    if (this.layer) this.layer.remove();
    this.layer = null;
    this.shown = name;
    this.say("");
    if (name !== "aucun") {
      this.layer = L.tileLayer(TILE_SETS[name].url, { maxZoom: 18, attribution: "" }).addTo(this.map);
    }
    this.onChange();
  }
}
