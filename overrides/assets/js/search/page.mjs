// @ts-check
// The search page: reads its address, asks, shows. Starts itself on every `[data-search]`.

import { between, readAddress, sortOf, toggled, unfiltered, writeAddress } from "./address.mjs";
import { Failed, searchClient } from "./client.mjs";
import { choicesOf, fillChips, fillFacet, showRange } from "./filters.mjs";
import { leadTo } from "./leading.mjs";
import { cut } from "./query.mjs";
import { announcement, element, fillExcerpt, remarks, resultItem } from "./view.mjs";

const PAGE = 10;
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
 * @typedef {import("./answer.mjs").Request} Request
 * @typedef {import("./answer.mjs").Result} Result
 * @typedef {ReturnType<typeof partsOf>} Parts
 * @typedef {ReturnType<typeof searching>} Search
 * @typedef {{answer: Answer, request: Request, results: Result[]}} Shown the first answer, the last request, all that is listed
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
 * What may be done on the page; the last thing asked is the one that is shown.
 * @param {Parts} parts
 * @param {string} base the site's root, an absolute URL
 */
function searching(parts, base) {
  const ask = searchClient(new URL("search/index/", base).href);
  let state = readAddress("");
  let shown = /** @type {Shown | null} */ (null);
  let turn = 0;
  const seen = watching((item) => {
    const position = [...parts.list.children].indexOf(item);
    if (shown && position >= 0) ask.show(shown.request, [position]);
  });
  const asked = async (/** @type {Request} */ request) => {
    turn += 1;
    const mine = turn;
    const later = (/** @type {import("./client.mjs").Later[]} */ results) => {
      if (mine === turn && shown) takeLater(parts, shown.results, results, base);
    };
    const stopWaiting = wait(parts);
    try {
      const answer = await ask(request, later);
      return mine === turn ? answer : null;
    } catch (error) {
      if (mine === turn) showFailure(parts, error instanceof Failed ? error.reason : "stopped");
      return null;
    } finally {
      stopWaiting();
    }
  };
  const run = async (limit = PAGE) => {
    if (!state.query) {
      turn += 1;
      return showIdle(parts);
    }
    const request = { ...state, offset: 0, limit };
    const answer = await asked(request);
    if (!answer) return;
    shown = { answer, request, results: answer.results };
    showAnswer(parts, { answer, state, base });
    seen([...parts.list.children]);
  };
  const more = async () => {
    if (!shown) return;
    const { results, answer: first } = shown;
    const request = { ...state, offset: results.length, limit: PAGE };
    const answer = await asked(request);
    if (!answer) return;
    // The index on the server is another than that of the list's beginning: make the whole list anew.
    if (answer.total !== first.total) return run(results.length + PAGE);
    shown = { answer: first, request, results: [...results, ...answer.results] };
    seen(append(parts, answer.results, base));
    remember({ listed: shown.results.length });
    finishList(parts, answer.total);
    enter(parts, "done");
  };
  const from = (/** @type {State} */ next, limit = PAGE) => {
    state = next;
    fillForm(parts, state);
    return run(limit);
  };
  return {
    base,
    run: () => run(),
    more,
    state: () => state,
    shown: () => shown,
    follow: async () => {
      const { listed = PAGE, opened = -1 } = history.state ?? {};
      await from(readAddress(location.search), listed);
      /** @type {HTMLElement | null} */ (parts.list.children[opened]?.querySelector("a"))?.focus();
    },
    go: (/** @type {State} */ next) => {
      const address = writeAddress(next);
      if (address !== writeAddress(state)) history.pushState(null, "", address || location.pathname);
      return from(next);
    },
  };
}

/**
 * What this entry of the history is to bring back.
 * @param {{listed?: number, opened?: number}} what
 */
function remember(what) {
  history.replaceState({ ...history.state, ...what }, "");
}

/**
 * A function that watches results; `call` hears of each whose excerpt is still to come, once it comes into view.
 * @param {(item: Element) => void} call
 */
function watching(call) {
  const later = (/** @type {Element} */ item) => item.querySelector("[data-search-later]") !== null;
  if (typeof IntersectionObserver === "undefined") {
    return (/** @type {Element[]} */ items) => items.filter(later).forEach(call);
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        if (target.isConnected) call(target);
      }
    },
    { rootMargin: "100px" },
  );
  return (/** @type {Element[]} */ items) => items.filter(later).forEach((item) => observer.observe(item));
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
function listenToFilters(parts, { state, go, shown }) {
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
  parts.root.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.chip !== undefined) {
      const at = [...parts.chips.querySelectorAll("button")].indexOf(button);
      await go(toggled(state(), button.dataset.chip, button.dataset.chipValue ?? ""));
      (parts.chips.querySelectorAll("button")[at] ?? parts.total).focus();
    } else if (button?.dataset.searchClear !== undefined) {
      await go(unfiltered(state()));
      parts.total.focus();
    }
  });
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
function enter({ root, hint, failure, found, waiting }, state) {
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
function wait(parts) {
  parts.waiting.textContent = WAITING;
  enter(parts, "busy");
  const timer = setTimeout(() => {
    parts.waiting.textContent = STILL_WAITING;
    parts.announce.textContent = STILL_WAITING;
  }, SLOW);
  return () => clearTimeout(timer);
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
  for (const group of parts.groups) {
    fillFacet(group, answer.facets.find(({ key }) => key === group.dataset.facet));
    showRange(group, state.choices[group.dataset.facet ?? ""] ?? []);
  }
  const choices = choicesOf(state, answer.facets);
  fillChips(parts.chips, choices);
  parts.chosen.textContent = choices.length ? `（已选${choices.length}项）` : "";
  parts.list.replaceChildren();
  append(parts, answer.results, base);
  parts.count.textContent = String(answer.total);
  const said = remarks(answer, choices.length > 0);
  parts.remark.replaceChildren(...said.map((sentence) => element("p", "", sentence)));
  parts.remark.hidden = said.length === 0;
  finishList(parts, answer.total);
  enter(parts, "done");
  if (focused) refocus(parts, focused);
}

/**
 * @param {Parts} parts
 * @param {Result[]} results
 * @param {string} base
 */
function append(parts, results, base) {
  const items = results.map((result) => resultItem(result, base));
  parts.list.append(...items);
  return items;
}

/**
 * @param {Parts} parts
 * @param {number} total
 */
function finishList(parts, total) {
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
function takeLater(parts, results, later, base) {
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
 * @param {import("./client.mjs").Reason} reason
 */
function showFailure(parts, reason) {
  parts.reason.textContent = REASONS[reason];
  parts.announce.textContent = "";
  enter(parts, "failed");
}

for (const root of document.querySelectorAll("[data-search]")) start(/** @type {HTMLElement} */ (root));
