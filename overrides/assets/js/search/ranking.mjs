// @ts-check
// Which documents answer a query, and in what order.
//
// BM25 over the pairs of characters, times the square of the share of the query's weight that a
// document holds: a document with all of a question goes before one that repeats a part of it.

const K1 = 1.2;
// Weaker than the usual 0.75: a yearly report is long because it tells more, not because it is wordy.
const B = 0.4;
const IN_TITLE = 64;
const IN_IDENTIFIER = 128;
const TITLE_BONUS = 1.5;
const IDENTIFIER_BONUS = 1;
const NEEDED_SHARE = 0.5;
const ROUNDING = 0.9999;

/**
 * @typedef {import("./index.mjs").Term} Term
 * @typedef {import("./index.mjs").Postings} Postings
 * @typedef {{term: Term, idf: number, postings: Postings[]}} Weighed
 *
 * @typedef {object} Ranking
 * @property {number[]} documents those that answer, best first
 * @property {Float32Array} scores by document
 */

/**
 * @param {number} df
 * @param {number} documents
 */
export function idf(df, documents) {
  return Math.log(1 + (documents - df + 0.5) / (df + 0.5));
}

/**
 * The terms to look up: those that occur, and of these only the rarer ones when at least two are rare.
 * @param {Term[]} terms
 * @param {number} documents
 */
export function worthLooking(terms, documents) {
  const occurring = terms.filter(({ df }) => df > 0);
  const rarer = occurring.filter(({ df }) => df <= documents / 2);
  return rarer.length >= 2 ? rarer : occurring;
}

/**
 * @param {Weighed[]} weighed
 * @param {{lengths: Float32Array, meanLength: number, exact: Set<number>}} site
 * @returns {Ranking}
 */
export function rank(weighed, { lengths, meanLength, exact }) {
  const scores = new Float32Array(lengths.length);
  const masses = new Float32Array(lengths.length);
  for (const one of weighed) addTerm(one, { scores, masses, lengths, meanLength });
  const total = weighed.reduce((sum, one) => sum + one.idf, 0);
  const touched = [];
  let best = 0;
  for (let document = 0; document < scores.length; document += 1) {
    if (masses[document] === 0) continue;
    touched.push(document);
    best = Math.max(best, masses[document]);
    scores[document] *= (masses[document] / total) ** 2;
  }
  const needed = Math.min(total * NEEDED_SHARE, best) * ROUNDING;
  const found = new Set(touched.filter((document) => masses[document] >= needed).concat(...exact));
  const documents = [...found].sort(
    (a, b) => Number(exact.has(b)) - Number(exact.has(a)) || scores[b] - scores[a] || a - b,
  );
  return { documents, scores };
}

/**
 * @param {Weighed} weighed
 * @param {{scores: Float32Array, masses: Float32Array, lengths: Float32Array, meanLength: number}} sums
 */
function addTerm(weighed, { scores, masses, lengths, meanLength }) {
  for (const { documents, weights } of weighed.postings) {
    for (let at = 0; at < documents.length; at += 1) {
      const document = documents[at];
      const weight = weights[at];
      const frequency = weight & 63;
      const longer = 1 - B + (B * lengths[document]) / meanLength;
      const bonus = (weight & IN_TITLE ? TITLE_BONUS : 0) + (weight & IN_IDENTIFIER ? IDENTIFIER_BONUS : 0);
      scores[document] += weighed.idf * ((frequency * (K1 + 1)) / (frequency + K1 * longer) + bonus);
      masses[document] += weighed.idf;
    }
  }
}

/**
 * By how much a document's text betters its score: the whole phrase, in the title or the body, then
 * its longer parts, the closer together the better, then the single tokens; and whether the whole
 * phrase is there.
 * @param {import("./query.mjs").Query} query
 * @param {{title: string, body: string}} document both normalised
 */
export function nearness({ phrase, runs, tokens }, { title, body }) {
  const parts = runs.filter((run) => title.includes(run) || body.includes(run));
  const held = tokens.filter(({ token }) => title.includes(token) || body.includes(token));
  const named = phrase.length > 1 && title.includes(phrase);
  const said = phrase.length > 1 && body.includes(phrase);
  const near =
    1 +
    (named ? 2 : 0) +
    (said ? 1.5 : 0) +
    (runs.length ? size(parts) / size(runs) : 0) +
    (runs.length > 1 ? closeness(runs, body) : 0) +
    (tokens.length ? held.length / tokens.length / 2 : 0);
  return { near, whole: named || said };
}

/** @param {string[]} runs */
function size(runs) {
  return runs.reduce((sum, run) => sum + run.length, 0);
}

/**
 * How close together a text has all of several runs: 1 when one follows the other, 0 when one is missing.
 * @param {string[]} runs
 * @param {string} text
 */
export function closeness(runs, text) {
  const places = runs.flatMap((run, which) =>
    placesOf(run, text).map((start) => ({ start, end: start + run.length, which })),
  );
  places.sort((a, b) => a.start - b.start);
  const last = /** @type {Map<number, {start: number, end: number}>} */ (new Map());
  let shortest = Infinity;
  for (const place of places) {
    last.set(place.which, place);
    if (last.size < runs.length) continue;
    const held = [...last.values()];
    const start = Math.min(...held.map((one) => one.start));
    shortest = Math.min(shortest, Math.max(...held.map((one) => one.end)) - start);
  }
  return Math.min(1, size(runs) / shortest);
}

/**
 * @param {string} run
 * @param {string} text
 */
function placesOf(run, text) {
  const found = [];
  for (let at = text.indexOf(run); at >= 0; at = text.indexOf(run, at + run.length)) found.push(at);
  return found;
}

/**
 * Whether one of a term's postings is this document.
 * @param {Postings[]} postings
 * @param {number} document
 */
export function holds(postings, document) {
  return postings.some(({ documents }) => {
    let low = 0;
    let high = documents.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (documents[middle] < document) low = middle + 1;
      else high = middle;
    }
    return documents[low] === document;
  });
}
