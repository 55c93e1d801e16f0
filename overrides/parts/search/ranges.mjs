// @ts-check
// Pieces of one file, those that are wanted at the same time in one request (RFC 9110, 14): where a server sends parts of
// a file, the names of ten results that lie far apart need one request, not ten.

/**
 * @typedef {{start: number, bytes: Uint8Array}} Part where in the file it begins
 * @typedef {{start: number, end: number}} Span
 * @typedef {{resolve: (bytes: Uint8Array) => void, reject: (error: Error) => void}} Waiting
 */

/**
 * A function that reads piece after piece of a file; what is asked for in one turn goes out as one request. It fails
 * where the server sends anything but just these parts, and asks no more then.
 * @param {string} url
 * @param {number[]} sizes of the file's pieces
 * @returns {(piece: number) => Promise<Uint8Array>}
 */
export function piecewise(url, sizes) {
  const ends = /** @type {number[]} */ ([]);
  for (const size of sizes) ends.push((ends[ends.length - 1] ?? 0) + size);
  let isRefused = false;
  let waiting = /** @type {Map<number, Waiting[]>} */ (new Map());
  const send = async () => {
    const asked = [...waiting].sort(([a], [b]) => a - b);
    waiting = new Map();
    const spans = asked.map(([piece]) => ({ start: ends[piece] - sizes[piece], end: ends[piece] }));
    try {
      const parts = await fetchedParts(url, joined(spans));
      const found = spans.map((span) => cutOut(span, parts));
      asked.forEach(([, all], at) => all.forEach(({ resolve }) => resolve(found[at])));
    } catch (error) {
      isRefused = true;
      asked.forEach(([, all]) => all.forEach(({ reject }) => reject(/** @type {Error} */ (error))));
    }
  };
  return (piece) => {
    if (isRefused) return Promise.reject(new Error(`${url}: sent as a whole only`));
    if (!waiting.size) queueMicrotask(send);
    return new Promise((resolve, reject) => {
      waiting.set(piece, [...(waiting.get(piece) ?? []), { resolve, reject }]);
    });
  };
}

/**
 * Spans that touch, as one.
 * @param {Span[]} spans in order
 */
function joined(spans) {
  const whole = /** @type {Span[]} */ ([]);
  for (const { start, end } of spans) {
    const last = whole[whole.length - 1];
    if (last?.end === start) last.end = end;
    else whole.push({ start, end });
  }
  return whole;
}

/**
 * @param {Span} span
 * @param {Part[]} parts
 */
function cutOut({ start, end }, parts) {
  const part = parts.find((one) => one.start <= start && one.start + one.bytes.length >= end);
  if (!part) throw new Error("other parts than were asked for");
  return part.bytes.subarray(start - part.start, end - part.start);
}

/**
 * @param {string} url
 * @param {Span[]} spans
 */
async function fetchedParts(url, spans) {
  const wanted = spans.map(({ start, end }) => `${start}-${end - 1}`).join(",");
  const response = await fetch(url, { headers: { Range: `bytes=${wanted}` } });
  if (response.status !== 206) {
    response.body?.cancel();
    throw new Error(`${url}: ${response.status}`);
  }
  const boundary = /^multipart\/byteranges;.*boundary="?([^";]+)/iu.exec(response.headers.get("Content-Type") ?? "");
  const range = response.headers.get("Content-Range");
  const bytes = new Uint8Array(await response.arrayBuffer());
  return boundary ? partsIn(bytes, boundary[1]) : [{ start: startOf(range ?? ""), bytes }];
}

/** @param {string} header such as `bytes 0-499/1234` */
function startOf(header) {
  const [, start] = /bytes\s+([0-9]+)-/iu.exec(header) ?? [];
  if (start === undefined) throw new Error("a part that does not say which");
  return Number(start);
}

/**
 * The parts of a multipart body (RFC 2046), whose heads say how long each is.
 * @param {Uint8Array} body
 * @param {string} boundary
 * @returns {Part[]}
 */
export function partsIn(body, boundary) {
  const parts = /** @type {Part[]} */ ([]);
  for (let at = 0; ; ) {
    const head = new TextDecoder("latin1").decode(body.subarray(at, at + boundary.length + 400));
    const [said, first, last] = /^\s*--[^]*?\r\ncontent-range:\s*bytes\s+([0-9]+)-([0-9]+)[^]*?\r\n\r\n/iu.exec(head) ?? [];
    if (!said?.includes(boundary)) return parts;
    const [start, size] = [Number(first), Number(last) - Number(first) + 1];
    at += said.length;
    parts.push({ start, bytes: body.subarray(at, at + size) });
    at += size;
  }
}
