/* Ce que Streamlit ne permet pas de régler, fait avant ses propres scripts. Voir clsm_map/ui/quirks.py. */
(() => {
  // Nombres, dates et calendriers suivent la langue du navigateur : la page est en français.
  const french = { configurable: true };
  Object.defineProperty(navigator, "language", { ...french, get: () => "fr-FR" });
  Object.defineProperty(navigator, "languages", { ...french, get: () => ["fr-FR", "fr"] });

  // Un choix, un pas : ce qu’une page écrit dans son adresse en s’ouvrant complète le pas en cours,
  // jusqu’à ce qu’elle soit ouverte ou que l’on y fasse quelque chose.
  let opening = true;
  for (const act of ["pointerdown", "keydown"]) {
    addEventListener(act, () => { opening = false; }, { capture: true, passive: true });
  }
  const push = history.pushState;
  history.pushState = function (state, title, address) {
    const samePage = new URL(address, location.href).pathname === location.pathname;
    if (samePage && opening) {
      history.replaceState(state, title, address);
      return;
    }
    opening = opening || !samePage;
    push.call(history, state, title, address);
  };

  // Sur un téléphone, le menu se referme sur la page choisie.
  document.addEventListener("click", (event) => {
    if (innerWidth > 768 || !event.target.closest("[data-testid=stSidebarNavLink]")) return;
    setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click());
  });

  const words = new Map(Object.entries({
    "Add files": "Choisir un fichier",
    "App pages": "Pages",
    "Autosize": "Ajuster la largeur",
    "Cancel (Escape)": "Annuler (Échap)",
    "Choose an option": "Choisir",
    "Choose date": "Choisir une date",
    "Choose options": "Choisir",
    "Clear all": "Tout retirer",
    "Clear entry": "Effacer",
    "Clear selection": "Effacer la sélection",
    "Clear value": "Effacer",
    "Close": "Fermer",
    "Close Search": "Fermer la recherche",
    "Close fullscreen": "Quitter le plein écran",
    "Collapse sidebar": "Fermer le menu",
    "Connecting": "Connexion",
    "Connection error": "Connexion perdue",
    "Copied": "Copié",
    "Copy": "Copier",
    "Copy column name": "Copier le nom de la colonne",
    "Copy to clipboard": "Copier",
    "Dataframe column menu": "Menu de la colonne",
    "Decrement": "Diminuer",
    "Download as CSV": "Télécharger en CSV",
    "Download failed": "Fichier non écrit",
    "Drag and drop file here": "ou le déposer ici",
    "Drag and drop files here": "ou les déposer ici",
    "Expand sidebar": "Ouvrir le menu",
    "Fullscreen": "Plein écran",
    "Hide column": "Masquer la colonne",
    "Increment": "Augmenter",
    "Link to heading": "Lien vers ce titre",
    "Next month": "Mois suivant",
    "Next Result": "Résultat suivant",
    "Next page": "Page suivante",
    "No results": "Aucun résultat",
    "Notifications": "Messages",
    "Open": "Ouvrir la liste",
    "Pin column": "Figer la colonne",
    "Press Enter to apply": "Entrée pour valider",
    "Previous month": "Mois précédent",
    "Previous Result": "Résultat précédent",
    "Previous page": "Page précédente",
    "Running...": "Calcul en cours…",
    "Scroll tabs left": "Onglets précédents",
    "Scroll tabs right": "Onglets suivants",
    "Search": "Chercher",
    "Select all": "Tout choisir",
    "Selected values": "Valeurs choisies",
    "Selectbox options": "Choix",
    "Show/hide columns": "Afficher ou masquer des colonnes",
    "Sidebar": "Menu",
    "Skip to main content": "Aller au contenu",
    "Sort ascending": "Tri croissant",
    "Sort descending": "Tri décroissant",
    "Statistics": "Statistiques",
    "Stopping...": "Arrêt en cours…",
    "Unpin column": "Ne plus figer la colonne",
    "Upload": "Choisir un fichier",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "Flèches pour parcourir les dates, Entrée pour choisir, Échap pour fermer.",
    "dd": "jj",
    "file upload": "Dépôt d’un fichier",
    "yyyy": "aaaa",
  }));
  const dates = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long" });
  const months = new Intl.DateTimeFormat("fr-FR", { month: "long" });
  const sentences = [
    [/^Choose date, (.+)$/s, "Choisir une date, $1"],
    [/^day, (.+)$/s, "jour, $1"],
    [/^month, (.+)$/s, "mois, $1"],
    [/^year, (.+)$/s, "année, $1"],
    [/^(\d+) – ([A-Z][a-z]+)$/, (_, rank) => `${rank} – ${months.format(new Date(2000, rank - 1))}`],
    [/^Selected Date: (.+)$/, (_, day) => `Date choisie : ${dates.format(new Date(day))}`],
    [/^Help for (.+)$/s, "Aide : $1"],
    [/^Remove (.+)$/s, "Retirer $1"],
    [/^Select (\d+) matches$/, "Choisir les $1 trouvés"],
    [/^Add: (.+)$/s, "Ajouter : $1"],
    [/^(\d+)MB per file$/, "$1 Mo au plus"],
    [/^(\d+)MB per file • (.+)$/s, "$1 Mo au plus • $2"],
    [/^(\d+) results?$/, "$1 résultat(s)"],
    [/^(\d+) options? available\.$/, "$1 choix."],
    [/^(\d+) of (\d+)$/, "$1 sur $2"],
    [/^(Show\/hide columns|Download as CSV|Search|Fullscreen|Close fullscreen): (.+)$/s,
      (_, word, rest) => `${words.get(word)} : ${rest}`],
  ];
  const inFrench = (text) => {
    const word = words.get(text.trim());
    if (word !== undefined) return word;
    for (const [english, said] of sentences) if (english.test(text)) return text.replace(english, said);
    return text;
  };

  const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt", "aria-description", "aria-valuetext"];
  const STATE = "data-test-script-state";
  const say = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const said = inFrench(node.data);
      if (said !== node.data) node.data = said;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of ATTRIBUTES) {
      const text = node.getAttribute(name);
      const said = text && inFrench(text);
      if (said !== text) node.setAttribute(name, said);
    }
    for (const child of node.childNodes) say(child);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.attributeName === STATE) {
        if (change.target.getAttribute(STATE) === "notRunning") opening = false;
      } else if (change.type === "childList") change.addedNodes.forEach(say);
      else say(change.target);
    }
  }).observe(document, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: [...ATTRIBUTES, STATE],
  });
})();
