// @ts-check
// Which passage of a document to show, and which characters of it to mark.

import { aligned, isLoneHan, scan } from "./tokens.mjs";

const WIDTH = 120;
const LEAD = 12;
const EQUAL = 1e-6;
const STOPS = ["\n", "。", "；", "！", "？"];
const EDGE = 12;
const SENTENCE_WITHIN = 28;

/**
 * @typedef {{text: string, isHit: boolean}} Piece
 * @typedef {{token: string, start: number, end: number}} Hit places in the original text
 */

/**
 * Every place where one of the tokens stands in a text as printed.
 * @param {string} text
 * @param {Map<string, number>} wanted tokens with their weights
 * @param {import("./tokens.mjs").Simpler} [simpler]
 * @returns {Hit[]} in order; hits that touch once blanks are dropped touch here too
 */
export function hitsIn(text, wanted, simpler) {
  const { normal, starts, ends } = aligned(text, simpler);
  const found = [...scan(normal)].filter(({ token }) => wanted.has(token));
  for (const token of wanted.keys()) {
    if (isLoneHan(token)) found.push(...everywhere(normal, token));
  }
  found.sort((a, b) => a.start - b.start || a.end - b.end);
  let reached = 0;
  return found.map(({ token, start, end }) => {
    const touching = start > 0 && start <= reached;
    reached = Math.max(reached, end);
    return { token, start: touching ? Math.min(starts[start], ends[start - 1]) : starts[start], end: ends[end - 1] };
  });
}

/**
 * @param {string} normal
 * @param {string} token
 */
function everywhere(normal, token) {
  const found = [];
  for (let at = normal.indexOf(token); at >= 0; at = normal.indexOf(token, at + token.length)) {
    found.push({ token, start: at, end: at + token.length });
  }
  return found;
}

/**
 * Hits that overlap or touch, as one.
 * @param {Hit[]} hits
 * @returns {{start: number, end: number}[]}
 */
export function merged(hits) {
  const spans = /** @type {{start: number, end: number}[]} */ ([]);
  for (const { start, end } of hits) {
    const last = spans[spans.length - 1];
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}

/**
 * A text cut into marked and unmarked pieces.
 * @param {string} text
 * @param {Map<string, number>} wanted
 * @returns {Piece[]}
 */
export function marked(text, wanted) {
  return pieces(text, merged(hitsIn(text, wanted)), { from: 0, to: text.length });
}

/**
 * The passage that answers best, marked.
 * @param {string} text
 * @param {Hit[]} hits in it
 * @param {Map<string, number>} wanted
 * @returns {Piece[]}
 */
export function excerpt(text, hits, wanted) {
  const from = beginning(text, bestStart(hits, wanted));
  const to = Math.min(text.length, from + WIDTH);
  const shown = pieces(text, merged(hits), { from, to });
  if (from > 0) shown.unshift({ text: "…", isHit: false });
  if (to < text.length) shown.push({ text: "…", isHit: false });
  return shown.map((piece) => ({ ...piece, text: piece.text.replace(/\n/gu, " ") }));
}

/**
 * The visible text around the best hit, within its block: whole where it is short, else with its beginning and its end.
 * @param {string} text
 * @param {Hit[]} hits
 * @param {Map<string, number>} wanted
 * @returns {{text: string, start: string, end: string} | null}
 */
export function passageAround(text, hits, wanted) {
  if (!hits.length) return null;
  const at = bestStart(hits, wanted);
  const span = merged(hits).find(({ end }) => end > at) ?? hits[0];
  const before = Math.max(...STOPS.map((stop) => text.lastIndexOf(stop, Math.max(0, span.start - 1)))) + 1;
  const after = Math.min(...STOPS.map((stop) => text.indexOf(stop, span.end)).filter((place) => place >= 0), text.length);
  const from = Math.max(before, span.start - WIDTH / 2);
  const said = text.slice(from, Math.min(after, Math.max(span.end, from + WIDTH))).trim();
  if (said.length <= 2 * EDGE) return { text: said, start: said, end: "" };
  return { text: said, start: said.slice(0, EDGE), end: said.slice(-EDGE) };
}

/**
 * How much of what was asked the best passage holds.
 * @param {Hit[]} hits
 * @param {Map<string, number>} wanted
 */
export function worthOf(hits, wanted) {
  return hits.reduce((best, _, first) => Math.max(best, worthFrom(hits, first, wanted)), 0);
}

/**
 * Where the hit stands from which a passage's width holds most of what was asked: of the first such
 * passage its last such hit, so that what follows the words, often the answer, is still shown.
 * @param {Hit[]} hits
 * @param {Map<string, number>} wanted
 */
function bestStart(hits, wanted) {
  let best = 0;
  let anchor = 0;
  let start = 0;
  for (let first = 0; first < hits.length; first += 1) {
    const worth = worthFrom(hits, first, wanted);
    if (worth > best + EQUAL) {
      best = worth;
      anchor = hits[first].start;
      start = anchor;
    } else if (worth > best - EQUAL && hits[first].start < anchor + WIDTH) {
      start = hits[first].start;
    }
  }
  return start;
}

/**
 * @param {Hit[]} hits
 * @param {number} first
 * @param {Map<string, number>} wanted
 */
function worthFrom(hits, first, wanted) {
  const seen = new Set();
  const limit = hits[first].start + WIDTH - LEAD;
  let worth = 0;
  let spanStart = hits[first].start;
  let reached = spanStart;
  let longest = 0;
  for (let at = first; at < hits.length && hits[at].end <= limit; at += 1) {
    const { token, start, end } = hits[at];
    if (!seen.has(token)) worth += wanted.get(token) ?? 0;
    seen.add(token);
    if (start > reached) spanStart = start;
    reached = Math.max(reached, end);
    longest = Math.max(longest, reached - spanStart);
  }
  return worth + longest;
}

/**
 * The start of the sentence, when it is near; else a few characters before.
 * @param {string} text
 * @param {number} hit
 */
function beginning(text, hit) {
  const before = text.slice(Math.max(0, hit - SENTENCE_WITHIN), hit);
  const stop = Math.max(...STOPS.map((mark) => before.lastIndexOf(mark)));
  if (stop >= 0) return hit - before.length + stop + 1;
  return hit <= SENTENCE_WITHIN ? 0 : hit - LEAD;
}

/**
 * @param {string} text
 * @param {{start: number, end: number}[]} spans
 * @param {{from: number, to: number}} bounds
 * @returns {Piece[]}
 */
function pieces(text, spans, { from, to }) {
  const cut = [];
  let at = from;
  for (const { start, end } of spans.filter((span) => span.end > from && span.start < to)) {
    cut.push({ text: text.slice(at, Math.max(at, start)), isHit: false });
    cut.push({ text: text.slice(Math.max(at, start), Math.min(end, to)), isHit: true });
    at = Math.min(end, to);
  }
  cut.push({ text: text.slice(at, to), isHit: false });
  return cut.filter((piece) => piece.text);
}
