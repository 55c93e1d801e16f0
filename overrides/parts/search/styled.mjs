// @ts-check
// Style sheets that only some readers need.

const known = /** @type {Map<string, Promise<void>>} */ (new Map());

/**
 * Settles when the sheet of that name is in force, or cannot be had: what it dresses works without.
 * @param {string} name
 * @returns {Promise<void>}
 */
export function styled(name) {
  const before = known.get(name);
  if (before) return before;
  const now = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = new URL(`../../css-apart/${name}.css`, import.meta.url).href;
      link.addEventListener("load", () => resolve());
      link.addEventListener("error", () => resolve());
      document.head.append(link);
    })
  );
  known.set(name, now);
  return now;
}
