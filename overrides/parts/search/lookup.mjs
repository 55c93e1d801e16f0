// @ts-check
// What of the index a query needs: its terms with their postings, and the documents whose identifier it is.

import { idf } from "./ranking.mjs";
import { isLoneHan } from "./tokens.mjs";
import { TUNING } from "./ranking.mjs";

const LEAST_TERMS = 3;
// In a large archive segments keep no places of frequent words; where one does, they are not looked at.
const PLACED_DOCUMENTS = 20_000;
const PLACED_PART = 32;
// A frequency's class to the first of those that are taken for one; as gongkai/search/runs.py has it.
export const ROUGHLY = [...Array(17).fill(16), 17, 17, 19, 19, 21, 21, 21];
const MOST_CHARACTERS = 8;
const TERMS_BY_DOCUMENTS = 400_000;

/**
 * @typedef {import("./index.mjs").Index} Index
 * @typedef {import("./index.mjs").Term} Term
 * @typedef {import("./query.mjs").Query} Query
 * @typedef {import("./ranking.mjs").Weighed} Weighed
 *
 * @typedef {object} Found
 * @property {Set<number>} exact documents whose identifier the query is
 * @property {Map<string, Term>} known every term that was looked up
 * @property {Weighed[]} plain terms for which there is one writing
 * @property {(import("./ranking.mjs").Choice & {start: number, end: number})[]} choices one for each alternative of the query
 * @property {Weighed[]} all terms of the query itself
 * @property {Weighed[][]} titled
 * @property {Weighed[][]} phrases
 * @property {Weighed[][]} excluded
 * @property {Map<string, number>} wanted the tokens to mark, with their weights
 * @property {boolean} isPartial
 */

/**
 * @param {Index} index
 * @param {Query} query
 * @param {boolean} isTolerant what cannot be read is taken for absent
 * @returns {Promise<Found>}
 */
export async function lookUp(index, query, isTolerant) {
  const lost = /** @type {Error[]} */ ([]);
  const trying = async (/** @type {string} */ token) => {
    try {
      return await index.find(token);
    } catch (error) {
      if (!isTolerant) throw error;
      lost.push(/** @type {Error} */ (error));
      return { token, df: 0, load: async () => [] };
    }
  };
  const known = await termsOf(query, index, { find: trying, lost });
  const chosen = worthLooking(query, known, index.head.documents);
  const weighed = new Map(
    await Promise.all(
      [...chosen].map(async (term) => /** @type {[string, Weighed]} */ ([term.token, await weigh(term, index, oftenIn(query, term.token))])),
    ),
  );
  if (lost.length && weighed.size === 0) throw lost[0];
  const keyed = query.key ? await (await trying(`#${query.key}`)).load() : [];
  const of = (/** @type {string[]} */ tokens) => tokens.flatMap((token) => weighed.get(token) ?? []);
  const choices = query.alternatives.map(({ start, end, others }) => ({
    start,
    end,
    own: of([...new Set(query.tokens.filter((one) => one.start < end && one.end > start).map(({ token }) => token))]),
    others: others.map(({ tokens }) => of(tokens)).map((other, at) => (other.length === new Set(others[at].tokens).size ? other : [])),
  }));
  const inChoices = new Set(choices.flatMap(({ own }) => own));
  const own = of([...new Set(query.tokens.map(({ token }) => token))]);
  const all = own.length ? own : of(charactersOf(query));
  return {
    exact: new Set(keyed.flatMap(({ documents }) => [...documents])),
    known,
    plain: all.filter((one) => !inChoices.has(one)),
    choices,
    all,
    titled: query.titled.map(({ tokens }) => of(tokens)),
    phrases: query.phrases.map(({ tokens }) => of(tokens)),
    excluded: query.excluded.map(({ tokens }) => (tokens.every((token) => weighed.has(token)) ? of(tokens) : [])),
    wanted: new Map([...known.values()].map((term) => [term.token, idf(term.df, index.head.documents)])),
    isPartial: lost.length > 0,
  };
}

/**
 * @param {Query} query
 * @param {Index} index
 * @param {{find: (token: string) => Promise<Term>, lost: Error[]}} how
 */
async function termsOf(query, index, { find, lost }) {
  const parts = [...query.phrases, ...query.titled, ...query.excluded, ...query.alternatives.flatMap(({ others }) => others)];
  const own = worthAsking(query.tokens, index.head.documents);
  const tokens = new Set([...own, ...parts.flatMap((part) => part.tokens)]);
  const terms = await Promise.all([...tokens].map(find));
  if (!lost.length && !terms.some(({ df }) => df)) terms.push(...(await Promise.all(charactersOf(query).map(find))));
  return new Map(terms.map((term) => [term.token, term]));
}

/**
 * The single characters of a query whose words nobody wrote: better something near than an empty page.
 * @param {Query} query
 * @returns {string[]}
 */
function charactersOf({ tokens }) {
  return [...new Set(tokens.flatMap(({ token }) => [...token]).filter(isLoneHan))].slice(0, MOST_CHARACTERS);
}

/**
 * The tokens to look up. A single character says little beside others. Of many in a large archive, where each is a large
 * file, only some: first those that overlap no other, from both ends, for they hold every character.
 * @param {import("./tokens.mjs").Found[]} tokens
 * @param {number} documents
 * @returns {string[]}
 */
export function worthAsking(tokens, documents) {
  const longer = tokens.filter(({ token }) => !isLoneHan(token));
  const wanted = longer.length >= 2 ? longer : tokens;
  const most = Math.max(LEAST_TERMS, Math.floor(TERMS_BY_DOCUMENTS / documents));
  const apart = wanted.filter((one, at) => isApart(wanted, at) || at === wanted.length - 1);
  const ordered = [...new Set([...apart, ...wanted].map(({ token }) => token))];
  return ordered.slice(0, most);
}

/**
 * Whether a token is the first, third, fifth … of those that overlap.
 * @param {import("./tokens.mjs").Found[]} tokens
 * @param {number} at
 */
function isApart(tokens, at) {
  let first = at;
  while (first > 0 && tokens[first].start < tokens[first - 1].end) first -= 1;
  return (at - first) % 2 === 0;
}

/**
 * The terms whose postings are read: those that occur; of the query's own ones only the rarer when at least two are.
 * @param {Query} query
 * @param {Map<string, Term>} known
 * @param {number} documents
 */
function worthLooking(query, known, documents) {
  const own = new Set(query.tokens.map(({ token }) => token));
  const occurring = [...known.values()].filter(({ df }) => df > 0);
  const rarer = occurring.filter(({ token, df }) => own.has(token) && df <= documents / 2);
  const isEnough = rarer.length >= 2;
  return new Set(occurring.filter((term) => !own.has(term.token) || !isEnough || rarer.includes(term)));
}

/**
 * @param {Term} term
 * @param {Index} index
 * @param {number} often
 * @returns {Promise<Weighed>}
 */
async function weigh(term, index, often) {
  const lone = isLoneHan(term.token) ? TUNING.loneHan : 1;
  const { documents } = index.head;
  const postings = await term.load();
  const isPlain = documents > PLACED_DOCUMENTS && term.df > documents / PLACED_PART;
  return {
    term,
    idf: often ** TUNING.repeated * lone * idf(term.df, documents),
    postings: isPlain ? postings.map(roughly) : postings,
  };
}

/**
 * @param {Query} query
 * @param {string} token
 */
function oftenIn(query, token) {
  return Math.max(1, query.tokens.filter((one) => one.token === token).length);
}

/**
 * @param {import("./index.mjs").Postings} postings
 * @returns {import("./index.mjs").Postings}
 */
function roughly({ documents, weights }) {
  return { documents, weights: weights.map((weight) => (ROUGHLY[weight >> 2] << 2) | (weight & 3)) };
}
