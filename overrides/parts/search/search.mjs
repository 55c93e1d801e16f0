// @ts-check
// The search page: listens to its reader. Starts itself on every `[data-search]`.

import { between, sortOf, toggled, unfiltered } from "./address.mjs";
import { remember, searching } from "./asking.mjs";
import { fillFacet } from "./filters.mjs";
import { leadTo } from "./leading.mjs";
import { partsOf } from "./panel.mjs";
import { cut } from "./typed.mjs";

/**
 * @typedef {import("./asking.mjs").Search} Search
 * @typedef {import("./asking.mjs").Shown} Shown
 * @typedef {import("./panel.mjs").Parts} Parts
 */

/** @param {HTMLElement} root */
export function start(root) {
  if (root.dataset.searchStarted) return;
  root.dataset.searchStarted = "";
  root.querySelector("[data-search-scriptless]")?.remove();
  const parts = partsOf(root);
  const search = searching(parts, new URL(root.dataset.searchBase ?? "./", document.baseURI).href);
  listen(parts, search);
  listenToFilters(parts, search);
  window.addEventListener("popstate", search.follow);
  parts.facets.open = !matchMedia("(max-width: 48em)").matches;
  search.follow();
}

/**
 * @param {Parts} parts
 * @param {Search} search
 */
function listen(parts, { state, go, run, more, shown }) {
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault();
    go({ ...state(), query: cut(parts.box.value) });
  });
  parts.box.addEventListener("keydown", (event) => {
    // Enter that only ends a Chinese input method's composition is no search.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });
  parts.sort.addEventListener("change", () => {
    go({ ...state(), sort: sortOf(parts.sort.value) });
  });
  parts.more.addEventListener("click", () => showMore(parts, more));
  parts.retry.addEventListener("click", () => {
    parts.box.focus();
    run();
  });
  for (const kind of ["pointerdown", "click", "auxclick", "contextmenu"]) {
    parts.list.addEventListener(kind, ({ target, type }) => {
      const link = target instanceof Element ? target.closest("a") : null;
      const at = [...parts.list.children].findIndex((item) => link && item.querySelector("a") === link);
      const found = shown();
      if (!link || at < 0 || !found) return;
      leadTo(link, found.results[at], { query: state().query, acted: found.answer.acted });
      if (type === "click") remember({ opened: at });
    });
  }
  document.addEventListener("keydown", (event) => focusOnSlash(event, parts.box));
}

/**
 * @param {Parts} parts
 * @param {Search} search
 */
function listenToFilters(parts, search) {
  const { state, go, shown } = search;
  for (const group of parts.groups) {
    const key = group.dataset.facet ?? "";
    group.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button?.dataset.value !== undefined) go(toggled(state(), key, button.dataset.value));
      if (button?.dataset.searchAll !== undefined) unfold(group, shown());
      if (button?.dataset.searchBetween !== undefined) {
        const [from, to] = [...group.querySelectorAll("select")].map(({ value }) => value);
        if (from && to) go(between(state(), from, to));
      }
    });
  }
  parts.root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.chip !== undefined) dropChip(parts, search, button);
    if (button?.dataset.searchClear !== undefined) drop(parts, search);
    if (button?.dataset.searchDrop !== undefined) drop(parts, search, [button.dataset.searchDrop]);
    if (button?.dataset.searchAgain !== undefined) search.run();
  });
}

/**
 * Takes back one choice; the next chip has the focus, or where there is none the heading of the results.
 * @param {Parts} parts
 * @param {Search} search
 * @param {HTMLElement} chip
 */
async function dropChip(parts, { go, state }, chip) {
  const at = [...parts.chips.querySelectorAll("button")].findIndex((button) => button === chip);
  await go(toggled(state(), chip.dataset.chip ?? "", chip.dataset.chipValue ?? ""));
  (parts.chips.querySelectorAll("button")[at] ?? parts.total).focus();
}

/**
 * @param {Parts} parts
 * @param {Search} search
 * @param {string[]} [facets]
 */
async function drop(parts, { go, state }, facets) {
  await go(unfiltered(state(), facets));
  parts.total.focus();
}

/**
 * Shows all of a facet's values, or the first few again.
 * @param {HTMLElement} group
 * @param {Shown | null} shown
 */
function unfold(group, shown) {
  if (group.dataset.searchOpen === undefined) group.dataset.searchOpen = "";
  else delete group.dataset.searchOpen;
  fillFacet(group, shown?.answer.facets.find(({ key }) => key === group.dataset.facet));
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} box
 */
function focusOnSlash(event, box) {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  box.focus();
  box.select();
}

/**
 * Lists more and moves on to the first that is new.
 * @param {Parts} parts
 * @param {() => Promise<void>} more
 */
async function showMore(parts, more) {
  const before = parts.list.children.length;
  await more();
  parts.list.children[before]?.querySelector("a")?.focus();
}

for (const root of document.querySelectorAll("[data-search]")) start(/** @type {HTMLElement} */ (root));
