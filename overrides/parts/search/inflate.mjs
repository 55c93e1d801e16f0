// @ts-check
// Gzip undone (RFC 1951 and 1952) for browsers without DecompressionStream.

const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MOST_PER_BYTE = 1032;
const DAMAGED = "damaged gzip";

/**
 * @typedef {{counts: Uint16Array, symbols: Uint16Array}} Code a canonical Huffman code
 * @typedef {(count: number) => number} Bits takes so many bits
 */

/**
 * The content of a gzip file of one member; throws where it is cut off or damaged.
 * @param {Uint8Array} data
 * @returns {Uint8Array}
 */
export function gunzip(data) {
  if (data.length < 18 || data[0] !== 0x1f || data[1] !== 0x8b || data[2] !== 8) throw new Error(DAMAGED);
  const size = new DataView(data.buffer, data.byteOffset + data.length - 4, 4).getUint32(0, true);
  if (size > data.length * MOST_PER_BYTE) throw new Error(DAMAGED);
  const out = new Uint8Array(size);
  const length = inflate(data.subarray(bodyStart(data), data.length - 8), out);
  if (length !== size || checksum(out) !== new DataView(data.buffer, data.byteOffset + data.length - 8, 4).getUint32(0, true)) {
    throw new Error(DAMAGED);
  }
  return out;
}

/** @param {Uint8Array} data */
function bodyStart(data) {
  const flags = data[3];
  let at = 10;
  if (flags & 4) at += 2 + data[at] + data[at + 1] * 256;
  for (const flag of [8, 16]) {
    if (flags & flag) at = data.indexOf(0, at) + 1;
  }
  return flags & 2 ? at + 2 : at;
}

/** @param {Uint8Array} data */
function checksum(data) {
  let value = -1;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (0xedb88320 & -(value & 1));
  }
  return ~value >>> 0;
}

/**
 * @param {Uint8Array} data
 * @param {Uint8Array} out large enough
 * @returns {number} bytes written
 */
function inflate(data, out) {
  let at = 0;
  let held = 0;
  let count = 0;
  let written = 0;
  const bits = (/** @type {number} */ wanted) => {
    while (count < wanted) {
      if (at >= data.length) throw new Error(DAMAGED);
      held |= data[at] << count;
      at += 1;
      count += 8;
    }
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    count -= wanted;
    return value;
  };
  for (let isLast = 0; !isLast; ) {
    isLast = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      bits(count & 7);
      const length = bits(16);
      bits(16);
      for (let left = length; left > 0; left -= 1) out[written++] = bits(8);
    } else {
      const codes = kind === 1 ? fixedCodes() : kind === 2 ? dynamicCodes(bits) : null;
      if (!codes) throw new Error(DAMAGED);
      written = block(bits, codes, out, written);
    }
  }
  return written;
}

/**
 * @param {Bits} bits
 * @param {{literals: Code, distances: Code}} codes
 * @param {Uint8Array} out
 * @param {number} written
 */
function block(bits, { literals, distances }, out, written) {
  for (;;) {
    const symbol = decode(bits, literals);
    if (symbol === 256) return written;
    if (written >= out.length) throw new Error(DAMAGED);
    if (symbol < 256) {
      out[written++] = symbol;
      continue;
    }
    const length = LENGTHS[symbol - 257] + bits(symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2);
    const far = decode(bits, distances);
    const distance = DISTANCES[far] + bits(far < 4 ? 0 : (far - 2) >> 1);
    if (!(distance <= written)) throw new Error(DAMAGED);
    for (let end = written + length; written < end; written += 1) out[written] = out[written - distance];
  }
}

/**
 * @param {Bits} bits
 * @param {Code} code
 */
function decode(bits, { counts, symbols }) {
  let value = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length < 16; length += 1) {
    value |= bits(1);
    const count = counts[length];
    if (value - count < first) return symbols[index + value - first];
    index += count;
    first = (first + count) << 1;
    value <<= 1;
  }
  throw new Error(DAMAGED);
}

/**
 * @param {number[]} lengths by symbol
 * @returns {Code}
 */
function codeOf(lengths) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] += 1;
  const offsets = new Uint16Array(17);
  for (let length = 1; length < 16; length += 1) offsets[length + 1] = offsets[length] + counts[length];
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length) symbols[offsets[length]++] = symbol;
  });
  counts[0] = 0;
  return { counts, symbols };
}

function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8));
  return { literals: codeOf(lengths), distances: codeOf(Array(30).fill(5)) };
}

/** @param {Bits} bits */
function dynamicCodes(bits) {
  const literals = bits(5) + 257;
  const distances = bits(5) + 1;
  const meta = Array(19).fill(0);
  for (let at = 0, count = bits(4) + 4; at < count; at += 1) meta[ORDER[at]] = bits(3);
  const code = codeOf(meta);
  const lengths = /** @type {number[]} */ ([]);
  while (lengths.length < literals + distances) {
    const symbol = decode(bits, code);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) repeat(lengths, lengths[lengths.length - 1], bits(2) + 3);
    else repeat(lengths, 0, symbol === 17 ? bits(3) + 3 : bits(7) + 11);
  }
  return { literals: codeOf(lengths.slice(0, literals)), distances: codeOf(lengths.slice(literals)) };
}

/**
 * @param {number[]} lengths
 * @param {number} value
 * @param {number} times
 */
function repeat(lengths, value, times) {
  for (let left = times; left > 0; left -= 1) lengths.push(value);
}
