// @ts-check
// The search's own thread: keeps the index open and answers one message after another.

import { answer } from "./answer.mjs";
import { openIndex } from "./index.mjs";

/** @typedef {import("./answer.mjs").Request & {id: number, root: string}} Message */

let opened = /** @type {Promise<import("./index.mjs").Index> | null} */ (null);

/** @param {Message} message */
async function answered(message) {
  opened ??= openIndex(message.root);
  try {
    return await answer(await opened, message);
  } catch {
    // The page may be older than the index on the server: open it anew, past every cache, once.
    opened = openIndex(message.root, { reload: true });
    return answer(await opened, message);
  }
}

self.addEventListener("message", async (/** @type {MessageEvent<Message>} */ { data }) => {
  try {
    self.postMessage({ id: data.id, answer: await answered(data) });
  } catch (error) {
    opened = null;
    self.postMessage({ id: data.id, failure: String(error) });
  }
});
