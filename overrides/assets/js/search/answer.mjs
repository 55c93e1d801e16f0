// @ts-check
// One request, answered from the index: found, narrowed, counted, ordered, shown.

import { excerpt, marked } from "./excerpt.mjs";
import { parseQuery } from "./query.mjs";
import { holds, idf, nearness, rank, worthLooking } from "./ranking.mjs";
import { normalise } from "./tokens.mjs";

const FIRST_PAGE = 10;
const READ_AGAIN = 20;

/**
 * @typedef {import("./index.mjs").Index} Opened
 * @typedef {Omit<Opened, "columns"> & import("./index.mjs").Columns} Index
 * @typedef {import("./query.mjs").Query} Query
 * @typedef {import("./ranking.mjs").Weighed} Weighed
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
 * @property {Record<string, string>} names of its facets' values
 * @property {string} mark 已废止, 已失效 …, "" while in force
 * @property {Piece[] | null} excerpt null while it is still to come
 * @property {Passage | null} passage
 * @property {HitFile | null} file
 *
 * @typedef {object} Answer
 * @property {number} total
 * @property {FacetCounts[]} facets
 * @property {Result[]} results
 * @property {string[]} leftOut words of the query that no document shown first holds
 * @property {{written: string, also: string[]}[]} acted equal writings of the bureau's list that took part
 * @property {string} [corrected] the query that was searched, where it is not the one typed
 * @property {boolean} partial a part of the index could not be read and was left out
 */

/**
 * @param {Opened} opened
 * @param {Request} request
 * @returns {Promise<Answer>}
 */
export async function answer(opened, request) {
  const query = parseQuery(request.query);
  const [columns, { exact, terms }] = await Promise.all([opened.columns(), lookUp(opened, query)]);
  const index = { ...opened, ...columns };
  const chosen = worthLooking(terms, index.manifest.documents);
  const weighed = await Promise.all(
    chosen.map(async (term) => ({ term, idf: idf(term.df, index.manifest.documents), postings: await term.load() })),
  );
  const ranking = rank(weighed, { lengths: index.lengths, meanLength: index.manifest.mean_length, exact });
  const { kept, facets } = narrowed(index, ranking.documents, request.choices);
  const ordered =
    request.sort === "relevance"
      ? await readAgain(index, kept, { query, scores: ranking.scores, exact })
      : byDate(index, kept, request.sort);
  const wanted = new Map(terms.map((term) => [term.token, idf(term.df, index.manifest.documents)]));
  const results = await Promise.all(
    ordered.slice(request.offset, request.offset + request.limit).map((document) => shown(index, document, wanted)),
  );
  const leftOut = exact.size ? [] : missing(query, { weighed, terms, documents: ranking.documents });
  return { total: kept.length, facets, results, leftOut, acted: [], partial: false };
}

/**
 * The query's terms, and the documents whose identifier it is.
 * @param {Opened} index
 * @param {Query} query
 */
async function lookUp(index, query) {
  const tokens = [...new Set(query.tokens.map(({ token }) => token))];
  const asKey = query.key ? await index.find(`#${query.key}`) : null;
  const [keyed, ...terms] = await Promise.all([asKey?.load() ?? [], ...tokens.map((token) => index.find(token))]);
  const exact = new Set(keyed.flatMap(({ documents }) => [...documents]));
  return { exact, terms };
}

/**
 * The documents that have the chosen values, and how many would have each value: a facet's own
 * choices do not narrow its counts.
 * @param {Index} index
 * @param {number[]} documents
 * @param {Record<string, string[]>} choices
 * @returns {{kept: number[], facets: FacetCounts[]}}
 */
function narrowed(index, documents, choices) {
  const facets = index.manifest.facets.map(({ key, values }, at) => ({
    key,
    values,
    numbers: index.facetNumbers[at],
    chosen: choices[key] ?? [],
    wanted: new Set((choices[key] ?? []).map((value) => values.findIndex(([one]) => one === value) + 1 || -1)),
    counts: new Uint32Array(values.length + 1),
  }));
  const kept = documents.filter((document) => {
    const against = facets.filter(({ wanted, numbers }) => wanted.size && !wanted.has(numbers[document]));
    const counting = against.length === 0 ? facets : against.length === 1 ? against : [];
    for (const { counts, numbers } of counting) counts[numbers[document]] += 1;
    return against.length === 0;
  });
  return { kept, facets: facets.map(counted) };
}

/**
 * @param {{key: string, values: [string, string][], chosen: string[], counts: Uint32Array}} facet
 * @returns {FacetCounts}
 */
function counted({ key, values, chosen, counts }) {
  const known = values.map(([value, name], at) => ({
    value,
    name,
    count: counts[at + 1],
    chosen: chosen.includes(value),
  }));
  const unknown = chosen
    .filter((value) => !values.some(([one]) => one === value))
    .map((value) => ({ value, name: value, count: 0, chosen: true }));
  return { key, values: [...known, ...unknown].filter((value) => value.count || value.chosen) };
}

/**
 * Documents are numbered newest first.
 * @param {Index} index
 * @param {number[]} documents
 * @param {Sort} sort
 */
function byDate(index, documents, sort) {
  const sign = sort === "oldest" ? -1 : 1;
  return [...documents].sort((a, b) => sign * (index.days[b] - index.days[a] || a - b));
}

/**
 * The best few in the order of what their texts really say, then the others as they were. A single
 * token says all there is already; and when the first page's texts all have the phrase, the next
 * page's are not fetched to see whether they have it too.
 * @param {Index} index
 * @param {number[]} documents
 * @param {{query: Query, scores: Float32Array, exact: Set<number>}} found
 */
async function readAgain(index, documents, { query, scores, exact }) {
  if (documents.length < 2 || query.tokens.length < 2) return documents;
  const read = async (/** @type {number} */ document) => {
    const { title, text } = await index.show(document);
    const { near, whole } = nearness(query, { title: normalise(title), body: normalise(text) });
    return { document, whole, first: exact.has(document), score: scores[document] * near };
  };
  const better = await Promise.all(documents.slice(0, FIRST_PAGE).map(read));
  if (better.some(({ whole }) => !whole)) {
    better.push(...(await Promise.all(documents.slice(FIRST_PAGE, READ_AGAIN).map(read))));
  }
  better.sort((a, b) => Number(b.first) - Number(a.first) || b.score - a.score || a.document - b.document);
  return [...better.map(({ document }) => document), ...documents.slice(better.length)];
}

/**
 * @param {Index} index
 * @param {number} document
 * @param {Map<string, number>} wanted
 * @returns {Promise<Result>}
 */
async function shown(index, document, wanted) {
  const { url, title, index: number, document_number: documentNumber, published, text } = await index.show(document);
  const names = index.manifest.facets.map(({ key, values }, at) => {
    const value = index.facetNumbers[at][document];
    return [key, value ? values[value - 1][1] : ""];
  });
  return {
    url,
    title: marked(title, wanted),
    index: number,
    documentNumber,
    published,
    names: Object.fromEntries(names),
    mark: "",
    excerpt: excerpt(text, wanted),
    passage: null,
    file: null,
  };
}

/**
 * The parts of the query that none of the first documents holds.
 * @param {Query} query
 * @param {{weighed: Weighed[], terms: import("./index.mjs").Term[], documents: number[]}} found
 * @returns {string[]}
 */
function missing(query, { weighed, terms, documents }) {
  const first = documents.slice(0, READ_AGAIN);
  const absent = new Set(terms.filter(({ df }) => df === 0).map(({ token }) => token));
  for (const { term, postings } of weighed) {
    if (!first.some((document) => holds(postings, document))) absent.add(term.token);
  }
  const unheld = Array(query.normal.length).fill(false);
  const held = query.tokens.filter(({ token }) => !absent.has(token));
  for (const { token, start, end } of query.tokens) unheld.fill(absent.has(token), start, end);
  for (const { start, end } of held) unheld.fill(false, start, end);
  const marks = query.normal.split("").map((unit, at) => (unheld[at] ? unit : "\n")).join("");
  return [...new Set(marks.split("\n").filter(Boolean))];
}
