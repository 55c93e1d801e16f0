// @ts-check
// The search page: reads its address, asks, shows. Starts itself on every `[data-search]`.

import { FACETS, readAddress, sortOf, toggled, writeAddress } from "./address.mjs";
import { TooOld, searchClient } from "./client.mjs";
import { cut } from "./query.mjs";
import { announcement, fillFacet, remark, resultItem } from "./view.mjs";

const PAGE = 10;
const UNREAD = "搜索没有完成：索引文件未能读取。请重试，或到公开目录中查找。";
const OLD = "搜索没有完成：当前浏览器版本较旧。请升级浏览器，或到公开目录中查找。";

/**
 * @typedef {import("./address.mjs").State} State
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {ReturnType<typeof partsOf>} Parts
 */

/** @param {HTMLElement} root */
function partsOf(root) {
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
    found: find("found"),
    count: find("count"),
    list: find("list"),
    remark: find("remark"),
    hint: find("hint"),
    failure: find("failure"),
    reason: find("reason"),
    retry: find("retry"),
    announce: find("announce"),
  };
}

/** @param {HTMLElement} root */
export function start(root) {
  if (root.dataset.searchStarted) return;
  root.dataset.searchStarted = "";
  root.querySelector("[data-search-scriptless]")?.remove();
  const parts = partsOf(root);
  const search = searching(parts, new URL(root.dataset.searchBase ?? "./", document.baseURI).href);
  listen(parts, search);
  window.addEventListener("popstate", search.follow);
  parts.facets.open = !matchMedia("(max-width: 48em)").matches;
  search.follow();
}

/**
 * What may be done on the page; the last thing asked is the one that is shown.
 * @param {Parts} parts
 * @param {string} base the site's root, an absolute URL
 */
function searching(parts, base) {
  const ask = searchClient(new URL("search/index/", base).href);
  let state = readAddress("");
  let limit = PAGE;
  let turn = 0;
  const run = async () => {
    turn += 1;
    const mine = turn;
    if (!state.query) return showIdle(parts);
    enter(parts, "busy");
    try {
      const answer = await ask({ ...state, offset: 0, limit });
      if (mine === turn) showAnswer(parts, { answer, state, base });
    } catch (error) {
      if (mine === turn) showFailure(parts, error instanceof TooOld ? OLD : UNREAD);
    }
  };
  const from = (/** @type {State} */ next, wanted = PAGE) => {
    state = next;
    limit = wanted;
    fillForm(parts, state);
    return run();
  };
  return {
    run,
    state: () => state,
    more: () => from(state, limit + PAGE),
    follow: () => from(readAddress(location.search)),
    go: (/** @type {State} */ next) => {
      const address = writeAddress(next);
      if (address !== writeAddress(state)) history.pushState(null, "", address || location.pathname);
      return from(next);
    },
  };
}

/**
 * @param {Parts} parts
 * @param {ReturnType<typeof searching>} search
 */
function listen(parts, { state, go, run, more }) {
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
  for (const group of parts.groups) {
    group.addEventListener("click", ({ target }) => {
      const value = target instanceof Element && target.closest("[data-value]")?.getAttribute("data-value");
      if (value) go(toggled(state(), group.dataset.facet ?? "", value));
    });
  }
  document.addEventListener("keydown", (event) => focusOnSlash(event, parts.box));
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
 * @param {Parts} parts
 * @param {State} state
 */
function fillForm(parts, state) {
  parts.box.value = state.query;
  parts.sort.value = state.sort;
}

/**
 * @param {Parts} parts
 * @param {"idle" | "busy" | "done" | "failed"} state
 */
function enter({ root, hint, failure, found }, state) {
  root.dataset.searchState = state;
  root.setAttribute("aria-busy", String(state === "busy"));
  hint.hidden = state !== "idle";
  failure.hidden = state !== "failed";
  if (state === "idle" || state === "failed") found.hidden = true;
  if (state === "done") found.hidden = false;
}

/** @param {Parts} parts */
function showIdle(parts) {
  enter(parts, "idle");
  parts.list.replaceChildren();
  parts.count.textContent = "0";
  parts.announce.textContent = "";
}

/**
 * @param {Parts} parts
 * @param {{answer: Answer, state: State, base: string}} shown
 */
function showAnswer(parts, { answer, state, base }) {
  const focused = focusedValue(parts);
  for (const group of parts.groups) fillFacet(group, answer.facets.find(({ key }) => key === group.dataset.facet));
  parts.list.replaceChildren(...answer.results.map((result) => resultItem(result, base)));
  parts.count.textContent = String(answer.total);
  const choices = FACETS.flatMap((key) => state.choices[key]).length;
  parts.chosen.textContent = choices ? `（已选${choices}项）` : "";
  parts.remark.textContent = remark(answer, choices > 0);
  parts.remark.hidden = !parts.remark.textContent;
  parts.more.hidden = answer.results.length >= answer.total;
  parts.announce.textContent = announcement(answer);
  enter(parts, "done");
  if (focused) refocus(parts, focused);
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
 * Lists more and moves on to the first that is new.
 * @param {Parts} parts
 * @param {() => Promise<void>} more
 */
async function showMore(parts, more) {
  const before = parts.list.children.length;
  await more();
  parts.list.children[before]?.querySelector("a")?.focus();
}

/**
 * @param {Parts} parts
 * @param {string} reason
 */
function showFailure(parts, reason) {
  parts.reason.textContent = reason;
  parts.announce.textContent = "";
  enter(parts, "failed");
}

for (const root of document.querySelectorAll("[data-search]")) start(/** @type {HTMLElement} */ (root));
