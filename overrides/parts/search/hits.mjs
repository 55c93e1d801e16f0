// @ts-check
// Where in a page given words stand, as the reader sees them: across a blank in a name, across elements in a line, in
// any width and case.

import { aligned, normalise } from "./tokens.mjs";

const SKIPPED = "button, select, script, style, [hidden], [data-hits-bar]";

/**
 * @typedef {{node: Text, start: number, end: number}} Piece a text node's place in its line
 * @typedef {{text: string, pieces: Piece[]}} Line what a block says without a break
 * @typedef {{start: number, end: number}} Span
 */

/**
 * The places of words below an element, in its order. A word within a longer one that occurs as well is none of its own.
 * @param {Element} scope
 * @param {string[]} words
 * @returns {Range[]}
 */
export function hitsBelow(scope, words) {
  const read = linesOf(scope).map((line) => ({ line, ...aligned(line.text) }));
  const wanted = [...new Set(words.map((word) => normalise(word)))].filter(Boolean);
  const held = wanted.filter((word) => read.some(({ normal }) => normal.includes(word)));
  const longest = held.filter((word) => !held.some((other) => other !== word && other.includes(word)));
  return read.flatMap(({ line, normal, starts, ends }) =>
    spansOf(normal, longest).map(({ start, end }) => rangeOf(line, { start: starts[start], end: ends[end - 1] })),
  );
}

/**
 * The text below an element, a line for each block.
 * @param {Element} scope
 * @returns {Line[]}
 */
function linesOf(scope) {
  const lines = /** @type {Line[]} */ ([]);
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  let block = /** @type {Element | null} */ (null);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest(SKIPPED)) continue;
    const own = blockOf(parent, scope);
    if (own !== block) lines.push({ text: "", pieces: [] });
    block = own;
    const line = lines[lines.length - 1];
    const text = node.nodeValue ?? "";
    line.pieces.push({ node: /** @type {Text} */ (node), start: line.text.length, end: line.text.length + text.length });
    line.text += text;
  }
  return lines;
}

/**
 * @param {Element} element
 * @param {Element} scope
 */
function blockOf(element, scope) {
  let block = element;
  while (block !== scope && block.parentElement && getComputedStyle(block).display.startsWith("inline")) {
    block = block.parentElement;
  }
  return block;
}

/**
 * @param {string} text
 * @param {string[]} words
 * @returns {Span[]} in order; those that overlap as one
 */
function spansOf(text, words) {
  const found = words.flatMap((word) => {
    const spans = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      spans.push({ start: at, end: at + word.length });
    }
    return spans;
  });
  const apart = /** @type {Span[]} */ ([]);
  for (const span of found.sort((a, b) => a.start - b.start)) {
    const last = apart[apart.length - 1];
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else apart.push(span);
  }
  return apart;
}

/**
 * @param {Line} line
 * @param {Span} span
 */
function rangeOf({ pieces }, { start, end }) {
  const range = document.createRange();
  const first = pieces.find((piece) => start < piece.end) ?? pieces[0];
  const last = pieces.find((piece) => end <= piece.end) ?? pieces[pieces.length - 1];
  range.setStart(first.node, start - first.start);
  range.setEnd(last.node, end - last.start);
  return range;
}
