// @ts-check
/** What few readers use is loaded when they do: suggestions with a search box, the marking of what a search found. */

/** @param {FocusEvent} event */
async function suggest({ target }) {
  if (!(target instanceof HTMLInputElement) || !target.matches("[data-suggest]")) return;
  const before = target.value;
  const { start } = await import("./suggest.mjs");
  start(target, before);
}

for (const box of document.querySelectorAll("input[data-suggest]")) {
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
}
document.addEventListener("focusin", suggest);
document.activeElement?.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
if (location.hash.startsWith("#hit=") || history.state?.hits) import("./passage.mjs");
