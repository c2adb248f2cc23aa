// Words and small tools. Text goes through textContent, never innerHTML.

const NNBSP = "\u202f";
const NBSP = "\u00a0";
const KEYS_HELP = [
  ["→, Page suivante, Espace", "scène suivante"],
  ["←, Page précédente", "scène précédente"],
  ["Début, Fin", "première, dernière scène"],
  ["F", "plein écran (Échap pour en sortir)"],
  ["B ou point", "écran noir"],
  ["L", "pointeur lumineux"],
  ["S", "sources et prudences en entier"],
  ["N", "notes et chronomètre dans une autre fenêtre"],
  ["↑, ↓", "déplacer la séparation avant / après"],
];

const el = (tag, className, parent, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
};

const press = (parent, className, text, label, onClick) => {
  const node = el("button", className, parent, text);
  node.type = "button";
  if (label) {
    node.title = label;
    node.setAttribute("aria-label", label);
  }
  node.addEventListener("click", onClick);
  return node;
};

const rank = (index, count) => `Scène ${index + 1} sur ${count}`;

// What a scene says, in one sentence for who does not see it.
const spoken = (scene) =>
  [
    scene.titre,
    scene.phrase,
    ...scene.chiffres.map((c) => `${c.valeur} ${c.libelle}${c.origine ? ` (${c.origine})` : ""}`),
    scene.figure ? scene.figure.texte : "",
    scene.vedette && scene.vedette.nom ? `Mis en avant${NBSP}: ${scene.vedette.nom}` : "",
  ]
    .filter(Boolean)
    .map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`))
    .join(" ");

const frames = (count) =>
  new Promise((resolve) => {
    const step = (left) => (left ? requestAnimationFrame(() => step(left - 1)) : resolve());
    step(count);
  });

const idle = () =>
  new Promise((resolve) => {
    if (window.requestIdleCallback) window.requestIdleCallback(resolve, { timeout: 200 });
    else setTimeout(resolve, 30);
  });
