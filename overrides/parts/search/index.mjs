// @ts-check
// The index's files as the reader's browser sees them; written by gongkai/search/.

import { Reader, content, fetched, fnv1a, rangeOf, remembering, unpacked } from "./bytes.mjs";
import { bodyText } from "./page_text.mjs";
import { piecewise } from "./ranges.mjs";
import { isLoneHan } from "./tokens.mjs";

const FORMAT = 4;
const STEPS = 2;
const AT_ONCE = "validity";
const NAMES = /** @type {const} */ (["url", "title", "index", "documentNumber", "published", "attached", "column", "department"]);

/**
 * A segment; of the tokens that lie alone, parted by blanks: the file of each, and how many living documents have it.
 * @typedef {object} Described
 * @property {string} id
 * @property {number} documents
 * @property {number} shards
 * @property {number} characters shards of single characters
 * @property {number} block documents in a block of names
 * @property {number} piece documents in a piece of names.bin
 * @property {{tokens: string, files: number[], living: number[]}} alone
 *
 * @typedef {{key: string, values: [string, string][]}} Facet
 * @typedef {object} Head
 * @property {number} format
 * @property {number} documents
 * @property {number} mean_length
 * @property {Facet[]} facets
 * @property {string} apart the file of the facets' columns, "" where they lie in start.bin
 * @property {Described[]} segments
 * @property {string[][]} synonyms
 *
 * A segment with its documents' numbers among the living of the whole index, newest first; -1 is dead.
 * @typedef {object} Segment
 * @property {Described} described
 * @property {Int32Array} numbers
 * @property {number[]} pieces bytes of each piece of names.bin
 * @property {Map<string, {number: number, living: number}>} alone
 *
 * @typedef {{documents: Uint32Array, weights: Uint8Array}} Postings
 * @typedef {{token: string, df: number, load: () => Promise<Postings[]>}} Term
 * @typedef {{url: string, title: string, index: string, documentNumber: string, published: string, attached: string, column: string, department: string}} Named
 * @typedef {{name: string, address: string, pages: [number | null, string][]}} AttachedText
 *
 * @typedef {Map<string, Uint16Array>} Columns by facet the number of its value, by document; 0 is none
 *
 * @typedef {object} Reading
 * @property {Head} head
 * @property {(token: string) => Promise<Term>} find
 * @property {(token: string) => number} isKnownFrequent living documents that have it at least, known without reading
 * @property {(document: number) => Promise<Named>} named
 * @property {(document: number) => Promise<string>} text of the document's page
 * @property {(document: number) => Promise<AttachedText[]>} attached
 * @property {() => Promise<import("./tokens.mjs").Simpler>} simpler
 * @property {Float32Array} lengths in tokens, by document
 * @property {Uint16Array} validity number of its value, by document
 * @property {() => Promise<Columns>} columns of every facet
 * @property {() => boolean} hasColumns whether these are there without waiting
 *
 * @typedef {Reading} Index
 * @typedef {{bytes: ArrayBuffer, isRanged: boolean}} Start start.bin, and whether its server sends parts of files
 */

/**
 * The beginning of the index below `root`, a URL that ends in a slash; `reload` passes over every cache.
 * @param {string} root
 * @param {{reload?: boolean}} [options]
 * @returns {Promise<Start>}
 */
export async function startOf(root, { reload = false } = {}) {
  const response = await fetched(`${root}start.bin`, { cache: reload ? "reload" : "no-cache" });
  const isRanged = response.headers.get("Accept-Ranges") === "bytes";
  return { bytes: await response.arrayBuffer(), isRanged };
}

/**
 * Opens the index below `root`, a URL that ends in a slash.
 * @param {string} root
 * @param {Start} start
 * @returns {Promise<Index>}
 */
export async function openIndex(root, { bytes, isRanged }) {
  const { head, lengths, validity, columns, segments, places } = readOpening(await content(new Response(bytes)));
  const read = remembering((path) => unpacked(root + path));
  const listed = remembering(async (path) => JSON.parse(new TextDecoder().decode(await read(path))));
  const pieced = segments.map(({ described, pieces }) => piecesOf(`${root}${described.id}/names.bin`, pieces));
  let known = columns;
  const apart = remembering(async (path) => (known = readColumns(head, new Reader(await read(path)), validity)));
  const page = remembering(async (url) => bodyText(await fetchedPage(new URL(`../../${url}`, root).href)));
  const named = async (/** @type {number} */ document) =>
    nameOf(places[document], segments, { listed, pieced: isRanged ? pieced : [] });
  return {
    lengths,
    validity,
    columns: async () => known ?? apart(head.apart),
    hasColumns: () => known !== null,
    head,
    named,
    find: async (token) => findTerm(token, segments, read),
    isKnownFrequent: (token) => segments.reduce((sum, { alone }) => sum + (alone.get(token)?.living ?? 0), 0),
    text: async (document) => page((await named(document)).url),
    attached: async (document) => {
      const { attached } = await named(document);
      const files = /** @type {[string, string, string][]} */ (attached ? JSON.parse(attached) : []);
      return Promise.all(
        files.map(async ([name, address, file]) => ({ name, address, pages: await listed(`files/${file}.bin`) })),
      );
    },
    simpler: async () => {
      const [from, to] = await listed("traditional.bin");
      return new Map(Array.from(from, (/** @type {string} */ one, at) => [one, to[at]]));
    },
  };
}

/** @param {string} url */
async function fetchedPage(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/**
 * @param {Uint8Array} bytes of start.bin, unpacked
 * @returns {{head: Head, lengths: Float32Array, validity: Uint16Array, columns: Columns | null, segments: Segment[], places: {at: number, local: number}[]}}
 */
function readOpening(bytes) {
  const line = bytes.indexOf(10);
  const head = /** @type {Head} */ (JSON.parse(new TextDecoder().decode(bytes.subarray(0, line))));
  if (head.format !== FORMAT) throw new Error(`start.bin: format ${head.format}`);
  const reader = new Reader(bytes, line + 1);
  const lengths = Float32Array.from(reader.take(head.documents), (byte) => 2 ** (byte / STEPS) - 1);
  const segments = head.segments.map((described) => ({
    described,
    numbers: new Int32Array(described.documents).fill(-1),
    alone: aloneIn(described),
    pieces: /** @type {number[]} */ ([]),
  }));
  const places = readOrder(segments, reader);
  for (const segment of segments) segment.pieces = readPieces(segment.described, reader);
  const validity = readColumn(head.documents, reader);
  const columns = head.apart ? null : readColumns(head, reader, validity);
  return { head, lengths, validity, columns, segments, places };
}

/** @param {Described} described */
function aloneIn({ alone: { tokens, files, living } }) {
  const named = tokens ? tokens.split(" ") : [];
  return new Map(named.map((token, at) => [token, { number: files[at], living: living[at] }]));
}

/**
 * @param {Described} described
 * @param {Reader} reader
 */
function readPieces({ documents, piece }, reader) {
  return Array.from({ length: Math.ceil(documents / piece) }, () => reader.number());
}

/**
 * @param {Head} head
 * @param {Reader} reader
 * @param {Uint16Array} validity
 * @returns {Columns}
 */
function readColumns({ documents, facets }, reader, validity) {
  return new Map(facets.map(({ key }) => [key, key === AT_ONCE ? validity : readColumn(documents, reader)]));
}

/**
 * One number a document: the common one, and where there are others.
 * @param {number} documents
 * @param {Reader} reader
 */
function readColumn(documents, reader) {
  const column = new Uint16Array(documents).fill(reader.number());
  const places = new Uint32Array(reader.number());
  for (let n = 0; n < places.length; n += 1) places[n] = (n ? places[n - 1] + 1 : 0) + reader.number();
  for (const place of places) column[place] = reader.number();
  return column;
}

/**
 * Fills in the documents' numbers, segment by segment.
 * @param {Segment[]} segments
 * @param {Reader} reader
 * @returns {{at: number, local: number}[]} by number, where the document lies
 */
function readOrder(segments, reader) {
  const places = [];
  const next = segments.map(() => 0);
  const total = segments.reduce((sum, { described }) => sum + described.documents, 0);
  for (const code of reader.take(total)) {
    const at = code >> 1;
    if (!(code & 1)) {
      segments[at].numbers[next[at]] = places.length;
      places.push({ at, local: next[at] });
    }
    next[at] += 1;
  }
  return places;
}

/**
 * A token with its number of living documents; postings that lie alone are read when asked for.
 * @param {string} token
 * @param {Segment[]} segments
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {Promise<Term>}
 */
async function findTerm(token, segments, read) {
  const hash = fnv1a(token);
  const parts = await Promise.all(
    segments.map(async ({ described, numbers, alone }) => {
      const single = alone.get(token);
      if (single) {
        const file = `${described.id}/t${single.number}.bin`;
        return { df: single.living, load: async () => decoded(row(await read(file), ""), numbers) };
      }
      const [kind, count] = isLoneHan(token) ? ["c", described.characters] : ["", described.shards];
      const shard = await read(`${described.id}/${kind}${rangeOf(hash, count)}.bin`);
      const living = decoded(row(shard, token), numbers);
      return { df: living.documents.length, load: async () => living };
    }),
  );
  const df = parts.reduce((sum, part) => sum + part.df, 0);
  return { token, df, load: () => Promise.all(parts.map((part) => part.load())) };
}

/**
 * A token's bytes in its shard: the distances of its documents, and their weights.
 * @param {Uint8Array} shard
 * @param {string} token
 * @returns {{gaps: Uint8Array, weights: Uint8Array} | null}
 */
function row(shard, token) {
  const wanted = new TextEncoder().encode(token);
  const heads = new Reader(shard);
  const headsSize = heads.number();
  const gapsSize = heads.number();
  const end = heads.at + headsSize;
  const gaps = new Reader(shard, end);
  const weights = new Reader(shard, end + gapsSize);
  while (heads.at < end) {
    const name = heads.take(heads.number());
    const documents = heads.number();
    const size = heads.number();
    if (isSame(name, wanted)) return { gaps: gaps.take(size), weights: weights.take(documents) };
    gaps.take(size);
    weights.take(documents);
  }
  return null;
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function isSame(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * The living documents of a token and its weights there.
 * @param {{gaps: Uint8Array, weights: Uint8Array} | null} found
 * @param {Int32Array} numbers a local document's number, -1 for the dead
 * @returns {Postings}
 */
function decoded(found, numbers) {
  const size = found?.weights.length ?? 0;
  const documents = new Uint32Array(size);
  const weights = new Uint8Array(size);
  const reader = new Reader(found?.gaps ?? new Uint8Array());
  let local = 0;
  let living = 0;
  for (let n = 0; n < size; n += 1) {
    local += reader.number();
    documents[living] = numbers[local];
    weights[living] = /** @type {Uint8Array} */ (found?.weights)[n];
    if (numbers[local] >= 0) living += 1;
  }
  return { documents: documents.subarray(0, living), weights: weights.subarray(0, living) };
}

/**
 * A function that reads what a piece of names.bin says, or null where the server does not send parts.
 * @param {string} url
 * @param {number[]} sizes
 * @returns {(piece: number) => Promise<string[][] | null>}
 */
function piecesOf(url, sizes) {
  const piece = piecewise(url, sizes);
  const read = remembering(async (number) => {
    const bytes = await content(new Response(/** @type {Uint8Array<ArrayBuffer>} */ (await piece(Number(number)))));
    return JSON.parse(new TextDecoder().decode(bytes));
  });
  return (number) => read(String(number)).catch(() => null);
}

/**
 * @param {{at: number, local: number}} place
 * @param {Segment[]} segments
 * @param {{listed: (path: string) => Promise<string[][]>, pieced: ((piece: number) => Promise<string[][] | null>)[]}} read
 * @returns {Promise<Named>}
 */
async function nameOf({ at, local }, segments, { listed, pieced }) {
  const { id, block, piece } = segments[at].described;
  const few = pieced[at] ? await pieced[at](Math.floor(local / piece)) : null;
  const columns = few ?? (await listed(`${id}/n${Math.floor(local / block)}.bin`));
  const entries = NAMES.map((name, which) => [name, columns[which][local % (few ? piece : block)]]);
  return Object.fromEntries(entries);
}
