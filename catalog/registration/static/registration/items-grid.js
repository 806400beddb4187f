/* The grid of information items with a keyboard: rows without a round trip, Enter and arrows from row to row,
   Ctrl+D from the row above, a block from a spreadsheet spread over the cells. Without it, the buttons submit. */
"use strict";
(() => {
  const FIELDS = ["name", "column_name", "data_type", "element", "share_type", "security_level", "is_personal", "description",
    "withholding.kind", "withholding.basis", "withholding.number", "withholding.article", "withholding.text", "withholding.reason",
    "withholding.business", "withholding.review_on", "is_key",
    "origin.kind", "origin.department", "origin.resource", "origin.cycle", "origin.way", "origin.lineage", "origin.method", "origin.reason"];
  const YES = new Set(["true", "1", "y", "yes", "是", "√"]);
  const NUMBERED = /(items[.-]|row-)(?:\d+|N)/g;
  const NAMES = ["id", "name", "value", "for", "aria-labelledby", "aria-describedby"];
  const ROWS = 1000;

  const grid = document.querySelector("[data-grid]");
  const template = document.getElementById("item-row");
  if (!grid || !template) return;
  const body = grid.tBodies[0];
  const form = grid.closest("form");
  document.querySelector(".sq-grid-keys").hidden = false;

  const fold = (text) => text.normalize("NFKC").trim().toLowerCase();
  const cells = (row) => FIELDS.map((field) => row.querySelector(`[name$=".${field}"]`));
  const placeOf = (cell) => ({ row: cell.closest("tr").rowIndex - 1, column: FIELDS.indexOf(cell.name.split(".").slice(2).join(".")) });
  const cellAt = (row, column) => body.rows[row] && cells(body.rows[row])[column];
  const changed = (cell) => cell.dispatchEvent(new Event("change", { bubbles: true }));

  const renumber = () => {
    [...body.rows].forEach((row, number) => {
      for (const each of [row, ...row.querySelectorAll("[id], [name]")]) {
        for (const name of NAMES) {
          if (name === "value" && each.tagName !== "BUTTON") continue;
          const text = each.getAttribute(name);
          if (!text) continue;
          const to = name === "value" ? text.replace(/\d+$|N$/, number) : text.replace(NUMBERED, `$1${number}`);
          if (to !== text) each.setAttribute(name, to);
        }
      }
      row.cells[0].textContent = number + 1;
    });
    const caption = document.getElementById("grid-caption");
    caption.textContent = caption.textContent.replace(/\d+/, body.rows.length);
  };

  const add = () => {
    if (body.rows.length >= ROWS) return null;
    body.append(template.content.cloneNode(true));
    return body.rows[body.rows.length - 1];
  };

  const act = (button) => {
    const [what, number] = button.value.split(".");
    const row = body.rows[Number(number)];
    let next = row;
    if (what === "add") next = add();
    else if (what === "up" && row.previousElementSibling) row.previousElementSibling.before(row);
    else if (what === "down" && row.nextElementSibling) row.nextElementSibling.after(row);
    else if (what === "delete") {
      next = row.nextElementSibling || row.previousElementSibling || add();
      row.remove();
    }
    renumber();
    if (!next) return;
    const again = what === "up" || what === "down" ? next.querySelector(`button[value^="${what}."]`) : cells(next)[0];
    again.focus();
    changed(cells(next)[0]);
  };

  // A select takes its option by value or by words, a box by a word for yes.
  const write = (cell, text) => {
    if (cell.type === "checkbox") cell.checked = YES.has(fold(text));
    else if (cell.tagName === "SELECT") {
      const wanted = fold(text);
      const found = [...cell.options].find((option) => fold(option.value) === wanted || fold(option.text) === wanted)
        || [...cell.options].find((option) => wanted && fold(option.text).startsWith(wanted));
      cell.value = found ? found.value : "";
    } else cell.value = text.trim();
    if (cell.name.endsWith(".element")) typeFrom(cell);
  };

  const read = (cell) => (cell.type === "checkbox" ? String(cell.checked) : cell.value);

  // A standard element brings its type.
  const typeFrom = (cell) => {
    const wanted = fold(cell.value);
    const found = wanted && [...document.querySelectorAll("#elements option")]
      .find((option) => fold(option.value) === wanted || fold(option.dataset.name) === wanted);
    if (!found) return;
    cell.value = found.value;
    cellAt(placeOf(cell).row, FIELDS.indexOf("data_type")).value = found.dataset.type;
  };

  // Cells between tabs and line ends; a cell in quotes may hold both, and "" for a quote.
  const split = (text) => {
    const rows = [[""]];
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const row = rows[rows.length - 1];
      const char = text[at];
      if (quoted) {
        if (char === '"' && text[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
        else if (char === '"') quoted = false;
        else row[row.length - 1] += char;
      } else if (char === '"' && row[row.length - 1] === "") quoted = true;
      else if (char === "\t") row.push("");
      else if (char === "\n") rows.push([""]);
      else if (char !== "\r") row[row.length - 1] += char;
    }
    if (rows.length > 1 && rows[rows.length - 1].join("") === "") rows.pop();
    return rows;
  };

  const paste = (event) => {
    const cell = event.target.closest("[name^='items.']");
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!cell || !text || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    const start = placeOf(cell);
    split(text).forEach((values, down) => {
      while (body.rows.length <= start.row + down && add());
      renumber();
      values.forEach((value, right) => {
        const target = cellAt(start.row + down, start.column + right);
        if (target) write(target, value.replace(/\s*\n\s*/g, " "));
      });
    });
    changed(cell);
  };

  const go = (row, column) => {
    const target = cellAt(row, column);
    if (!target) return false;
    target.focus();
    if (target.select && target.type !== "checkbox") target.select();
    return true;
  };

  const keys = (event) => {
    const cell = event.target.closest("[name^='items.']");
    if (!cell || event.isComposing || event.altKey || event.metaKey) return;
    const { row, column } = placeOf(cell);
    if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      if (event.shiftKey) go(row - 1, column);
      else if (!go(row + 1, column) && add()) { renumber(); go(row + 1, column); }
    } else if (event.key.toLowerCase() === "d" && event.ctrlKey) {
      event.preventDefault();
      const above = cellAt(row - 1, column);
      if (!above) return;
      write(cell, read(above));
      changed(cell);
      go(row + 1, column);
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && !event.shiftKey) {
      if (!event.ctrlKey && (cell.tagName === "SELECT" || cell.hasAttribute("list"))) return;
      if (go(row + (event.key === "ArrowUp" ? -1 : 1), column)) event.preventDefault();
    }
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='intent']");
    if (!button || !/^(add$|up\.|down\.|delete\.)/.test(button.value)) return;
    event.preventDefault();
    act(button);
  });
  body.addEventListener("change", (event) => {
    if (event.target.name && event.target.name.endsWith(".element")) typeFrom(event.target);
  });
  grid.addEventListener("paste", paste);
  grid.addEventListener("keydown", keys);
})();
