// @ts-check
// Which documents answer a query, and in what order.
//
// BM25 (Robertson and Zaragoza 2009) over the pairs of characters, with a bonus for those in the title, times a power of
// the share of the query's weight that a document holds: a document with all of a question goes before one that repeats
// a part of it. Of words for which the bureau's list has others the best writing counts. The first few are then put in
// order by how much of the query they seem to say in one piece.

export const TUNING = {
  k1: 2,
  // Weaker than the usual 0.75: a yearly report is long because it tells more, not because it is wordy.
  b: 0.4,
  title: 2,
  identifier: 1,
  coverage: 2,
  few: 6,
  many: 12,
  // What another writing counts beside the one typed.
  other: 0.8,
  pieces: 1.5,
  loneHan: 0.3,
  // The share of the best document's share that an answer must have: of a few words, and of what is told at length.
  needed: 0.5,
  neededOfMany: 0.1,
  repeated: 0.3,
  unknown: 0.7,
  often: 0.9,
  read: 8,
};
const IN_TITLE = 1;
const IN_IDENTIFIER = 2;
/** Frequencies by class; gongkai/search/postings.py says where classes begin. */
const FREQUENCIES = [...Array(17).fill(1), 2, 3, 4, 5.5, 8, 12, 20];
const KNOWN_PLACES = 16;

const ROUNDING = 0.9999;

/**
 * @typedef {import("./index.mjs").Term} Term
 * @typedef {import("./index.mjs").Postings} Postings
 * @typedef {{term: Term, idf: number, postings: Postings[]}} Weighed
 * @typedef {{own: Weighed[], others: Weighed[][]}} Choice a stretch of the query, and other writings of it
 * @typedef {{lengths: Float32Array, meanLength: number}} Site
 * @typedef {{scores: Float32Array, masses: Float32Array}} Sums
 *
 * @typedef {object} Ranking
 * @property {number[]} documents those that answer, best first
 * @property {Float32Array} scores by document
 * @property {Float32Array} shares by document: how much of the query it holds, 0 to 1
 */

/**
 * @param {number} df
 * @param {number} documents
 */
export function idf(df, documents) {
  return Math.log(1 + (documents - df + 0.5) / (df + 0.5));
}

/**
 * @param {{plain: Weighed[], choices: Choice[]}} asked
 * @param {Site & {exact: Set<number>}} site
 * @returns {Ranking}
 */
export function rank({ plain, choices }, { exact, ...site }) {
  const { scores, masses } = summed(plain, site);
  for (const choice of choices) addBest(choice, { scores, masses }, site);
  const total = massOf(plain) + choices.reduce((sum, choice) => sum + massOfChoice(choice), 0);
  const strict = strictness(plain.length + choices.flatMap(({ own }) => own).length);
  const power = TUNING.coverage * strict;
  let best = 0;
  const touched = [];
  for (let document = 0; document < scores.length; document += 1) {
    if (masses[document] === 0) continue;
    touched.push(document);
    best = Math.max(best, masses[document]);
    masses[document] /= total;
    scores[document] *= masses[document] ** power;
  }
  const needed = (TUNING.neededOfMany + (TUNING.needed - TUNING.neededOfMany) * strict) * Math.min(1, best / total) * ROUNDING;
  const found = new Set(touched.filter((document) => masses[document] >= needed).concat(...exact));
  const documents = [...found].sort(
    (a, b) => Number(exact.has(b)) - Number(exact.has(a)) || scores[b] - scores[a] || a - b,
  );
  return { documents, scores, shares: masses };
}

/**
 * How much it matters to hold all of a query, 0 to 1: all of a few words is wanted, but much of what is told at length
 * is beside the point.
 * @param {number} terms
 */
export function strictness(terms) {
  const { few, many } = TUNING;
  return Math.min(1, Math.max(0, (many - terms) / (many - few)));
}

/** @param {Weighed[]} weighed */
function massOf(weighed) {
  return weighed.reduce((sum, one) => sum + one.idf, 0);
}

/**
 * What a stretch of the query weighs: as it is typed, or, where no document writes it so, in another writing.
 * @param {Choice} choice
 */
function massOfChoice({ own, others }) {
  return massOf(own) || Math.max(0, ...others.map(massOf));
}

/**
 * @param {Weighed[]} weighed
 * @param {Site} site
 * @returns {Sums}
 */
function summed(weighed, { lengths, meanLength }) {
  const scores = new Float32Array(lengths.length);
  const masses = new Float32Array(lengths.length);
  for (const { idf: rarity, postings } of weighed) {
    for (const { documents, weights } of postings) {
      for (let at = 0; at < documents.length; at += 1) {
        const document = documents[at];
        const weight = weights[at];
        const often = FREQUENCIES[weight >> 2];
        const longer = 1 - TUNING.b + (TUNING.b * lengths[document]) / meanLength;
        const bonus = (weight & IN_TITLE ? TUNING.title : 0) + (weight & IN_IDENTIFIER ? TUNING.identifier : 0);
        scores[document] += rarity * ((often * (TUNING.k1 + 1)) / (often + TUNING.k1 * longer) + bonus);
        masses[document] += rarity;
      }
    }
  }
  return { scores, masses };
}

/**
 * Adds what the best writing of a stretch is worth; another one counts only whole.
 * @param {Choice} choice
 * @param {Sums} into
 * @param {Site} site
 */
function addBest({ own, others }, { scores, masses }, site) {
  const best = summed(own, site);
  const mass = massOfChoice({ own, others });
  for (const other of others) {
    const sums = summed(other, site);
    const whole = massOf(other);
    for (let document = 0; document < scores.length; document += 1) {
      if (sums.masses[document] < whole * ROUNDING || whole === 0) continue;
      best.masses[document] = Math.max(best.masses[document], mass);
      best.scores[document] = Math.max(best.scores[document], (sums.scores[document] * TUNING.other * mass) / whole);
    }
  }
  for (let document = 0; document < scores.length; document += 1) {
    scores[document] += best.scores[document];
    masses[document] += best.masses[document];
  }
}

/**
 * How well a document can say the query in one piece: for each two neighbouring tokens whether they can stand side by
 * side there.
 * @param {import("./tokens.mjs").Found[]} tokens
 * @param {Map<string, number | undefined>} weights by token looked up, undefined where the document has it not
 * @returns {{better: number, isPossible: boolean, isSure: boolean}} a factor for its score, whether nothing speaks against
 *   it, and whether everything speaks for it
 */
export function inOnePiece(tokens, weights) {
  let wanted = 0;
  let found = 0;
  let isPossible = true;
  let isSure = true;
  let isNamed = true;
  for (let at = 1; at < tokens.length; at += 1) {
    const [before, after] = [tokens[at - 1], tokens[at]];
    if (after.start > before.end || !weights.has(before.token) || !weights.has(after.token)) continue;
    const [first, next] = [weights.get(before.token), weights.get(after.token)];
    const share = sideBySide(first, next);
    isNamed = isNamed && ((first ?? 0) & (next ?? 0) & IN_TITLE) > 0;
    isPossible = isPossible && share > 0;
    isSure = isSure && share === 1;
    wanted += 1;
    found += share;
  }
  const strict = TUNING.pieces * strictness(weights.size);
  return { better: 1 + (wanted ? (strict * found) / wanted : 0), isPossible: isPossible && wanted > 0, isSure: isSure && wanted > (isNamed ? 0 : 1) };
}

/**
 * @param {number | undefined} before
 * @param {number | undefined} after
 */
function sideBySide(before, after) {
  if (before === undefined || after === undefined) return 0;
  if (before & after & IN_TITLE) return 1;
  const [place, next] = [before >> 2, after >> 2];
  if (place > KNOWN_PLACES && next > KNOWN_PLACES) return TUNING.often;
  if (place >= KNOWN_PLACES || next >= KNOWN_PLACES) return TUNING.unknown;
  return (next - place + KNOWN_PLACES) % KNOWN_PLACES <= 1 ? 1 : 0;
}

/**
 * The weight of a document in one of a term's postings, undefined where it is in none.
 * @param {Postings[]} postings
 * @param {number} document
 * @returns {number | undefined}
 */
export function weightIn(postings, document) {
  for (const { documents, weights } of postings) {
    let low = 0;
    let high = documents.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (documents[middle] < document) low = middle + 1;
      else high = middle;
    }
    if (documents[low] === document) return weights[low];
  }
  return undefined;
}

/** @param {string[]} runs */
function sizeOf(runs) {
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
  return Math.min(1, sizeOf(runs) / shortest);
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
