// @ts-check
// Bytes of the index: packed files, numbers, hashes; written by gongkai/search/packing.py.

const TOO_SHORT = "a file of the index ends too early";

/**
 * Fetches a packed file and unpacks it.
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function unpacked(url, options) {
  return content(await fetched(url, options));
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 */
export async function fetched(url, options) {
  const response = await fetch(url, options);
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
  return response;
}

/**
 * What is packed in a response.
 * @param {Response} response
 * @returns {Promise<Uint8Array>}
 */
export async function content(response) {
  if (typeof DecompressionStream === "undefined" || !response.body) {
    const { gunzip } = await import("./inflate.mjs");
    return gunzip(new Uint8Array(await response.arrayBuffer()));
  }
  const stream = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The same function, asking each thing once; a failure is forgotten, so that it may be asked again.
 * @template T
 * @param {(name: string) => Promise<T>} read
 * @returns {(name: string) => Promise<T>}
 */
export function remembering(read) {
  const known = /** @type {Map<string, Promise<T>>} */ (new Map());
  return (name) => {
    const before = known.get(name);
    if (before) return before;
    const now = read(name);
    known.set(name, now);
    now.catch(() => known.delete(name));
    return now;
  };
}

/** Reads varints, one after another; `at` is where the next thing begins. */
export class Reader {
  /**
   * @param {Uint8Array} bytes
   * @param {number} [at]
   */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (this.at >= this.bytes.length) throw new Error(TOO_SHORT);
      const byte = this.bytes[this.at];
      this.at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** @param {number} size */
  take(size) {
    this.at += size;
    if (this.at > this.bytes.length) throw new Error(TOO_SHORT);
    return this.bytes.subarray(this.at - size, this.at);
  }
}

/**
 * FNV-1a of a token's UTF-8 bytes.
 * @param {string} token
 */
export function fnv1a(token) {
  let value = 2166136261;
  for (const byte of new TextEncoder().encode(token)) value = Math.imul(value ^ byte, 16777619);
  return value >>> 0;
}

/**
 * Which of so many ranges a hash lies in, its bits taken in reverse: the last ones are the most even.
 * @param {number} hash
 * @param {number} ranges
 */
export function rangeOf(hash, ranges) {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit += 1) reversed = reversed * 2 + ((hash >>> bit) & 1);
  return Math.floor((reversed * ranges) / 2 ** 32);
}
