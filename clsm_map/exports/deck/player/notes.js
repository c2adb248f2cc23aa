// The presenter's window: notes, next scene, time. Each window moves the other.

const NOTES_STYLE = `
:root { font: 400 20px/1.5 "Public Sans", "Segoe UI", system-ui, sans-serif; color: #23262b; }
body { margin: 0; min-height: 100vh; display: grid; grid-template-rows: auto 1fr auto; background: #fff; }
header, footer { display: flex; gap: 16px; align-items: center; padding: 14px 24px; background: #f7f5f1; }
header { justify-content: space-between; font-variant-numeric: tabular-nums; }
main { padding: 20px 24px; overflow: auto; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; font-weight: 650; }
.duree { font-size: 40px; font-weight: 650; line-height: 1; }
.phrase { margin: 6px 0 20px; color: #4a515b; }
.notes { white-space: pre-line; font-size: 26px; line-height: 1.45; margin: 0; max-width: 60ch; }
.suite { flex: 1; margin: 0; color: #4a515b; }
button { font: inherit; padding: 8px 16px; border: 1px solid #8a857c; border-radius: 4px; background: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #0b5c8a; outline-offset: 2px; }
`;

const clock = (seconds) =>
  `${Math.floor(seconds / 60)}${NNBSP}min${NBSP}${String(Math.floor(seconds % 60)).padStart(2, "0")}${NNBSP}s`;

class NotesWindow {
  constructor(player) {
    this.player = player;
    window.addEventListener("pagehide", () => this.close());
  }

  get open() {
    return Boolean(this.view && !this.view.closed);
  }

  close() {
    if (this.open) this.view.close();
  }

  show() {
    if (this.open) {
      this.view.focus();
      return true;
    }
    this.view = window.open("", "clsm-notes", "popup,width=960,height=640");
    if (!this.view) return false;
    this.build(this.view.document);
    this.restart();
    this.refresh();
    return true;
  }

  build(page) {
    page.documentElement.lang = "fr";
    page.title = "Notes de présentation";
    page.head.replaceChildren();
    page.body.replaceChildren();
    const add = (tag, parent, className = "", text = "") => {
      const node = page.createElement(tag);
      node.className = className;
      node.textContent = text;
      parent.appendChild(node);
      return node;
    };
    const button = (parent, text, act) => {
      const node = add("button", parent, "", text);
      node.type = "button";
      node.addEventListener("click", act);
    };
    add("title", page.head, "", "Notes de présentation");
    add("style", page.head, "", NOTES_STYLE);
    const head = add("header", page.body);
    this.rank = add("span", head);
    this.elapsed = add("span", head, "duree");
    button(head, "Remettre à zéro", () => this.restart());
    const main = add("main", page.body);
    this.title = add("h1", main);
    this.phrase = add("p", main, "phrase");
    this.notes = add("p", main, "notes");
    const foot = add("footer", page.body);
    this.next = add("p", foot, "suite");
    button(foot, "Précédente", () => this.player.step(-1));
    button(foot, "Suivante", () => this.player.step(1));
    page.addEventListener("keydown", (event) => this.player.key(event));
  }

  restart() {
    this.start = performance.now();
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.tick(), 500);
    this.tick();
  }

  tick() {
    if (!this.open) {
      clearInterval(this.ticking);
      return;
    }
    this.elapsed.textContent = clock((performance.now() - this.start) / 1000);
  }

  refresh() {
    if (!this.open) return;
    const { scenes, index } = this.player;
    const now = scenes[index].data;
    const after = scenes[index + 1];
    this.rank.textContent = rank(index, scenes.length);
    this.title.textContent = now.titre;
    this.phrase.textContent = now.phrase;
    this.notes.textContent = now.notes || "Aucune note pour cette scène.";
    this.next.textContent = after ? `Ensuite${NBSP}: ${after.data.titre}` : "Dernière scène.";
  }
}
