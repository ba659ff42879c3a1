// How far a learner is: what is done, how much is left, where to go on. It reads the record; it holds nothing itself.
import { make } from "./dom.js";
import { keepTrace, record, siteWord } from "./keep.js";

/**
 * A part as the page's data tells it.
 * @typedef {{ id: string, n: number, title: string, page: string, minutes: number, do: Record<string, number>, check?: any }} CoursePart
 */

const CLOSES = new Set(["end", "skip", "summary"]);

/** Gone through once, read as a summary, or skipped: each counts the same. @param {any[]} [trace] */
export const exerciseDone = (trace) => (trace || []).some((step) => CLOSES.has(step.do));

/** @param {CoursePart} part @param {Record<string, any[]>} traces */
export function partDone(part, traces) {
  const way = (traces[`note-${part.id}`] || []).slice(-1)[0];
  if (way && way.do !== "start") return true;
  const ids = Object.keys(part.do);
  return ids.length > 0 ? ids.every((id) => exerciseDone(traces[id])) : Boolean(way);
}

/** @param {CoursePart} part @param {Record<string, any[]>} traces */
export const partBegun = (part, traces) => [`note-${part.id}`, `check-${part.id}`, ...Object.keys(part.do)].some((id) => (traces[id] || []).length > 0);

/** Minutes of a part that are left, an estimate as the whole is. @param {CoursePart} part @param {Record<string, any[]>} traces */
export function minutesLeft(part, traces) {
  if (partDone(part, traces)) return 0;
  const spent = Object.entries(part.do).reduce((sum, [id, minutes]) => sum + (exerciseDone(traces[id]) ? minutes : 0), 0);
  return Math.max(5, Math.ceil((part.minutes - spent) / 5) * 5);
}

/** The reader's own day, as in a calendar. @param {number} [later] days from today */
export function dayOf(later = 0) {
  const now = new Date();
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + later);
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The days on which parts were done, by part. @param {Record<string, any[]>} traces @returns {Record<string, string>} */
export const doneDays = (traces) => Object.fromEntries((traces.course || []).filter((step) => step.do === "part").map((step) => [step.part, step.day]));

/** Note the day on which a part was done: what is taken up again later is counted from there. @param {CoursePart[]} parts */
export function noteDay(parts) {
  if (record.mode === "none") return;
  const days = doneDays(record.traces);
  for (const { id } of parts.filter((part) => partDone(part, record.traces) && !days[part.id])) {
    keepTrace("course", [...(record.traces.course || []), { do: "part", part: id, day: dayOf() }]);
  }
}

/** The section at the top of the screen; none at the head of the page. @returns {Element | undefined} */
export const cellInSight = () => (scrollY < 200 ? undefined : [...document.querySelectorAll("main > .sk-cell")].find((cell) => cell.getBoundingClientRect().bottom > 90));

/** Remember the place in the text; only the last one. @param {CoursePart} part @param {Element | null | undefined} cell */
export function notePlace(part, cell) {
  const last = (record.traces.reading || []).slice(-1)[0];
  if (!cell || (last && last.part === part.id && last.cell === cell.id)) return;
  keepTrace("reading", [{ do: "at", part: part.id, cell: cell.id }]);
}

/** The line at the head of a part. @param {HTMLElement} root @param {CoursePart} part */
export function drawLeft(root, part) {
  const left = minutesLeft(part, record.traces);
  const begun = partBegun(part, record.traces);
  root.textContent = left === 0 ? siteWord("keep.left-none") : begun ? siteWord("keep.left-part", { n: left }) : "";
}

/** Where to go on: the place read last, else the first part that is not done. @param {CoursePart[]} parts */
function nextStep(parts) {
  const { traces } = record;
  const last = (traces.reading || []).slice(-1)[0];
  const at = last && parts.find((part) => part.id === last.part && !partDone(part, traces));
  if (at) return { part: at, href: `${at.page}#${encodeURIComponent(last.cell)}` };
  const open = parts.filter((one) => !partDone(one, traces));
  const part = open.find((one) => partBegun(one, traces)) || open[0];
  return part ? { part, href: part.page } : null;
}

/** All parts with how far each is, and one way on. @param {HTMLElement} root @param {CoursePart[]} parts @param {(part: CoursePart) => boolean} met */
export function drawJourney(root, parts, met) {
  const { traces } = record;
  const any = parts.some((part) => partBegun(part, traces)) || Boolean(traces.reading);
  const w = siteWord;
  for (const spot of document.querySelectorAll("[data-state-of]")) {
    const part = parts.find((one) => one.id === spot.dataset.stateOf);
    const words = [partDone(part, traces) ? "done" : partBegun(part, traces) ? "begun" : "none", met(part) && "met"].filter(Boolean);
    spot.textContent = any ? words.map((word) => w(`keep.status-${word}`)).join(", ") : "";
    spot.classList.toggle("sk-done", any && words[0] === "done");
  }
  const step = nextStep(parts);
  const left = parts.reduce((sum, part) => sum + minutesLeft(part, traces), 0);
  root.replaceChildren(...(any ? [
    step ? make("a.sk-go", { href: step.href }, w(partBegun(step.part, traces) || step.href.includes("#") ? "keep.go-on" : "keep.begin", { title: step.part.title })) : make("p", {}, w("keep.all-done")),
    step && make("p.sk-quiet", {}, left > 90 ? w("keep.left-course-hours", { n: Math.round(left / 60) }) : w("keep.left-course", { n: left })),
  ].filter(Boolean) : []));
}
