// @ts-check
// The address that leads from a result into its document: the fragment says which words to mark and where to begin, and
// holds a text fragment for readers whose browser runs no script there.

const MOST_WORDS = 12;
const LONGEST_NEAR = 40;

/**
 * @typedef {import("./answer.mjs").Result} Result
 * @typedef {import("./excerpt.mjs").Piece} Piece
 */

/**
 * @param {string} address the document's
 * @param {Pick<Result, "title" | "excerpt" | "passage">} result
 * @param {string[]} asked the query's own words and their equal writings
 */
export function leadingAddress(address, { title, excerpt, passage }, asked) {
  const shown = [...(excerpt ?? []), ...title].filter(({ isHit }) => isHit).map(({ text }) => text.trim());
  const words = [...new Set([...asked, ...shown])].filter(Boolean);
  const longer = words.filter((word) => [...word].length > 1);
  const wanted = (longer.length ? longer : words).slice(0, MOST_WORDS);
  if (!wanted.length) return address;
  const near = passage ? `&near=${encodeURIComponent(passage.text.slice(0, LONGEST_NEAR))}` : "";
  const hits = wanted.map((word) => `hit=${encodeURIComponent(word)}`).join("&");
  return `${address}#${hits}${near}${passage ? textDirective(passage) : ""}`;
}

/**
 * https://wicg.github.io/scroll-to-text-fragment/: a dash within a text must not look like the syntax's own.
 * @param {import("./answer.mjs").Passage} passage
 */
function textDirective({ text, start, end }) {
  const written = start && end ? [start, end] : [text];
  return `:~:text=${written.map((part) => encodeURIComponent(part).replace(/-/g, "%2D")).join(",")}`;
}

/**
 * Lets a result's link lead to the passage, just before it is followed: until then its address is the document's own.
 * @param {HTMLAnchorElement} link
 * @param {Result} result
 * @param {{query: string, acted: import("./answer.mjs").Answer["acted"]}} asked
 */
export function leadTo(link, result, { query, acted }) {
  const [address] = link.href.split("#");
  const words = [...wordsOf(query), ...acted.flatMap(({ written, also }) => [written, ...also])];
  link.href = leadingAddress(address, result, words);
}

/**
 * What was typed, as a whole and word by word, without what tells the search how to take a word.
 * @param {string} query
 */
export function wordsOf(query) {
  const words = query
    .split(/\s+/u)
    .filter((word) => !/^[-－]/u.test(word))
    .map((word) => word.replace(/^标题[:：]/u, "").replace(/^["“”„「『]+|["“”」』]+$/gu, ""))
    .filter(Boolean);
  return [words.join(""), ...words];
}
