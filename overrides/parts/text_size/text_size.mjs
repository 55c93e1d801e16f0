// @ts-check
/** 字体 大/中/小: the whole page scales with the root's font size; the choice is remembered in this browser. */

const KEY = "gongkai.text-size";
const SIZES = ["small", "medium", "large"];

/** The remembered size, or the middle one where nothing (or rubbish) is remembered or storage is closed. */
export function remembered() {
  try {
    const size = localStorage.getItem(KEY) ?? "";
    return SIZES.includes(size) ? size : "medium";
  } catch {
    return "medium";
  }
}

/** @param {string} size */
export function apply(size) {
  document.documentElement.dataset.textSize = size;
  for (const button of document.querySelectorAll("button[data-text-size]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-text-size") === size));
  }
}

/** @param {Event} event */
function choose(event) {
  const button = event.target instanceof Element ? event.target.closest("button[data-text-size]") : null;
  const size = button?.getAttribute("data-text-size");
  if (!size || !SIZES.includes(size)) return;
  apply(size);
  try {
    localStorage.setItem(KEY, size);
  } catch {
    // A browser that keeps nothing still scales this page.
  }
}

function start() {
  for (const control of document.querySelectorAll("[data-text-size-control]")) control.removeAttribute("hidden");
  apply(remembered());
  document.addEventListener("click", choose);
}

apply(remembered());
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start, { once: true });
else start();
