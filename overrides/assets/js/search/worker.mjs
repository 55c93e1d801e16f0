// @ts-check
// The search behind the page: keeps the index open and answers one message after another. It runs in a worker, or on
// the page's own thread where no worker starts.

import { answer } from "./answer.mjs";
import { openIndex } from "./index.mjs";

/**
 * @typedef {import("./answer.mjs").Request & {id: number, root: string}} Message
 * @typedef {{id: number, answer?: import("./answer.mjs").Answer, failure?: string}} Said
 */

/**
 * A function that takes messages; what there is to say to them goes to `tell`.
 * @param {(said: Said) => void} tell
 * @returns {(message: Message) => Promise<void>}
 */
export function serving(tell) {
  let opened = /** @type {Promise<import("./index.mjs").Index> | null} */ (null);
  const answered = async (/** @type {Message} */ message) => {
    opened ??= openIndex(message.root);
    try {
      return await answer(await opened, message);
    } catch {
      // The page may be older than the index on the server: open it anew, past every cache, once.
      opened = openIndex(message.root, { reload: true });
      return answer(await opened, message);
    }
  };
  return async (message) => {
    try {
      tell({ id: message.id, answer: await answered(message) });
    } catch (error) {
      opened = null;
      tell({ id: message.id, failure: String(error) });
    }
  };
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  const serve = serving((said) => self.postMessage(said));
  self.addEventListener("message", ({ data }) => serve(data));
  self.postMessage("ready");
}
