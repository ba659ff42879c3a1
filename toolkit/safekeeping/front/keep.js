// The learner's own record on the site: kept nowhere unless chosen, in the format of the notebooks' file, erasable at once.
import { make } from "./dom.js";
import { readBlock } from "./host.js";

const PROGRESS_KEY = "course-progress";
const PROGRESS_FILE = "course-progress.json";
const PROGRESS_VERSION = 1;
const LARGEST_FILE = 5000000; // bytes

/** All that is known of what was done: traces by exercise id; in a class system ("class") the browser keeps nothing. @type {{ traces: Record<string, any[]>, mode: string, trouble: string }} */
export const record = { traces: {}, mode: "none", trouble: "" };

const watchers = [];

/** Be told whenever the record changes; `from` is "here" or "elsewhere". @param {(from: string) => void} watcher */
export const watchRecord = (watcher) => watchers.push(watcher);
const changed = (from) => watchers.forEach((watcher) => watcher(from));

/** One word of the site's own surface, with its {blanks} filled. @param {string} key @param {Record<string, any>} [fill] */
export const siteWord = (key, fill = {}) => (readBlock(document.getElementById("sk-words"), {})[key] || "").replace(/\{(\w+)\}/g, (_, name) => fill[name]);

const isTrace = (value) => Array.isArray(value) && value.every((step) => step && typeof step === "object" && typeof step.do === "string");

/**
 * What a stored or opened text holds: traces, or what is wrong with it. The same rules as the notebooks' progress.py.
 * @param {string} text @returns {{ traces?: Record<string, any[]>, wrong?: "bad" | "newer" | "large" }}
 */
export function readProgress(text) {
  if (text.length > LARGEST_FILE) return { wrong: "large" };
  let data = null;
  try { data = JSON.parse(text); } catch (fault) { return { wrong: "bad" }; }
  const version = data && typeof data === "object" ? data.safekeeping_progress : null;
  if (!Number.isInteger(version) || version < 1) return { wrong: "bad" };
  if (version > PROGRESS_VERSION) return { wrong: "newer" };
  const { traces } = data;
  if (!traces || typeof traces !== "object" || Array.isArray(traces) || !Object.values(traces).every(isTrace)) return { wrong: "bad" };
  return { traces: Object.fromEntries(Object.entries(traces)) };
}

/** The text of a progress file, as the notebooks write it. @param {Record<string, any[]>} traces */
export const progressText = (traces) => JSON.stringify({
  safekeeping_progress: PROGRESS_VERSION, traces: Object.fromEntries(Object.keys(traces).sort().map((id) => [id, traces[id]])),
}, null, 1);

/** Two records of one exercise as one: what both begin with, then what theirs has more, then ours. Nothing is lost. @param {any[]} ours @param {any[]} theirs */
export function joinTraces(ours, theirs) {
  const same = (step, place) => JSON.stringify(step) === JSON.stringify(theirs[place]);
  let shared = 0;
  while (shared < ours.length && shared < theirs.length && same(ours[shared], shared)) shared += 1;
  return [...theirs, ...ours.slice(shared)];
}

/** Every exercise of both; ids that this version of the course does not know stay. Of the place in the text only the newest counts. */
function joinRecords(ours, theirs) {
  const joined = new Map(Object.entries(theirs));
  for (const [id, trace] of Object.entries(ours)) joined.set(id, id !== "reading" && joined.has(id) ? joinTraces(trace, joined.get(id)) : trace);
  return Object.fromEntries(joined);
}

/** The names of all parts of an item: options, actions, cases or steps. @param {any} item */
const partsOfItem = (item) => [...(item.options || []), ...(item.actions || []), ...(item.cases || []), ...(item.steps || [])];

/** Whether one step names only what the exercise still has. @param {any} table @param {any} step */
function stepFits(table, step) {
  if (table.states && step.state) {
    const state = new Map(Object.entries(table.states)).get(step.state);
    return Boolean(state) && (step.do !== "choose" || state.options.some((one) => one.id === step.option));
  }
  if (!step.item) return true;
  const item = (table.items || []).find((one) => one.id === step.item);
  const named = typeof step.answer === "string" ? [step.answer] : Array.isArray(step.answer) ? step.answer : Object.keys(Object(step.answer));
  return Boolean(item) && named.every((part) => partsOfItem(item).includes(part));
}

/** Whether a trace still fits: a course that was updated may have other points, options or items. @param {any} table @param {any[]} trace */
export const stillFits = (table, trace) => trace.every((step) => stepFits(table, step));

const storeOf = (mode) => (mode === "tab" ? sessionStorage : localStorage);
const storing = () => record.mode === "tab" || record.mode === "device";

/** The browser may refuse even to name its storage. @param {string} mode @returns {string | null | undefined} undefined where it may not be read */
function stored(mode) {
  try { return storeOf(mode).getItem(PROGRESS_KEY); } catch (refused) { return undefined; }
}

/** Join what is stored with what is known here, and store it; whatever goes wrong, what was stored before stays. */
function writeRecord() {
  if (!storing() || record.trouble === "foreign") return;
  const there = stored(record.mode);
  const read = typeof there === "string" ? readProgress(there) : {};
  if (read.wrong) { record.trouble = "foreign"; return; }
  record.traces = joinRecords(record.traces, read.traces || {});
  try {
    storeOf(record.mode).setItem(PROGRESS_KEY, progressText(record.traces));
    record.trouble = "";
  } catch (refused) {
    record.trouble = there === undefined ? "blocked" : "full";
  }
}

/** Forget here what was erased in another tab or by another program. */
function forget() {
  Object.assign(record, { traces: {}, mode: "none", trouble: "" });
  changed("elsewhere");
}

/** Look at what the browser holds: at the start, when another tab wrote, and when the page comes back to sight. */
export function lookAgain() {
  if (record.mode === "class") return;
  const [device, tab] = [stored("device"), stored("tab")];
  const mode = typeof device === "string" ? "device" : typeof tab === "string" ? "tab" : "none";
  if (mode === "none") {
    if (record.mode !== "none") forget();
    return;
  }
  const read = readProgress(mode === "device" ? device : tab);
  if (read.wrong) { Object.assign(record, { mode: "none", trouble: "foreign" }); return changed("here"); }
  const before = JSON.stringify(record.traces);
  const unsaved = record.mode === mode && !record.trouble ? {} : record.traces;
  Object.assign(record, { mode, trouble: "", traces: joinRecords(unsaved, read.traces) });
  if (before !== JSON.stringify(record.traces)) changed("elsewhere");
}

/** One exercise went on. @param {string} id @param {any[]} trace */
export function keepTrace(id, trace) {
  if (storing() && stored(record.mode) === null) { // erased elsewhere meanwhile: it stays erased
    Object.assign(record, { traces: {}, mode: "none" });
  }
  record.traces = { ...record.traces, [id]: trace };
  writeRecord();
  changed(record.traces[id] === trace || record.traces[id].length === trace.length ? "here" : "elsewhere"); // another tab was in the same exercise
}

/** Take in what a class system or a file holds; nothing that was done here is lost. @param {Record<string, any[]>} traces */
export function hearTraces(traces) {
  record.traces = joinRecords(record.traces, traces);
  changed("elsewhere");
}

/** Begin to keep. @param {string} mode "tab" or "device" */
function startKeeping(mode) {
  const other = mode === "tab" ? "device" : "tab";
  record.mode = mode;
  writeRecord();
  if (record.trouble) record.mode = "none";
  else try { storeOf(other).removeItem(PROGRESS_KEY); } catch (refused) { /* then there is nothing to remove */ }
  changed("here");
}

/** In one action: both stores, and what this page knows. A foreign thing under the same name is not ours to erase. */
function eraseAll() {
  for (const mode of ["device", "tab"]) {
    const there = stored(mode);
    if (typeof there === "string" && !readProgress(there).wrong) storeOf(mode).removeItem(PROGRESS_KEY);
  }
  const foreign = record.trouble === "foreign";
  Object.assign(record, { traces: {}, mode: "none", trouble: foreign ? "foreign" : "" });
  changed("elsewhere");
}

/** Hand a text to the browser's downloads. @param {string} name @param {string} kind @param {string} text */
export function saveFile(name, kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** @param {File} file @param {(key: string) => void} tell */
async function openFile(file, tell) {
  const read = file.size > LARGEST_FILE ? { wrong: "large" } : readProgress(await file.text());
  if (read.wrong) return tell(`keep.opened-${read.wrong}`);
  record.traces = joinRecords(record.traces, read.traces);
  if (record.mode === "none" && record.trouble !== "foreign") startKeeping("tab");
  else writeRecord();
  changed("elsewhere");
  return tell("keep.opened");
}

/** The controls of the record, in place. @param {HTMLElement} root */
export function drawKeeping(root) {
  const w = siteWord;
  const status = make("p.sk-status", { role: "status" });
  const body = make("div.sk-keeping", {});
  const tell = (key) => { status.textContent = w(key); };
  const warned = { now: false };
  const button = (key, click) => make("button.sk-act", { click }, w(key));
  const device = () => {
    if (location.protocol === "file:" && !warned.now) {
      warned.now = true;
      draw();
      return tell("keep.keep-file-warning");
    }
    status.textContent = "";
    return startKeeping("device");
  };
  const input = make("input", { type: "file", accept: ".json,application/json", change: (event) => { const [file] = event.target.files; if (file) openFile(file, tell); } });
  const opener = make("label.sk-file", {}, make("span", {}, w(record.mode === "class" ? "keep.open-class" : "keep.open")), input);
  function draw() {
    const { mode, trouble, traces } = record;
    const held = document.activeElement && body.contains(document.activeElement) ? document.activeElement.textContent : null;
    const any = storing() || Object.keys(traces).length > 0;
    body.replaceChildren(...[
      make("p", {}, w(`keep.state-${trouble || mode}`)),
      make("div.sk-acts-row", {},
        mode === "none" && trouble !== "foreign" && button("keep.keep-tab", () => startKeeping("tab")),
        (mode === "none" || mode === "tab") && trouble !== "foreign" && button(warned.now ? "keep.keep-anyway" : "keep.keep-device", device),
        any && button("keep.save", () => { saveFile(PROGRESS_FILE, "application/json", progressText(traces)); tell("keep.saved"); }),
        any && mode !== "class" && button("keep.erase", () => { eraseAll(); warned.now = false; draw(); tell("keep.erased"); })),
    ]);
    if (held === null) return;
    const again = [...body.querySelectorAll("button")];
    const next = again.find((one) => one.textContent === held) || again[0]; // the focus does not fall out of the page
    if (next) next.focus();
  }
  watchRecord(draw);
  draw();
  root.append(body, opener, status);
}

/** Other tabs, and pages that the browser kept for the back button. */
export function listenElsewhere() {
  addEventListener("storage", (event) => { if (event.key === PROGRESS_KEY || event.key === null) lookAgain(); });
  addEventListener("pageshow", (event) => { if (event.persisted) lookAgain(); });
}
