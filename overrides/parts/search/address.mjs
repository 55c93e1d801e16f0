// @ts-check
// The state of a search is its address: `?q=…&year=…&column=…&department=…&genre=…&validity=…&files=…&sort=…`.

import { cut } from "./typed.mjs";

export const FACETS = ["year", "column", "department", "genre", "validity", "files"];
const RANGE = /^([0-9]{4})-([0-9]{4})$/;

/**
 * @typedef {object} State
 * @property {string} query
 * @property {Record<string, string[]>} choices by facet, every facet present; a year may be a range, "2018-2021"
 * @property {import("./answer.mjs").Sort} sort
 */

/**
 * @param {string} search the query part of an address
 * @returns {State}
 */
export function readAddress(search) {
  const parameters = new URLSearchParams(search);
  const choices = FACETS.map((key) => [key, [...new Set(parameters.getAll(key).filter(Boolean))]]);
  return {
    query: cut(parameters.get("q") ?? ""),
    choices: Object.fromEntries(choices),
    sort: sortOf(parameters.get("sort")),
  };
}

/**
 * @param {State} state
 * @returns {string} the query part of an address, "" for the empty state
 */
export function writeAddress({ query, choices, sort }) {
  const parameters = new URLSearchParams();
  if (query) parameters.set("q", query);
  for (const key of FACETS) {
    for (const value of choices[key]) parameters.append(key, value);
  }
  if (sort !== "relevance") parameters.set("sort", sort);
  const written = parameters.toString();
  return written ? `?${written}` : "";
}

/**
 * The state with one facet's value chosen, or no longer chosen.
 * @param {State} state
 * @param {string} key
 * @param {string} value
 * @returns {State}
 */
export function toggled(state, key, value) {
  const before = state.choices[key];
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  return { ...state, choices: { ...state.choices, [key]: after } };
}

/**
 * The state narrowed to the years from one to another, in place of any years chosen before.
 * @param {State} state
 * @param {string} from
 * @param {string} to
 * @returns {State}
 */
export function between(state, from, to) {
  const [first, last] = from <= to ? [from, to] : [to, from];
  return { ...state, choices: { ...state.choices, year: [first === last ? first : `${first}-${last}`] } };
}

/**
 * The state with nothing chosen of some facets.
 * @param {State} state
 * @param {string[]} [facets] all unless said
 * @returns {State}
 */
export function unfiltered(state, facets = FACETS) {
  return { ...state, choices: { ...state.choices, ...Object.fromEntries(facets.map((key) => [key, []])) } };
}

/**
 * The first and last year of a range.
 * @param {string} value
 * @returns {[string, string] | null} null for any other value
 */
export function rangeOf(value) {
  const [, first, last] = RANGE.exec(value) ?? [];
  return first ? [first, last] : null;
}

/**
 * @param {string | null} written "date" is what an earlier edition wrote
 * @returns {import("./answer.mjs").Sort}
 */
export function sortOf(written) {
  if (written === "oldest") return "oldest";
  return written === "newest" || written === "date" ? "newest" : "relevance";
}
