// @ts-check
// The page's end of the line to the worker.

/**
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {import("./answer.mjs").Request} Request
 * @typedef {{resolve: (answer: Answer) => void, reject: (error: Error) => void}} Waiting
 */

/** This browser lacks what the search needs; asking again will not help. */
export class TooOld extends Error {}

/**
 * A function that asks the index below `root`; the worker starts with the first question.
 * @param {string} root
 * @returns {(request: Request) => Promise<Answer>}
 */
export function searchClient(root) {
  const waiting = /** @type {Map<number, Waiting>} */ (new Map());
  let worker = /** @type {Worker | null} */ (null);
  let last = 0;

  const settle = (/** @type {{id: number, answer?: Answer, failure?: string}} */ { id, answer, failure }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (answer) asked?.resolve(answer);
    else asked?.reject(new Error(failure));
  };
  const abandon = () => {
    worker?.terminate();
    worker = null;
    for (const id of [...waiting.keys()]) settle({ id, failure: "the worker stopped" });
  };

  return (request) =>
    new Promise((resolve, reject) => {
      if (typeof Worker === "undefined" || typeof DecompressionStream === "undefined") throw new TooOld();
      worker ??= startWorker(settle, abandon);
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ ...request, id: last, root });
    });
}

/**
 * @param {(message: {id: number, answer?: Answer, failure?: string}) => void} settle
 * @param {() => void} abandon
 */
function startWorker(settle, abandon) {
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => settle(data));
  worker.addEventListener("error", abandon);
  return worker;
}
