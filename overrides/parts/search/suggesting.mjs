// @ts-check
// Which rows to suggest for what is typed, from the file that gongkai/outputs/suggestions.py writes.

const FORMAT = 1;
const MOST = 8;
const MOST_COLUMNS = 2;
const NUMBER_DIGITS = 3;
const NOT_IN_NUMBERS = /[^0-9a-z\u3400-\u9fff]|[第号]|年(?=[0-9])/gu;

/**
 * @typedef {{text: string, note: string, address: string}} Suggestion `address` is relative to the site's root
 * @typedef {{title: string, folded: string, year: number, number: string, documentNumber: string, keys: string[]}} Member
 * @typedef {{members: Member[]}} Series a title with its years, newest first; most have one
 * @typedef {{columns: [string, string][], series: Series[]}} Offers
 * @typedef {{member: Member, score: number, note: string}} Fitting
 * @typedef {ReturnType<typeof askedBy>} Asked
 * @typedef {[string | (string | number)[], ...(string | number)[][]]} Row
 */

/**
 * @param {{format: number, columns: [string, string][], titles: Row[]} | null} content
 * @returns {Offers} nothing where the file is missing, or of another format
 */
export function offersIn(content) {
  if (content?.format !== FORMAT) return { columns: [], series: [] };
  return { columns: content.columns, series: content.titles.map(seriesOf) };
}

/**
 * @param {Row} row
 * @returns {Series}
 */
function seriesOf([title, ...members]) {
  return {
    members: members.map((member) => {
      const dated = typeof title !== "string";
      const year = dated ? Number(member[0]) : 0;
      const [number, documentNumber = ""] = /** @type {string[]} */ (dated ? member.slice(1) : member);
      const written = dated ? title.map((part) => (typeof part === "number" ? year + part : part)).join("") : title;
      const keys = [number, documentNumber].filter(Boolean).map(numberKey);
      return { title: written, folded: folded(written), year, number, documentNumber, keys };
    }),
  };
}

/**
 * One width and case, no blanks.
 * @param {string} text
 */
function folded(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
}

/** @param {string} number */
function numberKey(number) {
  return folded(number).replace(NOT_IN_NUMBERS, "");
}

/**
 * At most eight rows for what is typed: columns, then titles, the best first, each with the years before.
 * @param {Offers} offers
 * @param {string} typed
 * @returns {Suggestion[]}
 */
export function suggestions({ columns, series }, typed) {
  const asked = askedBy(typed);
  if (!asked.text) return [];
  const named = columns.filter(([, name]) => folded(name).includes(asked.text)).slice(0, MOST_COLUMNS);
  const fitting = series
    .map(({ members }) => fittingOf(members, asked))
    .filter((members) => members.length)
    .sort((a, b) => b[0].score - a[0].score);
  const rows = named.map(([key, name]) => ({ text: name, note: "栏目", address: `${key}/` }));
  return [...rows, ...chosen(fitting, MOST - rows.length).map(rowOf)];
}

/**
 * What is typed, as titles and numbers are compared with it: digits and words each by itself (`2024总结` are two), and
 * the key of a number where there are digits enough for one.
 * @param {string} typed
 */
function askedBy(typed) {
  const text = folded(typed);
  const key = numberKey(text);
  const parts = typed.normalize("NFKC").toLowerCase().match(/[0-9]+|[^\s0-9]+/gu) ?? [];
  return { text, key: key.replace(/[^0-9]/gu, "").length >= NUMBER_DIGITS ? key : "", parts, isLong: [...text].length > 2 };
}

/**
 * The members of a series that fit, best first, and after them the other years, the nearest earlier ones first.
 * @param {Member[]} members
 * @param {Asked} asked
 * @returns {Fitting[]}
 */
function fittingOf(members, asked) {
  const scored = members.map((member) => ({ member, ...scoreOf(member, asked) }));
  const best = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || b.member.year - a.member.year);
  if (!best.length) return [];
  const { year } = best[0].member;
  const others = scored.filter(({ score }) => score === 0);
  const earlier = others.filter(({ member }) => member.year < year);
  const later = others.filter(({ member }) => member.year >= year);
  return [...best, ...earlier, ...later];
}

/**
 * @param {Member} member
 * @param {Asked} asked
 */
function scoreOf({ folded: title, keys, number, documentNumber }, { text, key, parts, isLong }) {
  const at = key ? keys.findIndex((one) => one.includes(key)) : -1;
  const note = at >= 0 ? [number, documentNumber][at] : number;
  if (at >= 0 && (keys[at].startsWith(key) || keys[at].endsWith(key))) return { score: 5, note };
  if (title.startsWith(text)) return { score: 4, note: number };
  if (title.includes(text)) return { score: 3, note: number };
  if (at >= 0) return { score: 2.5, note };
  if (parts.every((part) => title.includes(part))) return { score: 2, note: number };
  return { score: isLong && isWithin(text, title) ? 1 : 0, note: number };
}

/**
 * Whether a text has all characters of another in their order.
 * @param {string} wanted
 * @param {string} text
 */
function isWithin(wanted, text) {
  let at = 0;
  for (const character of wanted) {
    at = text.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/**
 * Two of each series, so that an earlier year stands below the year asked for; then more of them while there is room.
 * @param {Fitting[][]} fitting best series first
 * @param {number} room
 */
function chosen(fitting, room) {
  const taken = fitting.slice(0, room).map((members) => members.slice(0, 2));
  let left = room - taken.flat().length;
  taken.forEach((members, at) => {
    const more = left > 0 ? fitting[at].slice(2, 2 + left) : [];
    members.push(...more);
    left -= more.length;
  });
  return taken.flat().slice(0, room);
}

/**
 * @param {Fitting} fitting
 * @returns {Suggestion}
 */
function rowOf({ member, note }) {
  const address = `id/${member.number.split("/").map(encodeURIComponent).join("/")}/`;
  return { text: member.title, note, address };
}
