// @ts-check
// What a result shows of its document: the passage that answers best, of its page or of an attachment.

import { excerpt, hitsIn, passageAround, worthOf } from "./excerpt.mjs";
import { seemsTraditional } from "./tokens.mjs";

/**
 * @typedef {import("./index.mjs").Index} Index
 * @typedef {import("./answer.mjs").HitFile} HitFile
 *
 * @typedef {object} Shown
 * @property {import("./excerpt.mjs").Piece[]} excerpt
 * @property {import("./answer.mjs").Passage | null} passage of the page; null where an attachment holds the hit
 * @property {HitFile | null} file
 */

/**
 * @param {Index} index
 * @param {number} document
 * @param {Map<string, number>} wanted
 * @returns {Promise<Shown>}
 */
export async function passageOf(index, document, wanted) {
  const [text, attached] = await Promise.all([
    index.text(document).catch(() => ""),
    index.attached(document).catch(() => []),
  ]);
  const simpler = [text, ...wanted.keys()].some(seemsTraditional) ? await index.simpler().catch(() => undefined) : undefined;
  const places = [
    { text, file: /** @type {HitFile | null} */ (null) },
    ...attached.flatMap(({ name, address, pages }) =>
      pages.map(([page, said]) => ({ text: said, file: { name, address, page } })),
    ),
  ].map((place) => ({ ...place, hits: hitsIn(place.text, wanted, simpler) }));
  // A page of an attachment must tell more than the document itself to be shown in its stead.
  const best = places.reduce((before, place) => (worthOf(place.hits, wanted) > worthOf(before.hits, wanted) ? place : before));
  return {
    excerpt: best.text ? excerpt(best.text, best.hits, wanted) : [],
    passage: best.file ? null : passageAround(best.text, best.hits, wanted),
    file: best.file,
  };
}
