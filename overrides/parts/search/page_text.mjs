// @ts-check
// The visible text of a document's body, read from its page as the server has it. A worker has no DOM; what this needs
// to know of HTML is how our own pages are written. The same as gongkai/records/plain_text.py says, a line for each block.

const BODY = "data-document-body";
const MARKUP = /<!--[^]*?-->|<(\/?)([a-z][a-z0-9-]*)(?:"[^"]*"|'[^']*'|[^"'>])*>/giu;
const INLINE = new Set(
  "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q rp rt ruby s small span strong sub sup u".split(" "),
);
const UNSEEN = /<(script|style|template|noscript)\b[^]*?<\/\1\s*>/giu;
const ENTITY = /&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/giu;
const NAMED = /** @type {Record<string, string>} */ ({
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  ensp: "\u2002",
  emsp: "\u2003",
  middot: "·",
  mdash: "—",
  ndash: "–",
  hellip: "…",
  times: "×",
  ldquo: "“",
  rdquo: "”",
});

/**
 * @param {string} html of a whole page
 * @returns {string} "" where the page shows no body
 */
export function bodyText(html) {
  const mark = html.indexOf(BODY);
  if (mark < 0) return "";
  const seen = html.slice(html.indexOf(">", mark) + 1).replace(UNSEEN, "\n");
  const lines = withoutMarkup(seen).split("\n").map((line) => line.split(/\s+/u).filter(Boolean).join(" "));
  return lines.filter(Boolean).join("\n");
}

/**
 * What stands before the element ends that we are in.
 * @param {string} html
 */
function withoutMarkup(html) {
  const parts = [];
  let at = 0;
  let depth = 0;
  for (const match of html.matchAll(MARKUP)) {
    parts.push(characters(html.slice(at, match.index)));
    at = match.index + match[0].length;
    const name = (match[2] ?? "").toLowerCase();
    if (name === "div") depth += match[1] ? -1 : 1;
    if (depth < 0) break;
    if (name && !INLINE.has(name)) parts.push("\n");
  }
  return parts.join("");
}

/** @param {string} html between two tags */
function characters(html) {
  return html.replace(/\n/gu, " ").replace(ENTITY, (whole, hex, decimal, name) => {
    if (name) return NAMED[name] ?? whole;
    const code = hex ? parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
