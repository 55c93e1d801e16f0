// @ts-check
// The filters beside the results: a button for each value with its number of documents, years from and to, and what is
// chosen once more as chips above the results.

import { FACETS, rangeOf } from "./address.mjs";
import { element, fill } from "./view.mjs";

const FIRST = 8;
const RANGE_FROM = 3;

/**
 * @typedef {import("./answer.mjs").FacetCounts} FacetCounts
 * @typedef {import("./answer.mjs").FacetValue} FacetValue
 * @typedef {import("./address.mjs").State} State
 * @typedef {{key: string, value: string, name: string}} Choice
 */

/**
 * Fills one facet with a button a value: the first eight and whatever is chosen, all when asked for.
 * @param {HTMLElement} group
 * @param {FacetCounts | undefined} facet
 */
export function fillFacet(group, facet) {
  const values = (facet?.values ?? []).filter(({ value }) => group.dataset.facet !== "year" || !rangeOf(value));
  const isOpen = group.dataset.searchOpen !== undefined;
  group.hidden = values.length === 0;
  const items = values.map((value, at) => {
    const item = element("li", "", valueButton(value));
    item.hidden = !isOpen && at >= FIRST && !value.chosen;
    return item;
  });
  fill(group.querySelector("[data-search-values]"), ...items);
  const all = /** @type {HTMLButtonElement | null} */ (group.querySelector("[data-search-all]"));
  if (all) {
    all.hidden = values.length <= FIRST;
    all.textContent = isOpen ? "收起" : `显示全部（${values.length}项）`;
    all.setAttribute("aria-expanded", String(isOpen));
  }
  fillRange(group, values);
}

/** @param {FacetValue} value */
function valueButton({ value, name, count, chosen }) {
  const number = element("span", "gk-search-number", String(count));
  const button = element("button", "gk-search-value", element("span", "", name), number);
  button.type = "button";
  button.dataset.value = value;
  button.setAttribute("aria-pressed", String(chosen));
  button.setAttribute("aria-label", `${name}，${count}件`);
  return button;
}

/**
 * The years to choose between; what stood chosen stays.
 * @param {HTMLElement} group
 * @param {FacetValue[]} values
 */
function fillRange(group, values) {
  const range = /** @type {HTMLElement | null} */ (group.querySelector("[data-search-range]"));
  if (!range) return;
  range.hidden = values.length < RANGE_FROM;
  const years = values.map(({ value }) => value).filter((value) => /^[0-9]{4}$/.test(value)).sort();
  const selects = /** @type {HTMLSelectElement[]} */ ([...range.querySelectorAll("select")]);
  selects.forEach((select, at) => {
    const before = select.value;
    fill(select, ...years.map((year) => new Option(`${year}年`, year)));
    select.value = years.includes(before) ? before : (years[at === 0 ? 0 : years.length - 1] ?? "");
  });
}

/**
 * Lets the selects show the range that an address asks for.
 * @param {HTMLElement} group
 * @param {string[]} chosen
 */
export function showRange(group, chosen) {
  const range = chosen.map(rangeOf).find(Boolean);
  const selects = /** @type {HTMLSelectElement[]} */ ([...group.querySelectorAll("[data-search-range] select")]);
  if (range) selects.forEach((select, at) => (select.value = range[at]));
}

/**
 * All that is chosen, facet by facet, with the names that readers know.
 * @param {State} state
 * @param {FacetCounts[]} facets
 * @returns {Choice[]}
 */
export function choicesOf({ choices }, facets) {
  return FACETS.flatMap((key) =>
    choices[key].map((value) => {
      const known = facets.find((facet) => facet.key === key)?.values.find((one) => one.value === value);
      return { key, value, name: known?.name ?? value };
    }),
  );
}

/**
 * @param {HTMLElement} list
 * @param {Choice[]} choices
 */
export function fillChips(list, choices) {
  list.hidden = choices.length === 0;
  const chips = choices.map(({ key, value, name }) => {
    const chip = element("button", "gk-search-chip", name);
    chip.type = "button";
    chip.dataset.chip = key;
    chip.dataset.chipValue = value;
    chip.setAttribute("aria-label", `去掉筛选：${name}`);
    return element("li", "", chip);
  });
  if (choices.length > 1) {
    const clear = element("button", "gk-search-clear", "去掉全部筛选");
    clear.type = "button";
    clear.dataset.searchClear = "";
    chips.push(element("li", "", clear));
  }
  fill(list, ...chips);
}

/**
 * Where the filters leave nothing: for each facet without whose choice there is something, a button to take it back.
 * @param {State} state
 * @param {FacetCounts[]} facets
 * @param {HTMLElement[]} groups
 */
export function waysOut({ choices }, facets, groups) {
  return facets.flatMap(({ key, values }) => {
    const others = values.reduce((sum, { count }) => sum + count, 0);
    if (!choices[key]?.length || !others) return [];
    const name = groups.find((group) => group.dataset.facet === key)?.querySelector("legend")?.textContent ?? "";
    const button = element("button", "gk-search-clear", `去掉${name}的筛选，有${others}件`);
    button.type = "button";
    button.dataset.searchDrop = key;
    return [button];
  });
}
