// @ts-check
// The search's own thread.

import { serving } from "./service.mjs";

const serve = serving((said) => self.postMessage(said));
self.addEventListener("message", ({ data }) => serve(data));
self.postMessage("ready");
