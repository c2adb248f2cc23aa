// Liste de quartiers : un vrai tableau dont une ligne se choisit à la souris ou au clavier.
// data = { caption, columns: [{ label, numeric, order, width }], rows: [[code, [text, detail, status]…]],
// marks: { status: image }, selected, order, height, empty } ; émet « choix » = code, « tri » = ordre.

const element = (tag, className, parent, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
};

function heading(column, data, emit) {
  const cell = element("th", column.numeric ? "nombre" : "");
  cell.scope = "col";
  if (!column.order) {
    cell.textContent = column.label;
    return cell;
  }
  const sorted = column.order === data.order;
  const direction = column.order === "distance" ? "ascending" : "descending";
  cell.setAttribute("aria-sort", sorted ? direction : "none");
  const button = element("button", "tri", cell, column.label);
  button.type = "button";
  element("span", "sens", button, sorted ? (direction === "ascending" ? "▲" : "▼") : "").ariaHidden = "true";
  button.addEventListener("click", () => emit("tri", column.order));
  return cell;
}

function fill(cell, [text, detail, status], marks) {
  const line = element("span", "ligne", cell);
  if (status && marks[status]) {
    const image = element("img", "", line);
    image.src = marks[status];
    image.alt = "";
  }
  element("span", "", line, text);
  if (detail) element("small", "", cell, detail).title = detail;
}

function row([code, ...cells], data, emit) {
  const line = element("tr");
  line.dataset.code = code;
  cells.forEach((content, i) => {
    const column = data.columns[i];
    const cell = element(i ? "td" : "th", column.numeric ? "nombre" : "", line);
    cell.dataset.label = column.label;
    if (i) {
      fill(cell, content, data.marks);
      return;
    }
    cell.scope = "row";
    const button = element("button", "nom", cell, content[0]);
    button.type = "button";
    if (content[1]) element("small", "", cell, content[1]).title = content[1];
  });
  line.addEventListener("click", () => emit("choix", code));
  return line;
}

function mark(root, selected, follow) {
  for (const line of root.querySelectorAll("tbody tr")) {
    const chosen = line.dataset.code === selected;
    line.classList.toggle("choisi", chosen);
    line.querySelector("button").setAttribute("aria-pressed", String(chosen));
    if (chosen && follow) line.scrollIntoView({ block: "nearest" });
  }
}

export default function (component) {
  const { data, setTriggerValue, parentElement } = component;
  let root = parentElement.querySelector(".liste");
  if (!root) {
    root = element("div", "liste", parentElement);
    root.tabIndex = 0;
    root.setAttribute("role", "region");
  }
  root.emit = setTriggerValue;
  const emit = (name, value) => root.emit(name, value);
  root.setAttribute("aria-label", data.caption);
  root.style.maxHeight = data.height ? `${data.height}px` : "";
  const { selected, ...content } = data;
  const drawn = JSON.stringify(content);
  if (root.drawn !== drawn) {
    root.drawn = drawn;
    root.selected = null;
    root.scrollTop = 0;
    const table = element("table");
    element("caption", "", table, data.caption);
    const widths = element("colgroup", "", table);
    const whole = data.columns.reduce((sum, column) => sum + column.width, 0);
    for (const column of data.columns) {
      element("col", "", widths).style.width = `${(100 * column.width) / whole}%`;
    }
    const head = element("tr", "", element("thead", "", table));
    head.append(...data.columns.map((column) => heading(column, data, emit)));
    element("tbody", "", table).append(...data.rows.map((line) => row(line, data, emit)));
    root.replaceChildren(table);
  }
  mark(root, selected, root.selected !== selected);
  root.selected = selected;
}
