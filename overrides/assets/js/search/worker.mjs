// @ts-check
// The search behind the page: keeps the index open and answers one message after another. It runs as a worker, or on the
// page's own thread where no worker starts.

import { answered } from "./answer.mjs";
import { openIndex } from "./index.mjs";
import { passageOf } from "./passages.mjs";

const REMEMBERED = 8;

/**
 * @typedef {import("./index.mjs").Index} Index
 * @typedef {import("./answer.mjs").Answered} Answered
 * @typedef {import("./answer.mjs").Request & {kind?: "ask", id: number, root: string}} Asking
 * @typedef {{kind: "show", id: number, root: string, positions: number[]}} Showing positions in the whole list
 * @typedef {Asking | Showing} Message
 * @typedef {import("./passages.mjs").Shown & {position: number}} Later
 * @typedef {{id: number, answer?: import("./answer.mjs").Answer, failure?: string, kind?: "excerpts", results?: Later[]}} Said
 */

/**
 * A function that takes messages; what there is to say to them goes to `tell`.
 * @param {(said: Said) => void} tell
 * @returns {(message: Message) => Promise<void>}
 */
export function serving(tell) {
  const remembered = /** @type {Map<number, Answered & {index: Index}>} */ (new Map());
  const ask = asking();
  return async (message) => {
    if (message.kind === "show") {
      await show(remembered.get(message.id), message, tell);
      return;
    }
    try {
      const found = await ask(message);
      remembered.set(message.id, found);
      for (const id of [...remembered.keys()].slice(0, -REMEMBERED)) remembered.delete(id);
      tell({ id: message.id, answer: found.answer });
    } catch (error) {
      tell({ id: message.id, failure: String(error) });
    }
  };
}

/** Asks an index that is opened at the first question, and opened anew when it cannot be read. */
function asking() {
  let opened = /** @type {Promise<Index> | null} */ (null);
  const asked = async (/** @type {Asking} */ message, isTolerant = false) => {
    opened ??= openIndex(message.root);
    const index = await opened;
    return { index, ...(await answered(index, message, { isTolerant })) };
  };
  return async (/** @type {Asking} */ message) => {
    try {
      return await asked(message);
    } catch {
      // The page may be older than the index on the server: open it anew, past every cache, once.
      opened = openIndex(message.root, { reload: true });
    }
    try {
      return await asked(message);
    } catch {
      return asked(message, true).catch((error) => {
        opened = null;
        throw error;
      });
    }
  };
}

/**
 * Tells, one by one, what the results at some positions show of their documents.
 * @param {(Answered & {index: Index}) | undefined} found
 * @param {Showing} message
 * @param {(said: Said) => void} tell
 */
async function show(found, { id, positions }, tell) {
  if (!found) return;
  const telling = positions.filter((position) => position < found.ordered.length).map(async (position) => {
    const shown = await passageOf(found.index, found.ordered[position], found.wanted);
    tell({ kind: "excerpts", id, results: [{ position, ...shown }] });
  });
  await Promise.all(telling);
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  const serve = serving((said) => self.postMessage(said));
  self.addEventListener("message", ({ data }) => serve(data));
  self.postMessage("ready");
}
