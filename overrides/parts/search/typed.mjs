// @ts-check
// The query as it is typed.

export const LONGEST_QUERY = 200;

/**
 * The query as it is searched: trimmed, at most 200 characters.
 * @param {string} typed
 */
export function cut(typed) {
  return [...typed.trim()].slice(0, LONGEST_QUERY).join("").trim();
}
