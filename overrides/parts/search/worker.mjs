// @ts-check
// The search behind the page: keeps the index open and answers one message after another. It runs as a worker, or on the
// page's own thread where no worker starts.

import { answered } from "./answer.mjs";
import { openIndex, startOf } from "./index.mjs";
import { passageOf } from "./passages.mjs";

const REMEMBERED = 8;

/**
 * @typedef {import("./index.mjs").Index} Index
 * @typedef {import("./answer.mjs").Answered} Answered
 * @typedef {import("./answer.mjs").Request & {kind?: "ask", id: number, root: string}} Asking
 * @typedef {{kind: "show", id: number, root: string, positions: number[]}} Showing positions in the whole list
 * @typedef {import("./index.mjs").Start & {kind: "start", root: string}} Starting what the page has read already
 * @typedef {{kind: "facets", id: number, root: string}} Counting asks for the facets that an answer was told without
 * @typedef {Asking | Showing | Starting | Counting} Message
 * @typedef {import("./passages.mjs").Shown & {position: number}} Later
 * @typedef {{id: number, answer?: import("./answer.mjs").Answer, failure?: string, kind?: "excerpts" | "facets", results?: Later[], facets?: import("./answer.mjs").FacetCounts[]}} Said
 */

/**
 * A function that takes messages; what there is to say to them goes to `tell`.
 * @param {(said: Said) => void} tell
 * @returns {(message: Message) => Promise<void>}
 */
export function serving(tell) {
  const remembered = /** @type {Map<number, Answered & {index: Index}>} */ (new Map());
  const { ask, open } = asking();
  return async (message) => {
    if (message.kind === "start") {
      open(message);
      return;
    }
    if (message.kind === "facets") {
      const { id } = message;
      await remembered.get(id)?.facetsLater?.().then((facets) => tell({ kind: "facets", id, facets }), () => {});
      return;
    }
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
    opened ??= anew(message.root);
    const index = await opened;
    return { index, ...(await answered(index, message, { isTolerant })) };
  };
  const open = ({ root, ...start } = /** @type {Starting} */ ({})) => {
    opened ??= openIndex(root, start);
    opened.catch(() => {});
  };
  const ask = async (/** @type {Asking} */ message) => {
    try {
      return await asked(message);
    } catch {
      // The page may be older than the index on the server: open it anew, past every cache, once.
      opened = anew(message.root, { reload: true });
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
  return { ask, open };
}

/**
 * @param {string} root
 * @param {{reload?: boolean}} [options]
 */
async function anew(root, options) {
  return openIndex(root, await startOf(root, options));
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

if (typeof document === "undefined") {
  const serve = serving((said) => self.postMessage(said));
  self.addEventListener("message", ({ data }) => serve(data));
  self.postMessage("ready");
}
