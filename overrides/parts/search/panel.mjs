// @ts-check
// The search panel: its parts, and the states in which it is seen.

import { choicesOf, fillChips, fillFacet, showRange, waysOut } from "./filters.mjs";
import { announcement, element, fill, fillExcerpt, remarks, resultItem } from "./view.mjs";

const SLOW = 6_000;
const WAITING = "正在搜索……";
const STILL_WAITING = "网络较慢，还在读取索引，请稍候……";
/** @type {Record<import("./client.mjs").Reason, string>} */
const REASONS = {
  offline: "没有连上网络，搜索没有完成。请检查网络后重试，或到公开目录中查找。",
  stalled: "等了很久没有读到索引文件，搜索没有完成。网络可能很慢，请稍后重试，或到公开目录中查找。",
  stopped: "搜索程序没有运行起来，搜索没有完成。请刷新页面，或升级浏览器后重试，或到公开目录中查找。",
  unread: "索引文件没有读到或不完整，搜索没有完成。网站可能正在更新，请稍后重试，或到公开目录中查找。",
};

/**
 * @typedef {import("./address.mjs").State} State
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {import("./answer.mjs").Result} Result
 * @typedef {ReturnType<typeof partsOf>} Parts
 */

/** @param {HTMLElement} root */
export function partsOf(root) {
  const find = (/** @type {string} */ mark) => /** @type {HTMLElement} */ (root.querySelector(`[data-search-${mark}]`));
  return {
    root,
    form: /** @type {HTMLFormElement} */ (root.querySelector("form")),
    box: /** @type {HTMLInputElement} */ (root.querySelector("input[name=q]")),
    sort: /** @type {HTMLSelectElement} */ (find("sort")),
    more: /** @type {HTMLButtonElement} */ (find("more")),
    facets: /** @type {HTMLDetailsElement} */ (find("facets")),
    groups: /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-facet]")]),
    chosen: find("chosen"),
    chips: find("chips"),
    found: find("found"),
    total: find("total"),
    count: find("count"),
    list: find("list"),
    remark: find("remark"),
    hint: find("hint"),
    waiting: find("waiting"),
    failure: find("failure"),
    reason: find("reason"),
    retry: find("retry"),
    announce: find("announce"),
  };
}

/**
 * @param {Parts} parts
 * @param {State} state
 */
export function fillForm(parts, state) {
  parts.box.value = state.query;
  parts.sort.value = state.sort;
}

/**
 * @param {Parts} parts
 * @param {"idle" | "busy" | "done" | "failed"} state
 */
export function enter({ root, hint, failure, found, waiting }, state) {
  root.dataset.searchState = state;
  root.setAttribute("aria-busy", String(state === "busy"));
  hint.hidden = state !== "idle";
  failure.hidden = state !== "failed";
  if (state === "idle" || state === "failed") found.hidden = true;
  if (state === "done") found.hidden = false;
  waiting.hidden = state !== "busy" || !found.hidden;
}

/**
 * Says that a search is under way, and after a while that it takes long; the function returned ends it.
 * @param {Parts} parts
 */
export function wait(parts) {
  parts.waiting.textContent = WAITING;
  enter(parts, "busy");
  const timer = setTimeout(() => {
    parts.waiting.textContent = STILL_WAITING;
    parts.announce.textContent = STILL_WAITING;
  }, SLOW);
  return () => clearTimeout(timer);
}

/** @param {Parts} parts */
export function showIdle(parts) {
  enter(parts, "idle");
  fill(parts.list);
  parts.count.textContent = "0";
  parts.announce.textContent = "";
}

/**
 * @param {Parts} parts
 * @param {{answer: Answer, state: State, base: string}} shown
 */
export function showAnswer(parts, { answer, state, base }) {
  const choices = showFacets(parts, answer.facets, state);
  fill(parts.list);
  append(parts, answer.results, base);
  parts.count.textContent = String(answer.total);
  showRemarks(parts, { answer, state, isNarrowed: choices.length > 0 });
  finishList(parts, answer.total);
  enter(parts, "done");
}

/**
 * The facets' values, and what is chosen of them, which is returned; whatever had the focus there has it again.
 * @param {Parts} parts
 * @param {import("./answer.mjs").FacetCounts[]} facets
 * @param {State} state
 */
export function showFacets(parts, facets, state) {
  const focused = focusedValue(parts);
  for (const group of parts.groups) {
    fillFacet(group, facets.find(({ key }) => key === group.dataset.facet));
    showRange(group, state.choices[group.dataset.facet ?? ""] ?? []);
  }
  const choices = choicesOf(state, facets);
  fillChips(parts.chips, choices);
  parts.chosen.textContent = choices.length ? `（已选${choices.length}项）` : "";
  if (focused) refocus(parts, focused);
  return choices;
}

/**
 * @param {Parts} parts
 * @param {{answer: Answer, state: State, isNarrowed: boolean}} shown
 */
function showRemarks({ remark, groups }, { answer, state, isNarrowed }) {
  const said = /** @type {HTMLElement[]} */ (remarks(answer, isNarrowed).map((sentence) => element("p", "", sentence)));
  if (answer.total === 0) said.push(...waysOut(state, answer.facets, groups));
  if (answer.partial) {
    const again = element("button", "gk-search-clear", "重新搜索");
    again.type = "button";
    again.dataset.searchAgain = "";
    said.push(again);
  }
  fill(remark, ...said);
  remark.hidden = said.length === 0;
}

/**
 * @param {Parts} parts
 * @param {Result[]} results
 * @param {string} base
 */
export function append(parts, results, base) {
  const items = results.map((result) => resultItem(result, base));
  parts.list.append(...items);
  return items;
}

/**
 * @param {Parts} parts
 * @param {number} total
 */
export function finishList(parts, total) {
  const listed = parts.list.children.length;
  parts.more.hidden = listed >= total;
  parts.announce.textContent = announcement(total, listed);
}

/**
 * @param {Parts} parts
 * @param {Result[]} results
 * @param {import("./client.mjs").Later[]} later
 * @param {string} base
 */
export function takeLater(parts, results, later, base) {
  for (const { position, ...found } of later) {
    const item = /** @type {HTMLElement | undefined} */ (parts.list.children[position]);
    if (!item || !results[position]) continue;
    Object.assign(results[position], found);
    fillExcerpt(item, found, base);
  }
}

/**
 * The facet's value that has the focus: its button is about to be made anew.
 * @param {Parts} parts
 */
function focusedValue(parts) {
  const button = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-value]") ?? null);
  const group = parts.groups.find((one) => one.contains(button));
  return button && group ? { key: group.dataset.facet, value: button.dataset.value } : null;
}

/**
 * @param {Parts} parts
 * @param {{key: string | undefined, value: string | undefined}} focused
 */
function refocus(parts, { key, value }) {
  const group = parts.groups.find((one) => one.dataset.facet === key);
  const buttons = /** @type {HTMLElement[]} */ ([...(group?.querySelectorAll("[data-value]") ?? [])]);
  const again = buttons.find((button) => button.dataset.value === value);
  (again ?? parts.facets.querySelector("summary"))?.focus();
}

/**
 * @param {Parts} parts
 * @param {import("./client.mjs").Reason} reason
 */
export function showFailure(parts, reason) {
  parts.reason.textContent = REASONS[reason];
  parts.announce.textContent = "";
  enter(parts, "failed");
}
