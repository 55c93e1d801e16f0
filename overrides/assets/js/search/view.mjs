// @ts-check
// The panel as the reader sees it. Text goes in as text, never as HTML.

/**
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {import("./answer.mjs").Result} Result
 * @typedef {import("./answer.mjs").FacetCounts} FacetCounts
 * @typedef {import("./excerpt.mjs").Piece} Piece
 */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {(Node | string)[]} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** @param {Piece[]} pieces */
function withMarks(pieces) {
  return pieces.map(({ text, isHit }) => (isHit ? element("mark", "gk-search-mark", text) : text));
}

/**
 * @param {Result} result
 * @param {string} base the site's root, an absolute URL
 */
export function resultItem(result, base) {
  const link = element("a", "", ...withMarks(result.title));
  link.href = new URL(result.url, base).href;
  const item = element("li", "gk-search-result", element("h3", "gk-search-title", link), facts(result));
  item.dataset.searchResult = result.index;
  if (result.excerpt?.length) item.append(element("p", "gk-search-excerpt", ...withMarks(result.excerpt)));
  return item;
}

/** @param {Result} result */
function facts({ published, names, documentNumber, index }) {
  const time = element("time", "", published.slice(0, 10));
  time.dateTime = published;
  const others = [names.column, names.department, documentNumber, index].filter(Boolean);
  return element(
    "p",
    "gk-search-facts",
    element("span", "gk-search-fact", time),
    ...others.map((fact) => element("span", "gk-search-fact", fact)),
  );
}

/**
 * Fills one facet with a button a value.
 * @param {HTMLElement} group
 * @param {FacetCounts | undefined} facet
 */
export function fillFacet(group, facet) {
  const list = group.querySelector("[data-search-values]");
  const values = facet?.values ?? [];
  group.hidden = values.length === 0;
  list?.replaceChildren(
    ...values.map(({ value, name, count, chosen }) => {
      const number = element("span", "gk-search-number", String(count));
      const button = element("button", "gk-search-value", element("span", "", name), number);
      button.type = "button";
      button.dataset.value = value;
      button.setAttribute("aria-pressed", String(chosen));
      button.setAttribute("aria-label", `${name}，${count}件`);
      return element("li", "", button);
    }),
  );
}

/**
 * What is said of the results at large.
 * @param {Answer} answer
 * @param {boolean} narrowed
 */
export function remark({ total, leftOut }, narrowed) {
  const words = leftOut.map((word) => `“${word}”`).join("、");
  if (total === 0 && narrowed) return "所选条件下没有文件，可以减少筛选条件。";
  if (total === 0) return "没有找到文件，可以换一个说法，或到公开目录中按年份、栏目查找。";
  return words ? `没有文件同时含有全部词语；下列文件不含${words}。` : "";
}

/** @param {Answer} answer */
export function announcement({ total, results }) {
  return total === 0 ? "没有找到文件" : `找到${total}件文件，已列出${results.length}件`;
}
