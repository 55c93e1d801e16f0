// @ts-check
// The index's files as the reader's browser sees them; written by hooks/search/.

const FORMAT = 2;
const STEPS = 8;
const NAME_BYTES = 8;

/**
 * @typedef {{id: string, documents: number, shards: number, facets: string[][], dead: string}} Described
 * @typedef {{key: string, values: [string, string][]}} Facet
 * @typedef {object} Manifest
 * @property {number} format
 * @property {number} documents
 * @property {number} mean_length
 * @property {number} names_a_block
 * @property {Facet[]} facets
 * @property {Described[]} segments
 *
 * @typedef {{documents: Uint32Array, weights: Uint8Array}} Postings
 * @typedef {{token: string, df: number, load: () => Promise<Postings[]>}} Term
 * @typedef {{df: number, size: number, start: number, alone: number}} Row
 * @typedef {{bytes: Uint8Array, rows: Map<string, Row>}} Shard
 *
 * What a segment's columns say: documents in its own order; `places` by earlier segment, how many of that one's
 * documents stand before each of ours.
 * @typedef {object} Part
 * @property {Described} described
 * @property {Float32Array} lengths
 * @property {Int32Array} days
 * @property {Uint16Array[]} facetNumbers by facet; numbers of the manifest's values, 0 is none
 * @property {Uint32Array[]} places
 * @property {Set<number>} dead
 * @property {Map<number, number>} deadAlone by number of a token that lies alone: dead documents that hold it
 *
 * A segment with its documents' numbers among the living of the whole index, newest first; -1 is dead.
 * @typedef {Part & {numbers: Int32Array}} Segment
 *
 * @typedef {object} Opening
 * @property {Segment[]} segments
 * @property {Columns} columns
 * @property {{segment: Segment, local: number}[]} places by document
 *
 * @typedef {object} Shown
 * @property {string} url
 * @property {string} title
 * @property {string} index
 * @property {string} document_number
 * @property {string} published
 * @property {string} text
 *
 * @typedef {object} Columns
 * @property {Float32Array} lengths in tokens, by document
 * @property {Int32Array} days since 1900, by document
 * @property {Uint16Array[]} facetNumbers by facet, then by document; 0 is none
 *
 * @typedef {object} Index
 * @property {Manifest} manifest
 * @property {() => Promise<Columns>} columns
 * @property {(token: string) => Promise<Term>} find
 * @property {(document: number) => Promise<Shown>} show
 */

/**
 * Opens the index below `root`, a URL that ends in a slash. `reload` passes over every cache.
 * @param {string} root
 * @param {{reload?: boolean}} [options]
 * @returns {Promise<Index>}
 */
export async function openIndex(root, { reload = false } = {}) {
  const manifest = await fetchManifest(root, reload);
  const read = remembering((path) => unpacked(root + path));
  const opening = remembering(() => openSegments(manifest, read));
  const shard = remembering(async (path) => parseShard(await read(path)));
  const find = async (/** @type {string} */ token) => findTerm(token, manifest, { shard, read, opening });
  const shown = remembering(async (path) => JSON.parse(new TextDecoder().decode(await unpacked(root + path))));
  const show = async (/** @type {number} */ document) => {
    const { segment, local } = (await opening("")).places[document];
    return shown(await textPath(segment, local, { read, block: manifest.names_a_block }));
  };
  return { manifest, columns: async () => (await opening("")).columns, find, show };
}

/**
 * @param {string} root
 * @param {boolean} reload
 * @returns {Promise<Manifest>}
 */
async function fetchManifest(root, reload) {
  const response = await fetch(`${root}manifest.json`, { cache: reload ? "reload" : "no-cache" });
  if (!response.ok) throw new Error(`manifest.json: ${response.status}`);
  const manifest = await response.json();
  if (manifest.format !== FORMAT) throw new Error(`manifest.json: format ${manifest.format}`);
  return manifest;
}

/**
 * @param {string} url
 * @returns {Promise<Uint8Array>}
 */
async function unpacked(url) {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
  if (typeof DecompressionStream === "undefined") {
    const { gunzip } = await import("./inflate.mjs");
    return gunzip(new Uint8Array(await response.arrayBuffer()));
  }
  const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The same function, asking each thing once; a failure is forgotten, so that it may be asked again.
 * @template T
 * @param {(path: string) => Promise<T>} read
 * @returns {(path: string) => Promise<T>}
 */
function remembering(read) {
  const known = /** @type {Map<string, Promise<T>>} */ (new Map());
  return (path) => {
    const before = known.get(path);
    if (before) return before;
    const now = read(path);
    known.set(path, now);
    now.catch(() => known.delete(path));
    return now;
  };
}

/**
 * Reads what all segments say of their documents, and puts the living into one order, newest first.
 * @param {Manifest} manifest
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {Promise<Opening>}
 */
async function openSegments(manifest, read) {
  const parts = await Promise.all(manifest.segments.map((described, at) => readPart(manifest, at, read)));
  const order = inOrder(parts);
  const segments = parts.map((part) => ({ ...part, numbers: new Int32Array(part.described.documents).fill(-1) }));
  const places = order
    .filter(({ at, local }) => !parts[at].dead.has(local))
    .map(({ at, local }) => ({ segment: segments[at], local }));
  places.forEach(({ segment, local }, number) => {
    segment.numbers[local] = number;
  });
  return { segments, places, columns: joined(manifest, places) };
}

/**
 * Every document of every part, the dead too, in the one order.
 * @param {Part[]} parts
 * @returns {{at: number, local: number}[]}
 */
function inOrder(parts) {
  const total = parts.reduce((sum, { described }) => sum + described.documents, 0);
  const order = Array(total);
  parts.forEach((part, at) => {
    const before = standingBefore(parts, at);
    for (let local = 0; local < part.described.documents; local += 1) order[local + before[local]] = { at, local };
  });
  return order;
}

/**
 * How many documents of other parts stand before each of one part's.
 * @param {Part[]} parts
 * @param {number} at
 * @returns {Uint32Array}
 */
function standingBefore(parts, at) {
  const before = new Uint32Array(parts[at].described.documents);
  for (const places of parts[at].places) places.forEach((count, local) => (before[local] += count));
  for (const { places } of parts.slice(at + 1)) {
    let later = 0;
    for (let local = 0; local < before.length; local += 1) {
      while (later < places[at].length && places[at][later] <= local) later += 1;
      before[local] += later;
    }
  }
  return before;
}

/**
 * The columns of all living documents, in their order.
 * @param {Manifest} manifest
 * @param {{segment: Segment, local: number}[]} places
 * @returns {Columns}
 */
function joined(manifest, places) {
  const lengths = Float32Array.from(places, ({ segment, local }) => segment.lengths[local]);
  const days = Int32Array.from(places, ({ segment, local }) => segment.days[local]);
  const facetNumbers = manifest.facets.map((_, facet) =>
    Uint16Array.from(places, ({ segment, local }) => segment.facetNumbers[facet][local]),
  );
  return { lengths, days, facetNumbers };
}

/**
 * @param {Manifest} manifest
 * @param {number} at the segment's place in the manifest
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {Promise<Part>}
 */
async function readPart(manifest, at, read) {
  const described = manifest.segments[at];
  const count = described.documents;
  const [bytes, grave] = await Promise.all([
    read(`${described.id}/columns.bin`),
    described.dead ? read(`dead/${described.dead}.bin`) : null,
  ]);
  const next = numbers(bytes, count);
  const lengths = Float32Array.from(bytes.subarray(0, count), (byte) => 2 ** (byte / STEPS) - 1);
  const days = new Int32Array(count);
  for (let n = 0; n < count; n += 1) days[n] = n === 0 ? next() : days[n - 1] - next();
  const facetNumbers = manifest.facets.map(({ values }, facet) => {
    const known = described.facets[facet].map((value) => values.findIndex(([one]) => one === value) + 1);
    return Uint16Array.from({ length: count }, () => [0, ...known][next()]);
  });
  const places = Array.from({ length: at }, () => ascending(count, next));
  return { described, lengths, days, facetNumbers, places, ...readGrave(grave) };
}

/**
 * @param {Uint8Array | null} bytes
 * @returns {{dead: Set<number>, deadAlone: Map<number, number>}}
 */
function readGrave(bytes) {
  if (!bytes) return { dead: new Set(), deadAlone: new Map() };
  const next = numbers(bytes, 0);
  const dead = new Set(ascending(next(), next));
  const deadAlone = new Map();
  let alone = 0;
  for (let left = next(); left > 0; left -= 1) {
    alone += next();
    deadAlone.set(alone, next());
  }
  return { dead, deadAlone };
}

/**
 * So many numbers, each written as its distance from the one before.
 * @param {number} count
 * @param {() => number} next
 * @returns {Uint32Array}
 */
function ascending(count, next) {
  let total = 0;
  return Uint32Array.from({ length: count }, () => (total += next()));
}

/**
 * A function that gives the next varint of some bytes.
 * @param {Uint8Array} bytes
 * @param {number} start
 */
function numbers(bytes, start) {
  let at = start;
  return () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= bytes.length) throw new Error("a file of the index ends too early");
      const byte = bytes[at];
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
}

/**
 * @param {Uint8Array} bytes
 * @returns {Shard}
 */
function parseShard(bytes) {
  const rows = /** @type {Map<string, Row>} */ (new Map());
  const decoder = new TextDecoder();
  let at = 0;
  const number = () => {
    const value = numbers(bytes, at)();
    do at += 1; while (bytes[at - 1] >= 0x80);
    return value;
  };
  while (at < bytes.length) {
    const length = number();
    const token = decoder.decode(bytes.subarray(at, at + length));
    at += length;
    const df = number();
    const size = number();
    const alone = size === 0 ? number() : -1;
    rows.set(token, { df, size, start: at, alone });
    at += size;
  }
  return { bytes, rows };
}

/**
 * Where a token's row is: FNV-1a of its UTF-8 bytes.
 * @param {string} token
 */
export function fnv1a(token) {
  let value = 2166136261;
  for (const byte of new TextEncoder().encode(token)) value = Math.imul(value ^ byte, 16777619);
  return value >>> 0;
}

/**
 * A token with its number of living documents; postings that lie alone are read when asked for.
 * @param {string} token
 * @param {Manifest} manifest
 * @param {{shard: (path: string) => Promise<Shard>, read: (path: string) => Promise<Uint8Array>, opening: (path: string) => Promise<Opening>}} files
 * @returns {Promise<Term>}
 */
async function findTerm(token, manifest, { shard, read, opening }) {
  const hash = fnv1a(token);
  const shards = manifest.segments.map(({ id, shards: count }) => shard(`${id}/shards/${hash % count}.bin`));
  const [{ segments }, ...found] = await Promise.all([opening(""), ...shards]);
  const parts = segments.flatMap((segment, at) => {
    const row = found[at].rows.get(token);
    return row ? [holding(segment, row, found[at].bytes, read)] : [];
  });
  const df = parts.reduce((sum, part) => sum + part.df, 0);
  return { token, df, load: () => Promise.all(parts.map((part) => part.load())) };
}

/**
 * One segment's share of a token.
 * @param {Segment} segment
 * @param {Row} row
 * @param {Uint8Array} bytes of the shard
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {{df: number, load: () => Promise<Postings>}}
 */
function holding(segment, row, bytes, read) {
  const { described, dead, deadAlone, numbers: known } = segment;
  if (row.alone >= 0) {
    const load = async () =>
      decode(await read(`${described.id}/tokens/${row.alone}.bin`), { start: 0, df: row.df, known });
    return { df: row.df - (deadAlone.get(row.alone) ?? 0), load };
  }
  if (!dead.size) return { df: row.df, load: async () => decode(bytes, { start: row.start, df: row.df, known }) };
  const living = decode(bytes, { start: row.start, df: row.df, known });
  return { df: living.documents.length, load: async () => living };
}

/**
 * The living documents of a token and its weights there.
 * @param {Uint8Array} bytes
 * @param {{start: number, df: number, known: Int32Array}} place `known` gives a local document's number, -1 for the dead
 * @returns {Postings}
 */
function decode(bytes, { start, df, known }) {
  const documents = new Uint32Array(df);
  const weights = new Uint8Array(df);
  let at = start;
  let local = 0;
  let living = 0;
  for (let n = 0; n < df; n += 1) {
    let shift = 0;
    let gap = 0;
    while (bytes[at] >= 0x80) {
      gap |= (bytes[at] & 0x7f) << shift;
      shift += 7;
      at += 1;
    }
    local += gap | (bytes[at] << shift);
    documents[living] = known[local];
    weights[living] = bytes[at + 1];
    if (known[local] >= 0) living += 1;
    at += 2;
  }
  if (at > bytes.length) throw new Error("a file of the index ends too early");
  return { documents: documents.subarray(0, living), weights: weights.subarray(0, living) };
}

/**
 * @param {Segment} segment
 * @param {number} local
 * @param {{read: (path: string) => Promise<Uint8Array>, block: number}} names
 */
async function textPath(segment, local, { read, block }) {
  const names = await read(`${segment.described.id}/names/${Math.floor(local / block)}.bin`);
  const start = (local % block) * NAME_BYTES;
  const name = Array.from(names.subarray(start, start + NAME_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `texts/${name.slice(0, 2)}/${name.slice(2)}.bin`;
}
