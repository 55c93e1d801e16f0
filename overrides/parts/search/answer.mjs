// @ts-check
// One request, answered from the index: found, narrowed, counted, ordered. What a result says of its document comes
// later (`passages.mjs`): a page is read only for the results that are looked at.

import { marked } from "./excerpt.mjs";
import { narrowed } from "./facets.mjs";
import { lookUp } from "./lookup.mjs";
import { parseQuery } from "./query.mjs";
import { TUNING, closeness, inOnePiece, rank, weightIn } from "./ranking.mjs";
import { normalise, seemsTraditional } from "./tokens.mjs";

const LOOKED_AT = 100;
const FIRST_PAGE = 10;
const READ_FOR_PHRASE = 40;
const AT_ONCE = 4;
const MOST_NEAR = 10;
const NAMED = 3;
const SAID = 2;

/**
 * @typedef {import("./index.mjs").Index} Index
 * @typedef {import("./query.mjs").Query} Query
 * @typedef {import("./query.mjs").Part} Part
 * @typedef {import("./lookup.mjs").Found} Found
 * @typedef {import("./excerpt.mjs").Piece} Piece
 * @typedef {"relevance" | "newest" | "oldest"} Sort
 *
 * @typedef {object} Request
 * @property {string} query
 * @property {Record<string, string[]>} choices by facet; a year may be a range, "2018-2021"
 * @property {Sort} sort
 * @property {number} offset
 * @property {number} limit
 *
 * @typedef {{value: string, name: string, count: number, chosen: boolean}} FacetValue
 * @typedef {{key: string, values: FacetValue[]}} FacetCounts
 * @typedef {{text: string, start: string, end: string}} Passage the exact visible text around the best hit
 * @typedef {{name: string, address: string, page: number | null}} HitFile the attachment that holds the hit
 *
 * @typedef {object} Result
 * @property {string} url
 * @property {Piece[]} title
 * @property {string} index
 * @property {string} documentNumber
 * @property {string} published
 * @property {{column: string, department: string}} names
 * @property {string} mark 已废止, 已失效 …, "" while in force
 * @property {Piece[] | null} excerpt null while it is still to come
 * @property {Passage | null} passage
 * @property {HitFile | null} file
 *
 * @typedef {object} Answer
 * @property {number} total
 * @property {FacetCounts[]} facets without those that are told later
 * @property {Result[]} results
 * @property {string[]} leftOut words of the query that no document shown first holds
 * @property {{written: string, also: string[]}[]} acted equal writings of the bureau's list that took part
 * @property {string} [corrected] the query that was searched, where it is not the one typed
 * @property {boolean} partial a part of the index could not be read and was left out
 *
 * @typedef {object} Candidate
 * @property {number} document
 * @property {number} score
 * @property {boolean} isFirst its identifier is asked for
 * @property {boolean} isPossible nothing in the index speaks against its saying the query in one piece
 * @property {boolean} isSure everything in the index speaks for it
 *
 * @typedef {object} Answered
 * @property {Answer} answer
 * @property {number[]} ordered every document that is found, first to last
 * @property {Map<string, number>} wanted the tokens to mark, with their weights
 * @property {(() => Promise<FacetCounts[]>) | null} facetsLater all facets, where they are not in the answer
 */

/**
 * @param {Index} index
 * @param {Request} request
 * @param {{isTolerant?: boolean}} [options] tolerant: parts of the index that cannot be read are left out
 * @returns {Promise<Answered>}
 */
export async function answered(index, request, { isTolerant = false } = {}) {
  const simpler = seemsTraditional(request.query) ? await index.simpler().catch(() => undefined) : undefined;
  const query = parseQuery(request.query, { synonyms: index.head.synonyms, simpler });
  const found = await lookUp(index, query, isTolerant);
  const meanLength = index.head.mean_length;
  const ranking = rank(found, { lengths: index.lengths, meanLength, exact: found.exact });
  const allowed = ranking.documents.filter((document) => isAllowed(found, document));
  const { kept, facets, facetsLater } = await narrowedBy(index, request, { documents: allowed, exact: found.exact });
  const ordered =
    request.sort === "relevance"
      ? await readAgain(index, inOrder(kept, { query, found, scores: ranking.scores }), query, found)
      : byDate(kept, request.sort);
  const whole = query.phrases.length ? await withPhrases(index, ordered, query.phrases, request) : ordered;
  const asked = [...query.phrases, ...query.titled].map(({ text }) => text);
  if (!whole.length && asked.length) return withoutOperators(index, request, { isTolerant, asked });
  const shown = whole.slice(request.offset, request.offset + request.limit);
  const results = await Promise.all(shown.map((document) => resultOf(index, document, found.wanted)));
  return {
    ordered: whole,
    wanted: found.wanted,
    facetsLater,
    answer: {
      total: whole.length,
      facets,
      results,
      leftOut: found.exact.size ? [] : missing(query, found, whole),
      acted: actedOn(query, found, whole),
      partial: found.isPartial,
    },
  };
}

/**
 * The documents that have the chosen values, and the facets' counts. In a large archive these are told later, unless a
 * choice has to be looked up for the list itself.
 * @param {Index} index
 * @param {Request} request
 * @param {{documents: number[], exact: Set<number>}} found
 * @returns {Promise<{kept: number[], facets: FacetCounts[], facetsLater: Answered["facetsLater"]}>}
 */
async function narrowedBy({ head, validity, columns, hasColumns }, { choices }, found) {
  const all = async () => narrowed(head.facets, await columns(), { ...found, choices });
  const isChosen = Object.entries(choices).some(([key, values]) => key !== "validity" && values.length > 0);
  if (isChosen || hasColumns()) return { ...(await all()), facetsLater: null };
  const { kept } = narrowed(head.facets, new Map([["validity", validity]]), { ...found, choices });
  return { kept, facets: [], facetsLater: async () => (await all()).facets };
}

/**
 * The same words, where nothing has them as they were asked for: they are named as left out.
 * @param {Index} index
 * @param {Request} request
 * @param {{isTolerant: boolean, asked: string[]}} options
 * @returns {Promise<Answered>}
 */
async function withoutOperators(index, request, { isTolerant, asked }) {
  const query = request.query.replace(/["“”„「」『』]|(?:标题|title)[:：]/giu, " ");
  const told = await answered(index, { ...request, query }, { isTolerant });
  return { ...told, answer: { ...told.answer, leftOut: [...new Set([...asked, ...told.answer.leftOut])] } };
}

/**
 * Whether a document has what must stand in the title, and nothing of what must not stand.
 * @param {Found} found
 * @param {number} document
 */
function isAllowed({ titled, excluded, phrases }, document) {
  const weights = (/** @type {import("./ranking.mjs").Weighed[]} */ part) =>
    part.map(({ postings }) => weightIn(postings, document));
  return (
    titled.every((part) => weights(part).every((weight) => (weight ?? 0) & 1)) &&
    phrases.every((part) => weights(part).every((weight) => weight !== undefined)) &&
    !excluded.some((part) => weights(part).every((weight) => weight !== undefined))
  );
}

/**
 * The best few in the order of what they seem to say in one piece, then the others as they were.
 * @param {number[]} documents
 * @param {{query: Query, found: Found, scores: Float32Array}} how
 * @returns {Candidate[]}
 */
function inOrder(documents, { query, found, scores }) {
  const better = documents.slice(0, LOOKED_AT).map((document) => {
    const { better: factor, ...piece } = inOnePiece(query.tokens, weightsOf(found, document));
    return { document, score: scores[document] * factor, isFirst: found.exact.has(document), ...piece };
  });
  const others = documents.slice(LOOKED_AT);
  return [
    ...better.sort(byScore),
    ...others.map((document) => ({ document, score: scores[document], isFirst: false, isPossible: false, isSure: false })),
  ];
}

/**
 * The documents that may say a phrase, in the order of what their texts really say. The index knows of some that they do;
 * where it knows of none, pages are read, a few at once, until all of a few say it. A question is no phrase.
 * @param {Index} index
 * @param {Candidate[]} candidates
 * @param {Query} query
 * @param {Found} found
 * @returns {Promise<number[]>}
 */
async function readAgain(index, candidates, query, found) {
  if (candidates[0]?.isFirst) return candidates.map(({ document }) => document);
  const isSayable = query.isPhrase && !query.tokens.some(({ token }) => found.known.get(token)?.df === 0);
  if (!isSayable || !candidates.some(({ isPossible }) => isPossible)) return nearer(index, candidates, query, found);
  const possible = candidates.filter(({ isPossible }) => isPossible).slice(0, TUNING.read);
  const read = /** @type {Candidate[]} */ (
    candidates.filter(({ isSure }) => isSure).map((one) => ({ ...one, score: one.score * SAID }))
  );
  for (let isSettled = read.length > 0 || possible.length < 2; read.length < possible.length && !isSettled; ) {
    const few = await Promise.all(possible.slice(read.length, read.length + AT_ONCE).map((one) => reread(index, one, query)));
    isSettled = few.every(({ isSaying }) => isSaying);
    read.push(...few);
  }
  const places = new Map(read.map((one) => [one.document, one]));
  return candidates.map((one) => places.get(one.document) ?? one).sort(byScore).map(({ document }) => document);
}

/**
 * @param {Index} index
 * @param {Candidate} candidate
 * @param {Query} query
 */
async function reread(index, candidate, { phrase }) {
  const [{ title }, text] = await Promise.all([
    index.named(candidate.document),
    index.text(candidate.document).catch(() => ""),
  ]);
  const wanted = withoutCommas(phrase);
  const isNamed = withoutCommas(normalise(title)).includes(wanted);
  const isSaying = isNamed || withoutCommas(normalise(text)).includes(wanted);
  return { ...candidate, score: candidate.score * (isNamed ? NAMED : isSaying ? SAID : 1), isSaying };
}

/**
 * Where nobody says the query in one piece, the first few in the order of how close together they say its parts.
 * @param {Index} index
 * @param {Candidate[]} candidates
 * @param {Query} query
 * @param {Found} found
 * @returns {Promise<number[]>}
 */
async function nearer(index, candidates, { tokens }, found) {
  const few = tokens.length > 2 && tokens.length <= MOST_NEAR && candidates.length > 1 ? candidates.slice(0, AT_ONCE) : [];
  const read = await Promise.all(
    few.map(async (one) => {
      const parts = partsHeld(tokens, weightsOf(found, one.document));
      const text = parts.length > 1 ? await index.text(one.document).catch(() => "") : "";
      return { ...one, score: one.score * (1 + (parts.length > 1 ? closeness(parts, normalise(text)) : 1)) };
    }),
  );
  return [...read.sort(byScore), ...candidates.slice(few.length)].map(({ document }) => document);
}

/**
 * The pieces of the query that a document can have as they stand.
 * @param {import("./tokens.mjs").Found[]} tokens
 * @param {Map<string, number | undefined>} weights
 * @returns {string[]}
 */
function partsHeld(tokens, weights) {
  const parts = /** @type {{text: string, end: number}[]} */ ([]);
  for (const { token, start, end } of tokens) {
    if (weights.get(token) === undefined) continue;
    const last = parts[parts.length - 1];
    if (last && start < last.end) {
      last.text += token.slice(last.end - start);
      last.end = end;
    } else {
      parts.push({ text: token, end });
    }
  }
  return [...new Set(parts.map(({ text }) => text))];
}

/** @param {string} normal in which 1,748 and 1748 are to be the same */
function withoutCommas(normal) {
  return normal.replace(/(?<=[0-9]),(?=[0-9]{3})/gu, "");
}

/**
 * @param {Found} found
 * @param {number} document
 * @returns {Map<string, number | undefined>}
 */
function weightsOf({ all }, document) {
  return new Map(all.map(({ term, postings }) => [term.token, weightIn(postings, document)]));
}

/**
 * @param {Candidate} a
 * @param {Candidate} b
 */
function byScore(a, b) {
  return Number(b.isFirst) - Number(a.isFirst) || b.score - a.score || a.document - b.document;
}

/**
 * Documents are numbered newest first.
 * @param {number[]} documents
 * @param {Sort} sort
 */
function byDate(documents, sort) {
  const sign = sort === "oldest" ? -1 : 1;
  return [...documents].sort((a, b) => sign * (a - b));
}

/**
 * Without those of the first documents whose titles and pages do not say every phrase as it stands.
 * @param {Index} index
 * @param {number[]} documents
 * @param {Part[]} phrases
 * @param {Request} request
 */
async function withPhrases(index, documents, phrases, { offset, limit }) {
  const sure = [];
  let read = 0;
  while (read < documents.length && read < READ_FOR_PHRASE && sure.length < offset + limit) {
    const few = documents.slice(read, read + FIRST_PAGE);
    const says = await Promise.all(few.map((document) => saysAll(index, document, phrases)));
    sure.push(...few.filter((_, at) => says[at]));
    read += few.length;
  }
  return [...sure, ...documents.slice(read)];
}

/**
 * @param {Index} index
 * @param {number} document
 * @param {Part[]} phrases
 */
async function saysAll(index, document, phrases) {
  const [{ title }, text, attached] = await Promise.all([
    index.named(document),
    index.text(document).catch(() => ""),
    index.attached(document).catch(() => []),
  ]);
  const files = attached.flatMap(({ pages }) => pages.map(([, said]) => said));
  const normal = normalise([title, text, ...files].join("\n"));
  return phrases.every((phrase) => normal.includes(phrase.text));
}

/**
 * @param {Index} index
 * @param {number} document
 * @param {Map<string, number>} wanted
 * @returns {Promise<Result>}
 */
async function resultOf(index, document, wanted) {
  const { url, title, index: number, documentNumber, published, column, department } = await index.named(document);
  const valuesOf = (/** @type {string} */ key) => index.head.facets.find((facet) => facet.key === key)?.values ?? [];
  const nameOf = (/** @type {string} */ key, /** @type {string} */ value) =>
    valuesOf(key).find(([one]) => one === value)?.[1] ?? value;
  const validity = valuesOf("validity")[index.validity[document] - 1];
  return {
    url,
    title: marked(title, wanted),
    index: number,
    documentNumber,
    published,
    names: { column: nameOf("column", column), department: nameOf("department", department) },
    mark: validity && validity[0] !== "in-force" ? validity[1] : "",
    excerpt: null,
    passage: null,
    file: null,
  };
}

/**
 * The parts of the query that none of the first documents holds.
 * @param {Query} query
 * @param {Found} found
 * @param {number[]} documents
 * @returns {string[]}
 */
function missing(query, { all, known, choices }, documents) {
  const first = documents.slice(0, FIRST_PAGE * 2);
  const absent = new Set([...known.values()].filter(({ df }) => !df).map(({ token }) => token));
  for (const { term, postings } of all) {
    if (!first.some((document) => weightIn(postings, document) !== undefined)) absent.add(term.token);
  }
  const answered = choices.filter(({ others }) => others.some((other) => holdsAll(other, first)));
  const unheld = Array(query.normal.length).fill(false);
  for (const { token, start, end } of query.tokens) unheld.fill(absent.has(token), start, end);
  for (const { token, start, end } of query.tokens) if (!absent.has(token)) unheld.fill(false, start, end);
  for (const { start, end } of answered) unheld.fill(false, start, end);
  const marks = query.normal.split("").map((unit, at) => (unheld[at] ? unit : "\n")).join("");
  return [...new Set(marks.split("\n").filter((word) => word && !/^[的了]+$/u.test(word)))];
}

/**
 * @param {import("./ranking.mjs").Weighed[]} part
 * @param {number[]} documents
 */
function holdsAll(part, documents) {
  return part.length > 0 && documents.some((document) =>
    part.every(({ postings }) => weightIn(postings, document) !== undefined),
  );
}

/**
 * Which equal writings one of the first documents has.
 * @param {Query} query
 * @param {Found} found
 * @param {number[]} documents
 */
function actedOn(query, { choices }, documents) {
  const first = documents.slice(0, FIRST_PAGE * 2);
  return query.alternatives.flatMap(({ written, others }, at) => {
    const also = others.filter((_, which) => holdsAll(choices[at].others[which], first)).map(({ text }) => text);
    return also.length ? [{ written, also }] : [];
  });
}
