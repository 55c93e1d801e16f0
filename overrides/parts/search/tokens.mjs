// @ts-check
// How text is cut for searching: the same as gongkai/search/tokens.py, held equal by
// tests/cases/search_tokens.json.

const HAN = String.raw`\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{323af}`;
const LETTERS = String.raw`a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2c00-\u2dff\u3040-\u30ff\ua000-\ud7ff`;
const BLANKS = String.raw` \t\u00ad\u200b-\u200d\u2060\ufeff`;
const LONGEST_TOKEN = 32;

const BLANK_IN_HAN = new RegExp(`(?<=[${HAN}])[${BLANKS}]+(?=[${HAN}])`, "gu");
const RUN = new RegExp(
  `(?<han>[${HAN}]+)|` +
    String.raw`[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])` +
    String.raw`|(?<![0-9]\.)[0-9]+\.(?![0-9]{4}年)[0-9]+(?![0-9]|\.[0-9])` +
    `|[0-9]+|[${LETTERS}]+`,
  "gu",
);
const LONE_HAN = new RegExp(`^[${HAN}]$`, "u");
const NUMERALS = "一二三四五六七八九〇零○o0";
const SPELT_YEAR = new RegExp(
  `(?<![${NUMERALS}])(?:二[〇零○o0][${NUMERALS}]{2}(?![${NUMERALS}])|一九[${NUMERALS}]{2}(?=年))`,
  "gu",
);
const NOT_IN_KEYS = /[第号]|年(?=第?[0-9])/gu;
const KEY_RUN = new RegExp(`[0-9]+|[${HAN}${LETTERS}]+`, "gu");
const YEAR = /^(?:19|20)[0-9]{2}$/;

/**
 * A token and where it stands in the normalised text.
 * @typedef {{token: string, start: number, end: number}} Found
 */

/** @typedef {Map<string, string>} Simpler traditional characters with what each is taken for */

/** @param {string} text */
function unified(text) {
  return text.normalize("NFKC").toLowerCase();
}

/**
 * The text in one writing: one width, one case, simplified characters, years in digits, and no blanks between Han
 * characters.
 * @param {string} text
 * @param {Simpler} [simpler]
 */
export function normalise(text, simpler) {
  return settled(unified(text).replace(BLANK_IN_HAN, ""), simpler);
}

/**
 * What changes no text's length.
 * @param {string} text
 * @param {Simpler} [simpler]
 */
function settled(text, simpler) {
  const plain = simpler?.size ? Array.from(text, (one) => simpler.get(one) ?? one).join("") : text;
  return plain.replace(SPELT_YEAR, (year) => Array.from(year, inDigits).join(""));
}

/** @param {string} numeral */
function inDigits(numeral) {
  const value = NUMERALS.indexOf(numeral) + 1;
  return value < 10 ? String(value) : "0";
}

/**
 * Whether a text may hold traditional characters: Han beyond GB 2312, the set of everyday simplified writing.
 * @param {string} text
 */
export function seemsTraditional(text) {
  for (const one of text) if (one >= "\u3400" && one <= "\u9fff" && !everyday().has(one)) return true;
  return false;
}

let known = /** @type {Set<string> | null} */ (null);

/** GB 2312 is decoded once, of its code points: a table of it would be 13 KB. */
function everyday() {
  if (known) return known;
  const bytes = [];
  for (let row = 0xb0; row <= 0xf7; row += 1) for (let cell = 0xa1; cell <= 0xfe; cell += 1) bytes.push(row, cell);
  known = new Set(new TextDecoder("gbk").decode(new Uint8Array(bytes)));
  return known;
}

/** @param {string} text */
export function isLoneHan(text) {
  return LONE_HAN.test(text);
}

/**
 * The tokens of a normalised text with their places.
 * @param {string} normal
 * @returns {Generator<Found>}
 */
export function* scan(normal) {
  for (const match of normal.matchAll(RUN)) {
    const start = match.index;
    if (match.groups?.han) {
      yield* pairs(match[0], start);
    } else {
      const token = match[0].replace(/,/gu, "").slice(0, LONGEST_TOKEN);
      yield { token, start, end: start + match[0].length };
    }
  }
}

/**
 * @param {string} run
 * @param {number} start
 * @returns {Generator<Found>}
 */
function* pairs(run, start) {
  const characters = [...run];
  if (characters.length === 1) {
    yield { token: run, start, end: start + run.length };
  }
  let place = start;
  for (let at = 1; at < characters.length; at += 1) {
    const token = characters[at - 1] + characters[at];
    yield { token, start: place, end: place + token.length };
    place += characters[at - 1].length;
  }
}

/**
 * @param {string} text
 * @returns {string[]}
 */
export function tokens(text) {
  return Array.from(scan(normalise(text)), (found) => found.token);
}

/**
 * What is left of an identifier however it is typed: `九科字[2018]012号` → `九科字-2018-12`.
 * @param {string} identifier
 */
export function identifierKey(identifier) {
  const runs = /** @type {string[]} */ (normalise(identifier).replace(NOT_IN_KEYS, " ").match(KEY_RUN) ?? []);
  if (runs.length > 1 && YEAR.test(runs[runs.length - 2])) {
    runs.push(runs.pop()?.replace(/^0+(?=.)/, "") ?? "");
  }
  return runs.join("-");
}

/**
 * The normalised text, and for each of its characters where the original of it starts and ends.
 * @param {string} text
 * @param {Simpler} [simpler]
 * @returns {{normal: string, starts: number[], ends: number[]}}
 */
export function aligned(text, simpler) {
  const starts = /** @type {number[]} */ ([]);
  const ends = /** @type {number[]} */ ([]);
  let wide = "";
  let place = 0;
  for (const character of text) {
    const normal = unified(character);
    wide += normal;
    for (let unit = 0; unit < normal.length; unit += 1) {
      starts.push(place);
      ends.push(place + character.length);
    }
    place += character.length;
  }
  const kept = withoutBlanks(wide, starts, ends);
  return { ...kept, normal: settled(kept.normal, simpler) };
}

/**
 * @param {string} wide
 * @param {number[]} starts
 * @param {number[]} ends
 */
function withoutBlanks(wide, starts, ends) {
  const blank = new Set();
  const normal = wide.replace(BLANK_IN_HAN, (blanks, /** @type {number} */ at) => {
    for (let unit = at; unit < at + blanks.length; unit += 1) blank.add(unit);
    return "";
  });
  const kept = (/** @type {number} */ _, /** @type {number} */ unit) => !blank.has(unit);
  return { normal, starts: starts.filter(kept), ends: ends.filter(kept) };
}
