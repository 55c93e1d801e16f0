// @ts-check
// The state of a search is its address: `?q=…&year=…&column=…&department=…&sort=…`.

import { cut } from "./query.mjs";

export const FACETS = ["year", "column", "department"];

/**
 * @typedef {object} State
 * @property {string} query
 * @property {Record<string, string[]>} choices by facet, every facet present
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
 * @param {string | null} written "date" is what an earlier edition wrote
 * @returns {import("./answer.mjs").Sort}
 */
export function sortOf(written) {
  if (written === "oldest") return "oldest";
  return written === "newest" || written === "date" ? "newest" : "relevance";
}
