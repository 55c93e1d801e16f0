// @ts-check
// What the reader typed, made into tokens to look up.
//
// A question typed in full is mostly words about asking. They are dropped, and a dropped word splits
// the run it stood in, so that the characters on its two sides never form a pair nobody wrote.

import { identifierKey, isLoneHan, normalise, scan } from "./tokens.mjs";

export const LONGEST_QUERY = 200;
const DROPPED = "\u0001";
const MEASURES = "(?:家|个|件|项|人|名|次|篇|份|种|元|万元|亿元|天|年)";
const ASKING = new RegExp(
  [
    "请问|请教|咨询一?下?|查询一?下?|我?想(?:要?知道|要?了解|问)一?下?",
    "是不是|是否|有没有|有无|能不能|能否|可不可以|可否",
    `(?:共?有)?(?:多少${MEASURES}?|几${MEASURES}|哪些|哪几${MEASURES}?|哪一?${MEASURES})`,
    "[是有为]?什么(?:时候|时间|样)?(?:的|是)?|为什么|为何|何时|怎么样?|怎样|如何|哪里|哪儿",
    "[吗呢吧啊呀么](?=[^\\p{L}\\p{N}]|$)",
  ].join("|"),
  "gu",
);
// Within a question these say when it was asked, not what the document says.
const RELATIVE_TIME = /去年|今年|前年|明年|近年来?|近几年|最近|目前|现在/gu;
const PARTICLES = /(?<!目)的(?![士确])|了(?![解结])/gu;
const EDGES = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;

/**
 * @typedef {object} Query
 * @property {string} phrase the whole, normalised, without punctuation at its ends
 * @property {string[]} runs what is left between dropped words and blanks, two characters or more
 * @property {string} normal the normalised text in which `tokens` have their places
 * @property {import("./tokens.mjs").Found[]} tokens
 * @property {string} key an identifier's exact key, or "" when nothing here looks like one
 */

/**
 * @param {string} typed
 * @returns {Query}
 */
export function parseQuery(typed) {
  const text = cut(typed);
  const whole = normalise(separated(text));
  const reduced = withoutAsking(whole);
  const kept = worthwhile(reduced);
  const normal = kept.length ? reduced : whole;
  const key = identifierKey(text);
  return {
    phrase: normalise(text).replace(EDGES, ""),
    runs: normal.split(/[\u0001\s]+/u).map((run) => run.replace(EDGES, "")).filter((run) => run.length > 1),
    normal,
    tokens: kept.length ? kept : [...scan(whole)],
    key: /[0-9]/.test(key) ? key : "",
  };
}

/**
 * The query as it is searched: trimmed, at most 200 characters.
 * @param {string} typed
 */
export function cut(typed) {
  return [...typed.trim()].slice(0, LONGEST_QUERY).join("").trim();
}

/**
 * A blank parts two words, except between single characters: `张　三` is one name.
 * @param {string} text
 */
function separated(text) {
  const words = text.split(/\s+/u);
  return words.reduce((before, word, at) => {
    const isName = isLoneHan(word) && isLoneHan(words[at - 1] ?? "");
    return at === 0 || isName ? before + word : `${before}\n${word}`;
  }, "");
}

/** @param {string} normal */
function withoutAsking(normal) {
  const asked = normal.replace(ASKING, blotted);
  const timed = asked === normal ? asked : asked.replace(RELATIVE_TIME, blotted);
  return timed.replace(PARTICLES, blotted);
}

/** @param {string} word */
function blotted(word) {
  return DROPPED.repeat(word.length);
}

/**
 * The tokens without the single characters that only dropping left alone.
 * @param {string} reduced
 */
function worthwhile(reduced) {
  const found = [...scan(reduced)];
  const whole = found.filter(
    ({ token, start, end }) =>
      !(isLoneHan(token) && (reduced[start - 1] === DROPPED || reduced[end] === DROPPED)),
  );
  return whole.length ? whole : found;
}
