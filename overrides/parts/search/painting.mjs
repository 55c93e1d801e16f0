// @ts-check
// Ranges of a page painted, and no longer: by the CSS Custom Highlight API, which leaves the page's elements alone, or
// by `<mark>` where there is none.

const ALL = "gk-hit";
const CURRENT = "gk-hit-current";

/**
 * @typedef {object} Painting
 * @property {(at: number) => void} stress paints one range unlike the others
 * @property {(at: number) => DOMRect} place where one stands in the window
 * @property {() => void} wipe
 */

/**
 * @param {Range[]} ranges
 * @returns {Painting}
 */
export function painted(ranges) {
  return typeof Highlight === "function" && CSS.highlights ? highlighted(ranges) : enclosed(ranges);
}

/**
 * @param {Range[]} ranges
 * @returns {Painting}
 */
function highlighted(ranges) {
  CSS.highlights.set(ALL, new Highlight(...ranges));
  return {
    stress: (at) => {
      const current = new Highlight(ranges[at]);
      current.priority = 1;
      CSS.highlights.set(CURRENT, current);
    },
    place: (at) => ranges[at].getBoundingClientRect(),
    wipe: () => {
      CSS.highlights.delete(ALL);
      CSS.highlights.delete(CURRENT);
    },
  };
}

/**
 * @param {Range[]} ranges
 * @returns {Painting}
 */
function enclosed(ranges) {
  const texts = ranges.map(textsIn);
  const marks = texts
    .reverse()
    .map((parts) => parts.map(({ node, start, end }) => enclose(node, start, end)))
    .reverse();
  return {
    stress: (at) => {
      marks.forEach((own, place) => own.forEach((mark) => mark.classList.toggle(CURRENT, place === at)));
    },
    place: (at) => marks[at][0].getBoundingClientRect(),
    wipe: () => {
      for (const mark of marks.flat()) {
        const parent = mark.parentNode;
        mark.replaceWith(...mark.childNodes);
        parent?.normalize();
      }
    },
  };
}

/**
 * The parts of text nodes that a range covers.
 * @param {Range} range
 */
function textsIn({ startContainer, startOffset, endContainer, endOffset, commonAncestorContainer }) {
  const walker = document.createTreeWalker(commonAncestorContainer, NodeFilter.SHOW_TEXT);
  const texts = /** @type {{node: Text, start: number, end: number}[]} */ ([]);
  let isWithin = false;
  for (let at = /** @type {Node | null} */ (walker.currentNode); at; at = walker.nextNode()) {
    isWithin ||= at === startContainer;
    if (isWithin && at instanceof Text) {
      const end = at === endContainer ? endOffset : at.length;
      texts.push({ node: at, start: at === startContainer ? startOffset : 0, end });
    }
    if (at === endContainer) break;
  }
  return texts.filter(({ start, end }) => end > start);
}

/**
 * What stands before it in the same text node keeps its place, so several are enclosed from the last to the first.
 * @param {Text} node
 * @param {number} start
 * @param {number} end
 */
function enclose(node, start, end) {
  const mark = document.createElement("mark");
  mark.className = ALL;
  node.splitText(end);
  const own = node.splitText(start);
  own.replaceWith(mark);
  mark.append(own);
  return mark;
}
