// @ts-check
// The rows below a search box while the reader types: an editable combobox with a list, as the ARIA Authoring
// Practices describe it. The box keeps the focus; nothing happens while an input method composes.

import { offersIn, suggestions } from "./suggesting.mjs";
import { styled } from "./styled.mjs";
import { fill } from "./view.mjs";

const ROOT = new URL("../../../", import.meta.url).href;

let lists = 0;
let offered = /** @type {Promise<import("./suggesting.mjs").Offers> | null} */ (null);

/**
 * @typedef {import("./suggesting.mjs").Suggestion} Suggestion
 * @typedef {object} Combobox
 * @property {HTMLInputElement} box
 * @property {HTMLUListElement} list
 * @property {HTMLElement} spoken
 * @property {Suggestion[]} rows
 * @property {number} active the row that Enter opens, -1 for none: Enter searches
 * @property {number} turn grows with each thing typed, and when the rows are closed: what comes late is not shown
 */

/** What may be suggested, asked for once; nothing where the site has no such file. */
function load() {
  offered ??= fetch(`${ROOT}search/suggest.json`)
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
    .then(offersIn)
    .catch(() => offersIn(null));
  return offered;
}

/**
 * Lets a box suggest; safe to call again. `before` is what stood in it when this was asked for.
 * @param {HTMLInputElement} box
 * @param {string} before
 */
export function start(box, before) {
  if (box.dataset.suggestStarted !== undefined || !box.form) return;
  box.dataset.suggestStarted = "";
  const combobox = furnished(box, box.form);
  const update = () => refresh(combobox);
  box.addEventListener("input", (event) => {
    if (!(/** @type {InputEvent} */ (event).isComposing)) update();
  });
  box.addEventListener("compositionend", update);
  box.addEventListener("keydown", (event) => pressed(combobox, event));
  box.addEventListener("blur", () => close(combobox));
  box.form.addEventListener("submit", () => close(combobox));
  combobox.list.addEventListener("pointerdown", (event) => event.preventDefault());
  combobox.list.addEventListener("click", ({ target }) => {
    const option = target instanceof Element ? target.closest("[role=option]") : null;
    if (option) open(combobox.rows[[...combobox.list.children].indexOf(option)]);
  });
  load();
  if (box.value !== before) update();
}

/**
 * @param {HTMLInputElement} box
 * @param {HTMLFormElement} form
 * @returns {Combobox}
 */
function furnished(box, form) {
  const list = document.createElement("ul");
  lists += 1;
  list.id = `gk-suggest-${lists}`;
  list.className = "gk-suggest";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "搜索提示");
  const spoken = document.createElement("span");
  spoken.className = "gk-suggest-spoken";
  spoken.setAttribute("role", "status");
  form.classList.add("gk-suggest-form");
  form.append(list, spoken);
  box.setAttribute("aria-controls", list.id);
  return { box, list, spoken, rows: [], active: -1, turn: 0 };
}

/** @param {Combobox} combobox */
async function refresh(combobox) {
  combobox.turn += 1;
  const mine = combobox.turn;
  const [offers] = await Promise.all([load(), styled("suggest")]);
  if (mine !== combobox.turn) return;
  combobox.rows = suggestions(offers, combobox.box.value);
  show(combobox);
}

/** @param {Combobox} combobox */
function show(combobox) {
  const { box, list, rows, spoken } = combobox;
  fill(list, ...rows.map((row, at) => optionOf(row, `${list.id}-${at}`)));
  list.style.insetBlockStart = `${offsetWithin(box)}px`;
  list.hidden = rows.length === 0;
  box.setAttribute("aria-expanded", String(rows.length > 0));
  spoken.textContent = rows.length ? `有${rows.length}条提示，按上下方向键选择` : "";
  activate(combobox, -1);
}

/** @param {HTMLInputElement} box */
function offsetWithin(box) {
  const form = /** @type {HTMLFormElement} */ (box.form);
  return box.getBoundingClientRect().bottom - form.getBoundingClientRect().top;
}

/**
 * @param {Suggestion} row
 * @param {string} id
 */
function optionOf({ text, note }, id) {
  const option = document.createElement("li");
  const what = document.createElement("span");
  const about = document.createElement("span");
  option.id = id;
  option.setAttribute("role", "option");
  what.textContent = text;
  about.textContent = note;
  about.className = "gk-suggest-note";
  option.append(what, " ", about);
  return option;
}

/** @param {Combobox} combobox */
function close(combobox) {
  combobox.turn += 1;
  combobox.rows = [];
  show(combobox);
}

/**
 * @param {Combobox} combobox
 * @param {number} active
 */
function activate(combobox, active) {
  combobox.active = active;
  [...combobox.list.children].forEach((option, at) => {
    option.setAttribute("aria-selected", String(at === active));
    if (at === active) {
      combobox.box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  });
  if (active < 0) combobox.box.removeAttribute("aria-activedescendant");
}

/**
 * @param {Combobox} combobox
 * @param {KeyboardEvent} event
 */
function pressed(combobox, event) {
  const { rows, active } = combobox;
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" && !rows.length) {
    event.preventDefault();
    refresh(combobox);
  }
  if (!rows.length) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const places = rows.length + 1;
    const step = event.key === "ArrowDown" ? 1 : -1;
    activate(combobox, ((active + 1 + step + places) % places) - 1);
  } else if (event.key === "Home" || event.key === "End") {
    activate(combobox, -1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close(combobox);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    open(rows[active]);
  }
}

/** @param {Suggestion} row */
function open({ address }) {
  location.assign(new URL(address, ROOT).href);
}
