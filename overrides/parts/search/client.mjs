// @ts-check
// The page's end of the line to the search, which lies in a worker where one starts.

const PATIENCE = 30_000;

/**
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {import("./answer.mjs").Request} Request
 * @typedef {"offline" | "stalled" | "stopped" | "unread"} Reason
 * @typedef {{position: number, excerpt: import("./excerpt.mjs").Piece[], passage: import("./answer.mjs").Passage | null, file: import("./answer.mjs").HitFile | null}} Later
 * @typedef {{id: number, answer?: Answer, failure?: string} & Afterwards} Heard
 * @typedef {{results?: Later[], facets?: import("./answer.mjs").FacetCounts[]}} Afterwards what comes after an answer
 * @typedef {{send: (message: object) => void, close: () => void}} Line
 * @typedef {object} Waiting
 * @property {(answer: Answer) => void} resolve
 * @property {(error: Failed) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

/** No answer came, even when asked again. */
export class Failed extends Error {
  /** @param {Reason} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * A function that asks the index below `root`; the search starts with the first question. What comes after an answer
 * goes to `later`; `show` asks for it, by places in the whole list, and `count` for the facets of an answer without.
 * @param {string} root
 */
export function searchClient(root) {
  const calls = switchboard(root);
  const numbers = /** @type {WeakMap<Request, number>} */ (new WeakMap());
  const attempt = (/** @type {Request} */ request, /** @type {(said: Afterwards) => void} */ later) => {
    const { id, answered } = calls.call({ ...request, kind: "ask", root }, later);
    numbers.set(request, id);
    return answered;
  };
  const ask = async (/** @type {Request} */ request, later = (/** @type {Afterwards} */ _) => {}) => {
    try {
      return await attempt(request, later);
    } catch (error) {
      if (!(error instanceof Failed) || error.reason === "unread") throw error;
      return attempt(request, later);
    }
  };
  const show = (/** @type {Request} */ request, /** @type {number[]} */ positions) => {
    const id = numbers.get(request);
    if (id !== undefined) calls.add({ kind: "show", id, root, positions });
  };
  const count = (/** @type {Request} */ request) => {
    const id = numbers.get(request);
    if (id !== undefined) calls.add({ kind: "facets", id, root });
  };
  return Object.assign(ask, { show, count });
}

/**
 * Questions under way on the one line, which is opened when there is something to say and closed when it is dead.
 * @param {string} root
 */
function switchboard(root) {
  const waiting = /** @type {Map<number, Waiting>} */ (new Map());
  const listening = /** @type {Map<number, (said: Afterwards) => void>} */ (new Map());
  let line = /** @type {Promise<Line> | null} */ (null);
  let last = 0;

  const hear = (/** @type {Heard} */ { id, answer, failure, ...said }) => {
    if (said.results || said.facets) listening.get(id)?.(said);
    const asked = waiting.get(id);
    if (!asked || (!answer && failure === undefined)) return;
    waiting.delete(id);
    clearTimeout(asked.timer);
    if (answer) asked.resolve(answer);
    else asked.reject(new Failed(navigator.onLine ? "unread" : "offline"));
  };
  const hangUp = (/** @type {Reason} */ reason) => {
    line?.then(({ close }) => close(), () => {});
    line = null;
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new Failed(reason));
    }
    waiting.clear();
  };
  const add = (/** @type {object} */ message) => {
    line ??= connected(root, hear, () => hangUp("stopped"));
    line.then(({ send }) => send(message), () => hangUp(navigator.onLine ? "stopped" : "offline"));
  };
  const call = (/** @type {object} */ message, /** @type {(said: Afterwards) => void} */ later) => {
    last += 1;
    const id = last;
    const answered = /** @type {Promise<Answer>} */ (
      new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, timer: setTimeout(() => hangUp("stalled"), PATIENCE) });
      })
    );
    listening.set(id, later);
    add({ ...message, id });
    return { id, answered };
  };
  return { call, add };
}

/**
 * A line to the search, which knows the beginning of the index already: that is read while the worker starts. Where it
 * cannot be read here, the search reads it, and says what is wrong.
 * @param {string} root
 * @param {(heard: Heard) => void} hear
 * @param {() => void} broken
 * @returns {Promise<Line>}
 */
async function connected(root, hear, broken) {
  const reading = started(root);
  const line = await lineTo(hear, broken);
  const start = await reading;
  if (start) line.send({ kind: "start", root, ...start });
  return line;
}

/**
 * start.bin, as `startOf` in the worker reads it: the page does not need all that reads an index.
 * @param {string} root
 * @returns {Promise<import("./index.mjs").Start | null>}
 */
async function started(root) {
  try {
    const response = await fetch(`${root}start.bin`, { cache: "no-cache" });
    const isRanged = response.headers.get("Accept-Ranges") === "bytes";
    return response.ok ? { bytes: await response.arrayBuffer(), isRanged } : null;
  } catch {
    return null;
  }
}

/**
 * A line to a worker, or to this thread where none starts. `broken` is called when a worker that had started stops.
 * @param {(heard: Heard) => void} hear
 * @param {() => void} broken
 * @returns {Promise<Line>}
 */
async function lineTo(hear, broken) {
  try {
    return await toWorker(hear, broken);
  } catch {
    const { serving } = await import("./worker.mjs");
    const serve = serving(hear);
    return { send: (message) => void serve(/** @type {import("./worker.mjs").Message} */ (message)), close: () => {} };
  }
}

/**
 * @param {(heard: Heard) => void} hear
 * @param {() => void} broken
 * @returns {Promise<Line>}
 */
function toWorker(hear, broken) {
  return new Promise((resolve, reject) => {
    let hasStarted = false;
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    const line = { send: (/** @type {object} */ message) => worker.postMessage(message), close: () => worker.terminate() };
    worker.addEventListener("message", ({ data }) => {
      hasStarted = true;
      if (data === "ready") resolve(line);
      else hear(data);
    });
    worker.addEventListener("error", () => {
      worker.terminate();
      if (hasStarted) broken();
      else reject(new Error("no worker starts here"));
    });
  });
}
