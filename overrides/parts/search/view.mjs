// @ts-check
// Results as the reader sees them. Text goes in as text, never as HTML.

/**
 * @typedef {import("./answer.mjs").Answer} Answer
 * @typedef {import("./answer.mjs").Result} Result
 * @typedef {import("./answer.mjs").HitFile} HitFile
 * @typedef {import("./excerpt.mjs").Piece} Piece
 */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @param {(Node | string)[]} content
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/**
 * Puts `content` into the place of what `node` holds: `replaceChildren`, which Chromium has from 86 on.
 * @param {Node & ParentNode | null | undefined} node
 * @param {(Node | string)[]} content
 */
export function fill(node, ...content) {
  if (!node) return;
  node.textContent = "";
  node.append(...content);
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
  const heading = element("h3", "gk-search-title", link);
  if (result.mark) heading.append(" ", element("span", "gk-mark", result.mark));
  const item = element("li", "gk-search-result", heading, facts(result));
  item.dataset.searchResult = result.index;
  const place = element("p", "gk-search-excerpt");
  place.dataset.searchExcerpt = "";
  item.append(place);
  if (result.excerpt) fillExcerpt(item, result, base);
  else place.dataset.searchLater = "";
  return item;
}

/**
 * Puts a result's passage into its place, and names the attachment that holds it.
 * @param {HTMLElement} item
 * @param {Pick<Result, "excerpt" | "file">} found
 * @param {string} base
 */
export function fillExcerpt(item, { excerpt, file }, base) {
  const place = /** @type {HTMLElement | null} */ (item.querySelector("[data-search-excerpt]"));
  fill(place, ...withMarks(excerpt ?? []));
  if (place) place.hidden = !excerpt?.length;
  delete place?.dataset.searchLater;
  if (file && !item.querySelector("[data-search-file]")) item.append(fileLine(file, base));
}

/**
 * @param {HitFile} file
 * @param {string} base
 */
function fileLine({ name, address, page }, base) {
  const kind = /\.([a-z0-9]+)$/i.exec(address)?.[1].toUpperCase() ?? "";
  const about = [kind, page ? `第${page}页` : ""].filter(Boolean).join("，");
  const link = element("a", "", `${name}${about ? `（${about}）` : ""}`);
  link.href = new URL(address, base).href + (page && kind === "PDF" ? `#page=${page}` : "");
  const line = element("p", "gk-search-file", "在附件中：", link);
  line.dataset.searchFile = "";
  return line;
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
 * What is said of the results at large, a sentence a line.
 * @param {Answer} answer
 * @param {boolean} narrowed
 * @returns {string[]}
 */
export function remarks({ total, leftOut, acted, corrected, partial }, narrowed) {
  const quoted = (/** @type {string[]} */ words) => words.map((word) => `“${word}”`).join("、");
  const said = acted.filter(({ also }) => also.length).map(({ written, also }) => `“${written}”也找了：${quoted(also)}。`);
  if (corrected) said.unshift(`没有找到原来的词语，下面是“${corrected}”的结果。`);
  if (partial) said.unshift("索引有一部分没有读到，下面的结果可能不全。可以稍后重试，或到公开目录中查找。");
  if (total === 0 && narrowed) said.push("所选条件下没有文件，可以去掉一些筛选条件。");
  else if (total === 0) said.push("没有找到文件，可以换一个说法，或到公开目录中按年份、栏目查找。");
  else if (leftOut.length) said.push(`没有文件同时含有全部词语；下列文件不含${quoted(leftOut)}。`);
  return said;
}

/**
 * @param {number} total
 * @param {number} listed
 */
export function announcement(total, listed) {
  return total === 0 ? "没有找到文件" : `找到 ${total} 件文件，已列出 ${listed} 件`;
}
