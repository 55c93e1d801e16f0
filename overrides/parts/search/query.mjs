// @ts-check
// What the reader typed, made into tokens to look up.
//
// A question typed in full is mostly words about asking. They are dropped, and a dropped word splits
// the run it stood in, so that the characters on its two sides never form a pair nobody wrote.
// `"…"` asks for the words as they stand, `-词` leaves documents out, `标题:词` looks at titles alone.

import { identifierKey, isLoneHan, normalise, scan, tokens } from "./tokens.mjs";
import { cut } from "./typed.mjs";

const DROPPED = "\u0001";
const MEASURES = "(?:家|个|件|项|人|名|次|篇|份|种|元|万元|亿元|天|年)";
const ASKING = new RegExp(
  [
    "请问|请教|咨询一?下?|查询一?下?|我?想(?:要?知道|要?了解|问)一?下?",
    "是不是|是否|有没有|有无|能不能|能否|可不可以|可否",
    `(?:共?有)?(?:多少${MEASURES}?|几${MEASURES}|哪些|哪几${MEASURES}?|哪一?${MEASURES})`,
    "[是有为要]?什么(?:时候|时间|样)?(?:的|是)?|为什么|为何|何时|(?:应该|应当|要|是)?(?:怎么样?|怎样|如何)(?:[办弄做](?!理))?",
    "[去到在]?(?:哪里|哪儿)(?:[办弄做](?!理))?",
    "[吗呢吧啊呀么](?=[^\\p{L}\\p{N}]|$)",
  ].join("|"),
  "gu",
);
// Within a question these say when it was asked, not what the document says.
const RELATIVE_TIME = /去年|今年|前年|明年|近年来?|近几年|最近|目前|现在/gu;
// Words of talk, which no document is about. They go only where somebody talks: in a phrase they may be the point.
const TALK = new RegExp(
  [
    "我们|咱们?|你们|您|他们|她们?|它们?|我|你|(?<!其)他(?!人)|自己|别人|人家|大家",
    "因为|所以|但是|可是|不过|虽然|如果|要是|的话|然后|而且|并且|或者|还是|就是|只是|另外|以及|于是",
    "这[个样种些里边次]?|那[个样种些里边]?么?|之前|之后|以后|后来|当时|时候|已经|一直|刚刚?|正在|马上|突然",
    "有点|一点|一下|一些|几个|很多|好多|非常|特别(?!法|程)|比较|差不多|大概|左右|多久|多长",
    "可以|应该|应当|需要|必须|能够?(?![力源量])|(?<!需|重|主|必|纪|首|摘)要(?![求约素点闻])|想|觉得|认为|知道|听说|告诉",
    "(?<![协社大议])会(?![议计员务同]|见)|把|(?<!棉)被(?![告害保继执申诉拘征选侵举])|[叫跟对向往](?![象方策])|让(?![与利])|(?<![供交支发补])给(?![付予])",
    "也|就(?![业医诊读学餐职])|都(?![市])|又|很|太(?![阳平])|再(?![审次生婚保])|还(?![款钱贷清本债])|没有?(?![收])|不(?![动得服可法良])",
    "啊|呀|吗|呢|吧|嘛|哦|哪|谁|啥|么|怎",
  ].join("|"),
  "gu",
);
const TALKING = /[我你您她咱吗呢吧嘛啊呀么]|怎么|如果|这[个样种]|那[个样种]|因为|[？?]/u;
const LONG_TALK = 16;
const PARTICLES = /(?<!目)的(?![士确])|了(?![解结])/gu;
const ONLY_PARTICLES = /^[\s的了]*$/u;
const EDGES = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;

// Typed after normalising, which makes them half-width: quotes of either kind, and what stands before a word.
const QUOTED = /(?<=^|\s)["“”„「『]([^"“”„」』]+)["“”」』](?=\s|$)/gu;
const TITLED = /(^|\s)(?:标题|title):\s*(\S+)/gu;
const EXCLUDED = /(^|\s)-(\S+)/gu;

/**
 * @typedef {import("./tokens.mjs").Found} Found
 * @typedef {{text: string, tokens: string[]}} Part normalised
 *
 * @typedef {object} Query
 * @property {string} phrase the whole, normalised, without punctuation at its ends
 * @property {boolean} isPhrase whether it is one piece without a word of asking, which a document may say as it stands
 * @property {string[]} runs what is left between dropped words and blanks, two characters or more
 * @property {string} normal the normalised text in which `tokens` have their places
 * @property {Found[]} tokens
 * @property {string} key an identifier's exact key, or "" when nothing here looks like one
 * @property {Part[]} phrases that must stand as they are
 * @property {Part[]} titled that must stand in the title
 * @property {Part[]} excluded that must not stand anywhere
 * @property {Alternative[]} alternatives
 *
 * @typedef {object} Alternative a stretch of `normal` for which the bureau's list knows other words
 * @property {string} written
 * @property {number} start
 * @property {number} end
 * @property {Part[]} others
 */

/**
 * @param {string} typed
 * @param {{synonyms?: string[][], simpler?: import("./tokens.mjs").Simpler}} [known] groups of equal writings
 * @returns {Query}
 */
export function parseQuery(typed, { synonyms = [], simpler } = {}) {
  const { text, ...asked } = operated(cut(typed), simpler);
  const whole = normalise(separated(text), simpler);
  const reduced = withoutAsking(whole);
  const kept = worthwhile(reduced);
  const phrase = normalise(text, simpler).replace(EDGES, "");
  const normal = kept.length ? reduced : whole;
  const key = identifierKey(text);
  return {
    ...asked,
    phrase,
    isPhrase: phrase.length > 2 && !/\s/u.test(phrase) && reduced === whole,
    runs: normal.split(/[\u0001\s]+/u).map((run) => run.replace(EDGES, "")).filter((run) => run.length > 1),
    normal,
    tokens: kept.length ? kept : [...scan(whole)],
    key: /[0-9]/.test(key) ? key : "",
    alternatives: [...alternativesIn(normal, synonyms)],
  };
}

/**
 * The text without its operators, and what these ask for.
 * @param {string} typed
 * @param {import("./tokens.mjs").Simpler} [simpler]
 */
function operated(typed, simpler) {
  const phrases = /** @type {Part[]} */ ([]);
  const titled = /** @type {Part[]} */ ([]);
  const excluded = /** @type {Part[]} */ ([]);
  const noting = (/** @type {Part[]} */ into, /** @type {string} */ words) => {
    const text = normalise(words, simpler).replace(EDGES, "");
    const tokens = [...new Set(Array.from(scan(text), ({ token }) => token))];
    if (tokens.length) into.push({ text, tokens });
    return tokens.length > 0;
  };
  const text = typed
    .normalize("NFKC")
    .replace(EXCLUDED, (all, before, word) => (/^[0-9]/.test(word) || !noting(excluded, word) ? all : `${before} `))
    .replace(TITLED, (all, before, word) => (noting(titled, word) ? `${before} ${word}` : all))
    .replace(QUOTED, (all, words) => (noting(phrases, words) ? `\n${words}\n` : all));
  return scan(normalise(text)).next().done ? { text: typed, phrases: [], titled: [], excluded: [] } : { text, phrases, titled, excluded };
}

/**
 * Where the text has words that the bureau's list knows others for; the longest first, none within another.
 * @param {string} normal
 * @param {string[][]} synonyms
 * @returns {Generator<Alternative>}
 */
function* alternativesIn(normal, synonyms) {
  const words = synonyms.flatMap((group) => group.map((word) => ({ word: normalise(word), group })));
  words.sort((a, b) => b.word.length - a.word.length);
  const taken = Array(normal.length).fill(false);
  for (const { word, group } of words) {
    const start = wordIn(normal, word);
    const end = start + word.length;
    if (start < 0 || taken.slice(start, end).some(Boolean)) continue;
    taken.fill(true, start, end);
    const others = group.map((other) => normalise(other)).filter((other) => other !== word && !normal.includes(other));
    yield { written: word, start, end, others: others.map((text) => ({ text, tokens: tokens(text) })) };
  }
}

/**
 * Where a word stands in a text, not as a part of a longer one of Latin letters; -1 where it does not.
 * @param {string} text
 * @param {string} word
 */
function wordIn(text, word) {
  const at = word ? text.indexOf(word) : -1;
  const isPart = /^[a-z]/.test(word) && /[a-z]/.test((text[at - 1] ?? "") + (text[at + word.length] ?? ""));
  return isPart ? -1 : at;
}

/**
 * A blank parts two words, except between single characters: `张　三` is one name.
 * @param {string} text
 */
function separated(text) {
  const words = text.split(/\s+/u);
  return words.reduce((before, word, at) => {
    const isName = isLoneHan(word) && isLoneHan(words[at - 1] ?? "");
    return at === 0 || isName ? before + word : `${before}\n${word}`;
  }, "");
}

/** @param {string} normal */
function withoutAsking(normal) {
  const asked = normal.replace(ASKING, blotted);
  const timed = asked === normal ? asked : asked.replace(RELATIVE_TIME, blotted);
  const talked = TALKING.test(normal) && normal.length >= LONG_TALK ? timed.replace(TALK, blotted) : timed;
  // In a phrase a particle may stand between the very words that are wanted.
  return talked === normal && !ONLY_PARTICLES.test(normal) ? normal : talked.replace(PARTICLES, blotted);
}

/** @param {string} word */
function blotted(word) {
  return DROPPED.repeat(word.length);
}

/**
 * The tokens without the single characters that only dropping left alone.
 * @param {string} reduced
 */
function worthwhile(reduced) {
  const found = [...scan(reduced)];
  const whole = found.filter(
    ({ token, start, end }) =>
      !(isLoneHan(token) && (reduced[start - 1] === DROPPED || reduced[end] === DROPPED)),
  );
  return whole.length ? whole : found;
}
