// What was done, as short codes: a class system gives a page few characters to come back by, and none of our words.
import { followTrace, hereOf, stepOn } from "./scenario.js";
import { QUESTION_KINDS } from "./quiz.js";
import { SORT_KINDS } from "./sort.js";

const CODED_KINDS = { ...QUESTION_KINDS, ...SORT_KINDS };
const CODES_HEAD = "sk1;"; // the version of the codes; each exercise then ends with a semicolon
const LETTERS = { start: "S", summary: "U", skip: "K", end: "E", back: "B", replay: "R" };
const VERBS = Object.fromEntries(Object.entries(LETTERS).map(([verb, letter]) => [letter, verb]));

const widthOf = (size) => Math.max(1, size - 1).toString(36).length;

/** A whole number below `size`, always in as many characters. @param {number} number @param {number} size */
const digitsOf = (number, size) => number.toString(36).padStart(widthOf(size), "0");

/** The parts of an answer as places in the item, with how many places there are; none where no answer is reported. */
const ANSWER_PLACES = {
  MC: { encode: (item, answer) => [item.options.indexOf(answer)], decode: (item, [place]) => item.options[place], sizes: (item) => [item.options.length] },
  SJ: { encode: (item, answer) => item.actions.map((id) => answer[id]), decode: (item, places) => Object.fromEntries(item.actions.map((id, n) => [id, places[n]])), sizes: (item) => item.actions.map(() => 6) },
  MR: { encode: (item, answer) => [answer], decode: (item, [place]) => place, sizes: () => [7] },
  CL: {
    encode: (item, answer) => item.cases.map((id) => item.categories.indexOf(answer[id])),
    decode: (item, places) => Object.fromEntries(item.cases.map((id, n) => [id, item.categories[places[n]]])), sizes: (item) => item.cases.map(() => item.categories.length),
  },
  SEQ: { encode: (item, answer) => answer.map((id) => item.steps.indexOf(id)), decode: (item, places) => places.map((place) => item.steps[place]), sizes: (item) => item.steps.map(() => item.steps.length) },
};

/** How the answers of an item are coded; undefined for what stays on the page. @param {any} item */
const placesOf = (item) => (item.pair ? undefined : ANSWER_PLACES[item.type]);

/** Reads a code from its beginning; throws RangeError where it says nothing that the exercise has. @param {string} code */
function codeReader(code) {
  let at = 0;
  return {
    more: () => at < code.length,
    letter() { return /[A-Z]/.test(code[at]) ? code[at++] : ""; },
    /** @param {number} size */
    number(size) {
      const part = code.slice(at, at += widthOf(size));
      const number = /^[0-9a-z]+$/.test(part) && part.length === widthOf(size) ? parseInt(part, 36) : size;
      if (number >= size) throw new RangeError(part);
      return number;
    },
  };
}

/** A story: a choice is the place of its option; where it was taken follows from the way so far. */
const STORY_CODE = {
  encode(table, step) {
    const states = Object.keys(table.states);
    if (step.do === "choose") return digitsOf(table.states[step.state].options.findIndex(({ id }) => id === step.option), table.states[step.state].options.length);
    return LETTERS[step.do] + (step.do === "replay" ? digitsOf(states.indexOf(step.state), states.length) : "");
  },
  decode(table, reader, way) {
    const states = Object.keys(table.states);
    const verb = VERBS[reader.letter()];
    const last = way.path[way.path.length - 1];
    if (verb === "replay") return { do: verb, state: states[reader.number(states.length)] };
    if (verb === "back") return { do: verb, state: last[0] };
    if (verb && verb !== "end") return { do: verb };
    way.moved = Boolean(last); // "Go on" is no step of its own
    const state = hereOf(table, way);
    return verb ? { do: verb, state } : { do: "choose", state, option: table.states[state].options[reader.number(table.states[state].options.length)].id };
  },
};

/** Questions: an answer is the place of its item, then of its parts; points follow from the marks. */
const SET_CODE = {
  encode({ items }, step) {
    const place = items.findIndex(({ id }) => id === step.item);
    const spot = () => digitsOf(place, items.length);
    if (step.do !== "answer") return LETTERS[step.do] + (step.do === "back" ? spot() : "");
    const coded = placesOf(items[place]);
    return spot() + (coded ? coded.encode(items[place], step.answer).map((number, n) => digitsOf(number, coded.sizes(items[place])[n])).join("") : "");
  },
  decode({ items }, reader) {
    const verb = VERBS[reader.letter()];
    if (verb && verb !== "back") return { do: verb };
    const item = items[reader.number(items.length)];
    if (verb) return { do: verb, item: item.id };
    const coded = placesOf(item);
    if (!coded) return { do: "answer", item: item.id };
    const answer = coded.decode(item, coded.sizes(item).map((size) => reader.number(size)));
    const points = CODED_KINDS[item.type].points(item, answer);
    return { do: "answer", item: item.id, answer, ...(points !== undefined && { points }) };
  },
};

/** A content note: only the way taken. */
const NOTE_CODE = { encode: (table, step) => LETTERS[step.do], decode: (table, reader) => ({ do: VERBS[reader.letter()] }) };

const codeOf = (table) => (table.states ? STORY_CODE : table.items ? SET_CODE : NOTE_CODE);

/** The trace that a code tells. @param {any} table @param {string} code @returns {any[] | null} null where it does not fit the exercise */
export function readCodes(table, code) {
  const [reader, trace] = [codeReader(code), []];
  const way = table.states && followTrace(table, []);
  try {
    while (reader.more()) {
      const step = codeOf(table).decode(table, reader, way);
      if (!step.do) return null;
      if (way) stepOn(table, way, step);
      trace.push(step);
    }
  } catch (fault) { return null; }
  return trace;
}

/** Only that it was gone through, if it was: the last way in which it ended. @param {string} code */
const closingOf = (code) => (code.match(/[EKU]/g) || []).slice(-1).join("");

/**
 * A trace as codes; what does not come back the same is told by its closing alone.
 * @param {any} table @param {any[]} trace
 */
export function writeCodes(table, trace) {
  let code = "";
  try { code = trace.map((step) => codeOf(table).encode(table, step)).join(""); } catch (fault) { /* a step that the exercise no longer has */ }
  const same = JSON.stringify(readCodes(table, code)) === JSON.stringify(trace);
  return same ? code : closingOf(trace.map((step) => LETTERS[step.do] || "").join(""));
}

/** FNV-1a, 32 bits, in base 36: short names for what has long ones. @param {string} text @param {number} length */
function shortHash(text, length) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36).padStart(7, "0").slice(-length);
}

/** What an exercise is made of: while it stays the same, its codes can be read. @param {any} table */
function shapeOf({ start, states, items }) {
  if (states) return [start, Object.entries(states).map(([key, { options }]) => [key, (options || []).map(({ id, to }) => [id, to])])];
  return (items || []).map((item) => [item.id, item.type, item.pair, item.options, item.actions, item.categories, item.cases, item.steps]);
}

const KEY = 5; // characters: three for the exercise, two for what it is made of
/** @param {string} id @param {any} table */
export const keyOf = (id, table) => shortHash(id, 3) + shortHash(JSON.stringify(shapeOf(table)), 2);

/**
 * Everything done as one text, oldest exercise first. If it grows too long, the oldest exercises keep only that they
 * were gone through, then nothing; no exercise is ever cut in the middle.
 * @param {Map<string, any>} tables by exercise id @param {[string, any[]][]} traces in the order in which they were last touched
 * @param {string[]} others codes of exercises that are not on this page @param {number} most characters
 */
export function packCodes(tables, traces, others, most) {
  const done = traces.filter(([id, trace]) => tables.has(id) && trace.length > 0);
  const rows = [...others.map((row) => [row.slice(0, KEY), row.slice(KEY)]), ...done.map(([id, trace]) => [keyOf(id, tables.get(id)), writeCodes(tables.get(id), trace)])];
  const whole = () => (rows.length ? CODES_HEAD : "") + rows.map(([key, code]) => `${key}${code};`).join("");
  for (const row of rows) if (whole().length > most) row[1] = closingOf(row[1]);
  while (rows.length && whole().length > most) rows.shift();
  return whole();
}

/**
 * What such a text tells. The end of a text that was cut is left out; an exercise that has changed since keeps that
 * it was gone through.
 * @param {Map<string, any>} tables @param {string} text
 * @returns {{ traces: Record<string, any[]>, others: string[], foreign: boolean }} foreign: written by a newer version
 */
export function unpackCodes(tables, text) {
  const found = { traces: {}, others: [], foreign: /^sk\d+;/.test(text) && !text.startsWith(CODES_HEAD) };
  if (!text.startsWith(CODES_HEAD)) return found;
  const rows = text.slice(CODES_HEAD.length).split(";").slice(0, -1);
  for (const row of rows.filter((one) => /^[0-9a-z]{5}[0-9a-zA-Z]*$/.test(one))) {
    const [key, code] = [row.slice(0, KEY), row.slice(KEY)];
    const [id, table] = [...tables].find(([one]) => shortHash(one, 3) === key.slice(0, 3)) || [];
    if (!id) found.others.push(row);
    else {
      const trace = (key === keyOf(id, table) && readCodes(table, code)) || readCodes(table, closingOf(code)) || [];
      if (trace.length) found.traces[id] = trace;
    }
  }
  return found;
}

const letter = (place) => String.fromCharCode(97 + place);

/**
 * One answer in the words of SCORM 1.2 (CMIFeedback): letters for parts in the order of the page, digits for ratings and groups.
 * @param {any} table @param {any} step @returns {{ name: string, type: string, response: string, result: string } | null} null for what stays on the page
 */
export function interactionOf(table, step) {
  if (step.do === "choose") {
    const { node, options } = table.states[step.state];
    return { name: `${table.id}.${node}`, type: "choice", response: letter(options.findIndex(({ id }) => id === step.option)), result: "neutral" };
  }
  if (step.do !== "answer" || !("answer" in step)) return null;
  const item = table.items.find(({ id }) => id === step.item);
  // How far a person agrees with a myth is nothing to stand under a name.
  if (item.type === "MR") return null;
  const places = placesOf(item).encode(item, step.answer);
  const pairs = (add) => places.map((place, n) => `${letter(n)}.${(place + add).toString(36)}`).join(",");
  const [type, response] = {
    MC: () => ["choice", letter(places[0])], SEQ: () => ["sequencing", places.map(letter).join(",")],
    SJ: () => ["matching", pairs(0)], CL: () => ["matching", pairs(1)],
  }[item.type]();
  return { name: item.id, type, response, result: step.points === 1 ? "correct" : "wrong" };
}
