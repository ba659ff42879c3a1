// A part in a class system (SCORM 1.2): how far it is and what was chosen go to the API that the system offers, and nowhere else.
import { make } from "./dom.js";
import { hostModels } from "./host.js";
import { hearTraces, record, siteWord, watchRecord } from "./keep.js";
import { exerciseDone, partDone } from "./journey.js";
import { interactionOf, packCodes, readCodes, unpackCodes, writeCodes } from "./codes.js";
import { courseParts, startSite } from "./site.js";

const MOST_CODES = 3999; // characters of suspend_data; SCORM 1.2 promises 4,096
const FEWEST_CODES = 200;
const HIGHEST_WINDOW = 12; // how many windows up the API may be
const AFTER_STEP = 1000; // ms from the first step that is not yet handed over: the next ones go with it
const AFTER_LEAVING = 2000; // ms: by then the window is gone, or the browser has refused and the page is empty
const NEXT_TRY = [500, 2000, 5000, 15000, 60000]; // ms; the last again and again
const ASK_LESS = /score\.m(in|ax)|lesson_location|session_time|exit$/; // what the page can do without if the system refuses it

/** The session with the class system. `sent` holds what it took; `count` is the next interaction's number, null where it takes none. */
const session = {
  part: null, api: null, open: false, finished: false, left: false, foreign: false, mode: "",
  status: "", score: 0, count: null, most: MOST_CODES, others: [], sent: {}, since: 0, tries: 0, timer: 0, due: false,
};

/** How much of each trace is known, exercise last touched at the end. @type {Map<string, number>} */
const seenSteps = new Map();

/** Answers that the class system has not confirmed; those with a number it has heard in this session. @type {any[]} */
let answers = [];

/** The API in a window or above it; a window of another origin is passed by. @param {any} from */
function apiAbove(from) {
  let here = from;
  for (let up = 0; here && up < HIGHEST_WINDOW; up += 1) {
    try { if (here.API && typeof here.API.LMSInitialize === "function") return here.API; } catch (closed) { /* not ours to look into */ }
    if (here.parent === here) return null;
    here = here.parent;
  }
  return null;
}

/** As SCORM 1.2 has it searched: here and above, then in the window that opened this one. */
export function findApi() {
  const openers = [() => window, () => window.opener, () => window.top.opener];
  for (const opener of openers) {
    try {
      const api = apiAbove(opener());
      if (api) return api;
    } catch (closed) { /* another origin's */ }
  }
  return null;
}

/** One call; whatever is wrong over there, the page goes on. @param {string} name @param {...string} given @returns {string} */
function call(name, ...given) {
  try {
    const said = session.api[name](...given);
    return said === undefined || said === null ? "" : String(said);
  } catch (fault) { return ""; }
}

const failed = () => call("LMSGetLastError");

/** Set one element, unless the class system has it so already. @param {string} name @param {string} value */
function setElement(name, value) {
  if (session.sent[name] === value) return true;
  const taken = call("LMSSetValue", name, value) === "true";
  if (taken) session.sent[name] = value;
  return taken;
}

const two = (number) => String(number).padStart(2, "0");

/** The time of day as CMITime. */
const timeOfDay = () => { const now = new Date(); return [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(":"); };

/** How long the page has been open as CMITimespan. @param {number} seconds */
const timespanOf = (seconds) => `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;

const tablesHere = () => new Map(Object.entries(hostModels).map(([id, model]) => [id, model.get("table")]));

/** How far the part is, from 0 to 100: exercises gone through, read as a summary or skipped, each the same. No answer is marked. */
function shareDone() {
  const { part } = session;
  if (partDone(part, record.traces)) return 100;
  const ids = Object.keys(part.do);
  return Math.floor((100 * ids.filter((id) => exerciseDone(record.traces[id])).length) / ids.length) || 0;
}

/**
 * What the class system is told of the part as a whole. The score never falls, and what is completed stays so; nobody
 * passes or fails: this is practice. A part that was done may be opened for review: then the place alone goes on.
 */
function wholeOfPart() {
  session.score = Math.max(session.score, shareDone());
  if (!/^(completed|passed)$/.test(session.status)) session.status = partDone(session.part, record.traces) ? "completed" : "incomplete";
  const result = [
    ["cmi.core.lesson_status", session.status],
    ["cmi.core.score.min", "0"], ["cmi.core.score.max", "100"], ["cmi.core.score.raw", String(session.score)],
  ];
  const place = (record.traces.reading || []).slice(-1)[0];
  return [
    ["cmi.core.exit", "suspend"], ...(session.mode === "review" ? [] : result),
    ...(place ? [["cmi.core.lesson_location", place.cell]] : []),
    ["cmi.core.session_time", timespanOf(Math.floor((Date.now() - session.since) / 1000))],
  ];
}

/** The way back to this place; a class system that takes less than SCORM promises gets less. */
function setPlace() {
  if (session.foreign) return true;
  const [tables, traces] = [tablesHere(), [...seenSteps.keys()].map((id) => [id, record.traces[id] || []])];
  for (let most = session.most; most >= FEWEST_CODES; most = Math.floor(most / 2)) {
    if (setElement("cmi.suspend_data", packCodes(tables, traces, session.others, most))) {
      session.most = most;
      return true;
    }
  }
  return false;
}

/** Tell the answers given since; each keeps its number while the session lasts. */
function tellAnswers() {
  for (const answer of answers) {
    if (session.count === null) break;
    if (!("number" in answer)) {
      const parts = [["id", answer.name], ["time", answer.time], ["type", answer.type], ["student_response", answer.response], ["result", answer.result]];
      const taken = parts.every(([part, value]) => call("LMSSetValue", `cmi.interactions.${session.count}.${part}`, value) === "true");
      if (!taken && failed() === "301") return false;
      if (!taken) session.count = null; // single answers are optional in SCORM 1.2
      else answer.number = session.count++;
    }
  }
  return true;
}

/** Say in the page's own line how it stands; the same is not said twice. @param {string} key @param {any} [more] */
function tellReader(key, more) {
  const line = document.getElementById("sk-class");
  if (!line || line.dataset.said === key || (key === "scorm.kept" && /resumed|review/.test(line.dataset.said))) return;
  line.dataset.said = key;
  const mark = document.getElementById("sk-unkept"); // in the bar, which stays in sight
  if (mark) mark.hidden = !/trouble|waiting/.test(key);
  line.replaceChildren(...[siteWord(key), more].filter(Boolean));
}

/** @param {number} wait ms */
function handOverIn(wait) {
  clearTimeout(session.timer);
  session.timer = setTimeout(() => {
    session.due = false;
    if (session.open || connect()) handOver();
    else tryLater();
  }, wait);
}

const tryLater = () => handOverIn(NEXT_TRY[Math.min(session.tries++, NEXT_TRY.length - 1)]);

/** Hand over all that is not yet there, and have it kept. */
function handOver() {
  clearTimeout(session.timer);
  session.due = false;
  if (!session.open || session.mode === "browse") return;
  const taken = [...wholeOfPart().map(([name, value]) => setElement(name, value) || ASK_LESS.test(name)), setPlace(), tellAnswers()];
  const error = taken.includes(false) ? failed() : "";
  if (call("LMSCommit", "") === "true" && !taken.includes(false)) {
    answers = [];
    session.tries = 0;
    return tellReader(session.foreign ? "scorm.newer" : "scorm.kept");
  }
  // Not initialised: the session was dropped over there, or another API has taken the place of the one that we know.
  if (error === "301" || failed() === "301" || findApi() !== session.api) session.open = false;
  tellReader("scorm.trouble");
  return session.finished || tryLater();
}

/** Open the session and come back to the place that is kept there. @returns {boolean} whether the class system answers */
function connect() {
  session.api = findApi();
  const known = () => call("LMSGetValue", "cmi.core.lesson_status") !== "" && failed() === "0"; // opened by another copy of this page
  if (!session.api || (call("LMSInitialize", "") !== "true" && !known())) {
    tellReader(session.since ? "scorm.trouble" : "scorm.waiting");
    return false;
  }
  const told = (name) => call("LMSGetValue", name);
  const mode = told("cmi.core.lesson_mode");
  const count = mode === "review" ? "" : told("cmi.interactions._count");
  const place = told("cmi.suspend_data");
  const found = unpackCodes(tablesHere(), place);
  const score = Number(told("cmi.core.score.raw"));
  Object.assign(session, {
    sent: { "cmi.suspend_data": place }, others: found.others, foreign: found.foreign, mode, count: /^\d+$/.test(count) ? Number(count) : null,
    status: told("cmi.core.lesson_status"), score: score > 0 && score <= 100 ? score : 0,
    since: Date.now(), finished: false,
  });
  for (const answer of answers) delete answer.number;
  const again = Object.keys(found.traces).length > 0;
  if (again) hearTraces(found.traces);
  session.open = true;
  const cell = again && document.getElementById(told("cmi.core.lesson_location"));
  tellReader(mode === "review" ? "scorm.review" : mode === "browse" ? "scorm.browse" : session.foreign ? "scorm.newer" : again ? "scorm.resumed" : "scorm.open", cell && make("a", { href: `#${cell.id}` }, siteWord("scorm.go-on")));
  return true;
}

/** Close the session once: when the page goes, but not on "Leave now", which waits for nobody. */
function finish() {
  if (!session.open) return;
  session.finished = true;
  handOver();
  call("LMSFinish", "");
  session.open = false;
}

/** Note what is new in the record, and have it handed over. @param {string} from "here" or "elsewhere" */
function noteSteps(from) {
  for (const [id, trace] of Object.entries(record.traces).filter(([one]) => hostModels[one])) {
    const before = seenSteps.get(id) || 0;
    if (trace.length !== before) {
      const told = from === "here" ? trace.slice(before).map((step) => interactionOf(hostModels[id].get("table"), step)) : [];
      answers.push(...told.filter(Boolean).map((one) => ({ ...one, time: timeOfDay() })));
      seenSteps.delete(id);
      seenSteps.set(id, trace.length);
    }
  }
  if (session.due || !(session.open || from === "here")) return;
  session.due = true;
  handOverIn(AFTER_STEP);
}

/** Start the part. In a class system nothing is kept in the browser; outside of one the page is as on the site. */
function startClass() {
  const inside = Boolean(findApi()) || window.parent !== window;
  if (inside) record.mode = "class";
  startSite();
  if (!inside) return;
  [session.part] = courseParts();
  watchRecord(noteSteps);
  if (!connect()) tryLater();
  addEventListener("sk-leave", () => { session.left = true; setTimeout(finish, AFTER_LEAVING); });
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && !session.left) handOver(); });
  addEventListener("pagehide", () => { if (!session.left) finish(); });
  addEventListener("pageshow", (event) => { if (event.persisted && !connect()) tryLater(); });
}

export default { start: startClass, models: hostModels, record, codes: { packCodes, readCodes, unpackCodes, writeCodes, interactionOf }, findApi };
