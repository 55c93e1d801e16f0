// @ts-check
// A document that was opened from a search: its hits marked, the passage in view, and a bar to step from hit to hit.
//
// The words come in the fragment, `#hit=…&hit=…&near=…`, and move into the history's state, so that the address is the
// document's own again while going back and reloading keep the marks. Nothing is sent anywhere.

import { hitsBelow } from "./hits.mjs";
import { painted } from "./painting.mjs";
import { styled } from "./styled.mjs";
import { aligned, normalise } from "./tokens.mjs";

const SCOPE = ".gk-document";
const BLOCKS = "p, li, td, th, h1, h2, h3, h4, h5, h6, dd, dt, pre, div";
const AROUND = 24;

/** @typedef {{words: string[], near: string}} Wanted */

/** @returns {Wanted | null} */
function wantedHere() {
  const [written] = location.hash.slice(1).split(":~:");
  const parameters = new URLSearchParams(written);
  if (!parameters.has("hit")) return history.state?.hits ?? null;
  const wanted = { words: parameters.getAll("hit"), near: parameters.get("near") ?? "" };
  history.replaceState({ ...history.state, hits: wanted }, "", location.pathname + location.search);
  return wanted;
}

/**
 * A hit's block, and where in its text the hit stands.
 * @param {Range} range
 */
function placed(range) {
  const { startContainer, startOffset } = range;
  const block = startContainer.parentElement?.closest(BLOCKS) ?? document.body;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(startContainer, startOffset);
  const start = before.toString().length;
  return { block, start, end: start + range.toString().length };
}

/** @typedef {ReturnType<typeof placed>} Place */

/**
 * The hit to begin with: the first that stands within the passage which the search showed.
 * @param {Place[]} places
 * @param {string} near the passage, or its beginning
 */
function beginning(places, near) {
  const wanted = normalise(near);
  const within = places.findIndex(({ block, end }) => {
    const { normal, starts } = aligned(block.textContent ?? "");
    const at = wanted ? normal.indexOf(wanted) : -1;
    return at >= 0 && end > starts[at];
  });
  return Math.max(0, within);
}

/**
 * The hit with a few characters around it, for those who hear the page.
 * @param {Place} place
 */
function said({ block, start, end }) {
  return (block.textContent ?? "").slice(Math.max(0, start - AROUND), end + AROUND).trim();
}

/**
 * @param {string} label
 * @param {string} mark
 */
function button(label, mark) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.dataset[mark] = "";
  return made;
}

function bar() {
  const made = document.createElement("section");
  made.className = "gk-hits";
  made.dataset.hitsBar = "";
  made.setAttribute("aria-label", "搜索到的词语");
  const count = document.createElement("p");
  const spoken = document.createElement("p");
  count.className = "gk-hits-count";
  count.setAttribute("aria-hidden", "true");
  spoken.className = "gk-hits-spoken";
  spoken.setAttribute("role", "status");
  const [previous, next, close] = [button("上一处", "hitsPrevious"), button("下一处", "hitsNext"), button("关闭", "hitsClose")];
  made.append(count, spoken, previous, next, close);
  return { bar: made, count, spoken, previous, next, close };
}

/** @param {Wanted} wanted */
async function start({ words, near }) {
  const scope = document.querySelector(SCOPE);
  const ranges = scope ? hitsBelow(scope, words) : [];
  if (!scope || !ranges.length) return;
  await styled("passage");
  const parts = bar();
  const places = ranges.map(placed);
  const texts = places.map(said);
  const painting = painted(ranges);
  document.querySelector("main")?.prepend(parts.bar);
  document.documentElement.dataset.hits = "";
  const go = stepping({ parts, painting, places, texts, first: beginning(places, near) });
  parts.previous.addEventListener("click", () => go(-1));
  parts.next.addEventListener("click", () => go(1));
  const finish = finishing({ parts, painting, block: () => places[go(0)].block });
  parts.close.addEventListener("click", finish);
  document.addEventListener("keydown", finish);
  parts.next.focus({ preventScroll: true });
  // A live region says what changes once it stands.
  requestAnimationFrame(() => go(0));
}

/**
 * A function that goes so many hits further, round and round, and tells which it is at.
 * @param {{parts: ReturnType<typeof bar>, painting: import("./painting.mjs").Painting, places: Place[], texts: string[], first: number}} page
 */
function stepping({ parts, painting, places, texts, first }) {
  let at = first;
  return (/** @type {number} */ step) => {
    at = (at + step + texts.length) % texts.length;
    painting.stress(at);
    places[at].block.scrollIntoView({ block: "nearest", inline: "nearest" });
    const { top, height } = painting.place(at);
    scrollBy(0, top + height / 2 - innerHeight / 2);
    const counted = `第 ${at + 1} 处，共 ${texts.length} 处`;
    parts.count.textContent = counted;
    parts.spoken.textContent = `${counted}：${texts[at]}`;
    return at;
  };
}

/**
 * Takes bar and marks away, on a click or Escape, and leaves the reader at the passage.
 * @param {{parts: ReturnType<typeof bar>, painting: import("./painting.mjs").Painting, block: () => Element | null}} page
 */
function finishing({ parts, painting, block }) {
  const finish = (/** @type {Event} */ event) => {
    if (event instanceof KeyboardEvent && (event.key !== "Escape" || event.defaultPrevented || event.isComposing)) return;
    document.removeEventListener("keydown", finish);
    const place = block();
    painting.wipe();
    parts.bar.remove();
    delete document.documentElement.dataset.hits;
    history.replaceState({ ...history.state, hits: null }, "");
    if (place instanceof HTMLElement) {
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
    }
  };
  return finish;
}

const wanted = wantedHere();
if (wanted) start(wanted);
