// @ts-check
// The search of one page: what it asks, what it shows of the answers, and what the history brings back.

import { readAddress, writeAddress } from "./address.mjs";
import { Failed, searchClient } from "./client.mjs";
import { append, enter, fillForm, finishList, showAnswer, showFacets, showFailure, showIdle, takeLater, wait } from "./panel.mjs";

const PAGE = 10;

/**
 * @typedef {import("./address.mjs").State} State
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {import("./answer.mjs").Request} Request
 * @typedef {import("./answer.mjs").Result} Result
 * @typedef {import("./panel.mjs").Parts} Parts
 * @typedef {{answer: Answer, request: Request, results: Result[]}} Shown the first answer, the last request, all that is listed
 * @typedef {object} Session
 * @property {Parts} parts
 * @property {string} base the site's root, an absolute URL
 * @property {ReturnType<typeof searchClient>} ask
 * @property {(items: Element[]) => void} watch
 * @property {State} state
 * @property {Shown | null} shown
 * @property {number} turn grows with each question: the last thing asked is the one that is shown
 */

/** @typedef {ReturnType<typeof searching>} Search */

/**
 * What may be done on the page.
 * @param {Parts} parts
 * @param {string} base the site's root, an absolute URL
 */
export function searching(parts, base) {
  const ask = searchClient(new URL("search/index/", base).href);
  const watch = watching((item) => showLater(session, item));
  const session = /** @type {Session} */ ({ parts, base, ask, watch, state: readAddress(""), shown: null, turn: 0 });
  return {
    run: () => run(session),
    more: () => more(session),
    state: () => session.state,
    shown: () => session.shown,
    follow: () => follow(session),
    go: (/** @type {State} */ next) => {
      const address = writeAddress(next);
      if (address !== writeAddress(session.state)) history.pushState(null, "", address || location.pathname);
      return from(session, next);
    },
  };
}

/**
 * @param {Session} session
 * @param {State} next
 */
function from(session, next, limit = PAGE) {
  session.state = next;
  fillForm(session.parts, next);
  return run(session, limit);
}

/**
 * Shows what the address asks for, as it was left: so many results, the one that was opened in view.
 * @param {Session} session
 */
async function follow(session) {
  const { listed = PAGE, opened = -1 } = history.state ?? {};
  await from(session, readAddress(location.search), listed);
  session.parts.list.children[opened]?.querySelector("a")?.focus();
}

/**
 * @param {Session} session
 */
async function run(session, limit = PAGE) {
  const { parts, state, base } = session;
  if (!state.query) {
    session.turn += 1;
    return showIdle(parts);
  }
  const request = { ...state, offset: 0, limit };
  const answer = await asked(session, request);
  if (!answer) return;
  session.shown = { answer, request, results: answer.results };
  showAnswer(parts, { answer, state, base });
  if (!answer.facets.length) session.ask.count(request);
  session.watch([...parts.list.children]);
}

/** @param {Session} session */
async function more(session) {
  const { parts, state, base, shown } = session;
  if (!shown) return;
  const request = { ...state, offset: shown.results.length, limit: PAGE };
  const answer = await asked(session, request);
  if (!answer) return;
  // The index on the server is another than that of the list's beginning: make the whole list anew.
  if (answer.total !== shown.answer.total) return run(session, request.offset + PAGE);
  session.shown = { answer: shown.answer, request, results: [...shown.results, ...answer.results] };
  session.watch(append(parts, answer.results, base));
  remember({ listed: session.shown.results.length });
  finishList(parts, answer.total);
  enter(parts, "done");
}

/**
 * The answer, or null where it failed or something else has been asked since.
 * @param {Session} session
 * @param {Request} request
 */
async function asked(session, request) {
  const { parts, ask } = session;
  session.turn += 1;
  const mine = session.turn;
  const stopWaiting = wait(parts);
  try {
    const answer = await ask(request, (said) => {
      if (mine === session.turn) takeAfterwards(session, said);
    });
    return mine === session.turn ? answer : null;
  } catch (error) {
    if (mine === session.turn) showFailure(parts, error instanceof Failed ? error.reason : "stopped");
    return null;
  } finally {
    stopWaiting();
  }
}

/**
 * @param {Session} session
 * @param {import("./client.mjs").Afterwards} said
 */
function takeAfterwards({ parts, base, shown, state }, { results = [], facets }) {
  if (!shown) return;
  takeLater(parts, shown.results, results, base);
  if (!facets) return;
  shown.answer.facets = facets;
  showFacets(parts, facets, state);
}

/**
 * Asks for the excerpt of a result.
 * @param {Session} session
 * @param {Element} item
 */
function showLater({ ask, parts, shown }, item) {
  const position = [...parts.list.children].indexOf(item);
  if (shown && position >= 0) ask.show(shown.request, [position]);
}

/**
 * What this entry of the history is to bring back.
 * @param {{listed?: number, opened?: number}} what
 */
export function remember(what) {
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
