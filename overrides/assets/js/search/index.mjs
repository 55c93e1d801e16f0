// @ts-check
// The index's files as the reader's browser sees them; written by hooks/search/.

const FORMAT = 1;
const STEPS = 8;

/**
 * @typedef {{id: string, documents: number, shards: number}} Described
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
 * @typedef {object} Segment
 * @property {Described} described
 * @property {number} base number of its first document in the whole index
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
  const segments = placed(manifest.segments);
  const columns = remembering(() => readColumns(manifest, segments, read));
  const shard = remembering(async (path) => parseShard(await read(path)));
  const find = async (/** @type {string} */ token) => findTerm(token, segments, { shard, read });
  const shown = remembering(async (path) => JSON.parse(new TextDecoder().decode(await unpacked(root + path))));
  const show = async (/** @type {number} */ document) => {
    const segment = holding(segments, document);
    return shown(await textPath(segment, document - segment.base, { read, block: manifest.names_a_block }));
  };
  return { manifest, columns: () => columns(""), find, show };
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
 * @param {Described[]} described
 * @returns {Segment[]}
 */
function placed(described) {
  let base = 0;
  return described.map((one) => {
    const segment = { described: one, base };
    base += one.documents;
    return segment;
  });
}

/**
 * @param {Segment[]} segments
 * @param {number} document
 */
function holding(segments, document) {
  const after = segments.findIndex(({ base }) => base > document);
  return segments[after === -1 ? segments.length - 1 : after - 1];
}

/**
 * @param {Manifest} manifest
 * @param {Segment[]} segments
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {Promise<Columns>}
 */
async function readColumns(manifest, segments, read) {
  const lengths = new Float32Array(manifest.documents);
  const days = new Int32Array(manifest.documents);
  const facetNumbers = manifest.facets.map(() => new Uint16Array(manifest.documents));
  const contents = await Promise.all(segments.map(({ described }) => read(`${described.id}/columns.bin`)));
  segments.forEach(({ described, base }, at) => {
    const count = described.documents;
    const next = numbers(contents[at], count);
    for (let n = 0; n < count; n += 1) lengths[base + n] = 2 ** (contents[at][n] / STEPS) - 1;
    for (let n = 0; n < count; n += 1) days[base + n] = n === 0 ? next() : days[base + n - 1] - next();
    for (const column of facetNumbers) {
      for (let n = 0; n < count; n += 1) column[base + n] = next();
    }
  });
  return { lengths, days, facetNumbers };
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
 * A token with its number of documents; its postings are read when asked for.
 * @param {string} token
 * @param {Segment[]} segments
 * @param {{shard: (path: string) => Promise<Shard>, read: (path: string) => Promise<Uint8Array>}} files
 * @returns {Promise<Term>}
 */
async function findTerm(token, segments, { shard, read }) {
  const hash = fnv1a(token);
  const parts = await Promise.all(
    segments.map(async ({ described: { id, shards }, base }) => {
      const { bytes, rows } = await shard(`${id}/shards/${hash % shards}.bin`);
      const row = rows.get(token);
      return row ? [{ id, base, bytes, row }] : [];
    }),
  );
  const present = parts.flat();
  const load = () =>
    Promise.all(
      present.map(async ({ id, base, bytes, row: { df, start, alone } }) =>
        alone < 0 ? decode(bytes, { start, df, base }) : decode(await read(`${id}/tokens/${alone}.bin`), { start: 0, df, base }),
      ),
    );
  return { token, df: present.reduce((sum, { row }) => sum + row.df, 0), load };
}

/**
 * @param {Uint8Array} bytes
 * @param {{start: number, df: number, base: number}} place
 * @returns {Postings}
 */
function decode(bytes, { start, df, base }) {
  const documents = new Uint32Array(df);
  const weights = new Uint8Array(df);
  let at = start;
  let document = base;
  for (let n = 0; n < df; n += 1) {
    let shift = 0;
    let gap = 0;
    while (bytes[at] >= 0x80) {
      gap |= (bytes[at] & 0x7f) << shift;
      shift += 7;
      at += 1;
    }
    document += gap | (bytes[at] << shift);
    documents[n] = document;
    weights[n] = bytes[at + 1];
    at += 2;
  }
  if (at > bytes.length) throw new Error("a file of the index ends too early");
  return { documents, weights };
}

/**
 * @param {Segment} segment
 * @param {number} local
 * @param {{read: (path: string) => Promise<Uint8Array>, block: number}} names
 */
async function textPath(segment, local, { read, block }) {
  const names = await read(`${segment.described.id}/names/${Math.floor(local / block)}.bin`);
  const start = (local % block) * 6;
  const name = Array.from(names.subarray(start, start + 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `texts/${name.slice(0, 2)}/${name.slice(2)}.bin`;
}
