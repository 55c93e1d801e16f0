// @ts-check
// Narrowing by facets: which documents have the chosen values, and how many would have each value.

/** What is no longer law is found when it is asked for, not before. */
const SET_ASIDE = new Set(["repealed", "expired"]);
const RANGE = /^(\d{4})-(\d{4})$/;

/**
 * @typedef {import("./index.mjs").Index} Index
 * @typedef {import("./answer.mjs").FacetCounts} FacetCounts
 *
 * @typedef {object} Narrowing one facet as chosen
 * @property {string} key
 * @property {[string, string][]} values
 * @property {Uint16Array} numbers of the values, by document
 * @property {string[]} chosen
 * @property {Uint8Array | null} allowed by number of the value; null where nothing narrows
 * @property {Uint32Array} counts by number of the value
 */

/**
 * The documents that have the chosen values, and the counts: a facet's own choices do not narrow its counts. Those in
 * `exact` are there whatever their validity. Of a facet without a column nothing is known.
 * @param {Index["head"]["facets"]} listed
 * @param {import("./index.mjs").Columns} columns
 * @param {{documents: number[], choices: Record<string, string[]>, exact: Set<number>}} found
 * @returns {{kept: number[], facets: FacetCounts[]}}
 */
export function narrowed(listed, columns, { documents, choices, exact }) {
  const facets = listed.flatMap((facet) => {
    const column = columns.get(facet.key);
    return column ? [narrowing(facet, column, choices[facet.key] ?? [])] : [];
  });
  const kept = documents.filter((document) => {
    const against = facets.filter((facet) => refuses(facet, document, exact));
    const counting = against.length === 0 ? facets : against.length === 1 ? against : [];
    for (const { counts, numbers } of counting) counts[numbers[document]] += 1;
    return against.length === 0;
  });
  return { kept, facets: facets.map(counted) };
}

/**
 * @param {import("./index.mjs").Facet} facet
 * @param {Uint16Array} numbers
 * @param {string[]} chosen
 * @returns {Narrowing}
 */
function narrowing({ key, values }, numbers, chosen) {
  const isOpen = chosen.length === 0;
  const isAllowed = (/** @type {string} */ value) =>
    isOpen ? key !== "validity" || !SET_ASIDE.has(value) : chosen.some((one) => one === value || isWithin(value, one));
  const allowed = [isOpen, ...values.map(([value]) => isAllowed(value))];
  return {
    key,
    values,
    numbers,
    chosen,
    allowed: allowed.every(Boolean) ? null : Uint8Array.from(allowed, Number),
    counts: new Uint32Array(values.length + 1),
  };
}

/**
 * @param {string} year
 * @param {string} chosen "2018-2021"
 */
function isWithin(year, chosen) {
  const range = RANGE.exec(chosen);
  return range !== null && range[1] <= year && year <= range[2];
}

/**
 * @param {Narrowing} facet
 * @param {number} document
 * @param {Set<number>} exact
 */
function refuses({ key, allowed, numbers, chosen }, document, exact) {
  if (!allowed || allowed[numbers[document]]) return false;
  return key !== "validity" || chosen.length > 0 || !exact.has(document);
}

/**
 * @param {Narrowing} facet
 * @returns {FacetCounts}
 */
function counted({ key, values, chosen, counts }) {
  const known = values.map(([value, name], at) => ({
    value,
    name,
    count: counts[at + 1],
    chosen: chosen.includes(value),
  }));
  const others = chosen
    .filter((value) => !values.some(([one]) => one === value))
    .map((value) => ({ value, name: nameOf(value), count: within(known, value), chosen: true }));
  return { key, values: [...others, ...known].filter((value) => value.count || value.chosen) };
}

/** @param {string} value that the site does not list */
function nameOf(value) {
  const range = RANGE.exec(value);
  return range ? `${range[1]}年至${range[2]}年` : value;
}

/**
 * @param {{value: string, count: number}[]} known
 * @param {string} range
 */
function within(known, range) {
  return known.reduce((sum, { value, count }) => sum + (isWithin(value, range) ? count : 0), 0);
}
