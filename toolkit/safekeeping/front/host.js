// Pages and decks without a kernel: find each exercise's place, read its text from the readable form, draw it live.
import { leaveDeck, leavePage, renderCare } from "./care.js";
import { renderScenario } from "./scenario.js";
import { renderQuiz } from "./quiz.js";
import { renderSort } from "./sort.js";
import { tableOf, textsOf } from "./carried.js";

const RENDERERS = { scenario: renderScenario, quiz: renderQuiz, sort: renderSort, care: renderCare };

/** The models of this page by exercise id; tests compare their traces. @type {Record<string, any>} */
export const hostModels = {};

/** @param {Element | null} block a JSON block @param {any} none what to use where there is no block */
export const readBlock = (block, none) => (block ? JSON.parse(block.textContent) : none);

/**
 * The same object that a notebook's widget offers. Nothing leaves the page; `keep` hears of every step.
 * @param {Record<string, any>} data @param {(trace: any[]) => void} keep
 */
function hostModel(data, keep) {
  const listeners = new Set();
  return {
    get: (key) => data[key],
    set(key, value) { data[key] = value; },
    save_changes() { keep(data.trace); },
    on: (_, listen) => listeners.add(listen),
    off: (_, listen) => listeners.delete(listen),
    /** What another tab did, or a file holds. @param {any[]} trace */
    hear(trace) {
      data.trace = trace;
      for (const listen of listeners) listen();
    },
  };
}

/** The help lines: read from the list in the page, where there is one; else from a block. @param {any[]} block */
function contactsIn(block) {
  const list = [...document.querySelectorAll("[data-contacts] [data-contact]")].map((box) => {
    const read = (part) => (box.querySelector(part) || { textContent: "" }).textContent;
    const of = (part) => read(`[data-of="${part}"]`);
    return { id: box.dataset.contact, name: read("h4"), phone: of("phone"), text: of("text"), url: box.querySelector('[data-of="web"] a')?.getAttribute("href") ?? of("web"), hours: of("hours"), scope: of("scope"), status: read(".sk-quiet") };
  });
  return list.length ? list : block;
}

/** Draw one exercise live; if anything fails, its readable form stays. @param {any} place @param {any} shared @param {any} ways */
function startOne(place, shared, { keep, renderers, traceOf }) {
  const live = document.createElement("div");
  live.className = "sk-live-part";
  try {
    const carried = readBlock(place.querySelector('script[type="application/json"]'), null);
    // Plain reading: the form is all.
    if (/^(pause|turn-to)$/.test(carried.kind)) return;
    const { exercise, id } = place.dataset;
    const table = tableOf(carried);
    const model = hostModel({ table, text: textsOf(place, carried), trace: traceOf(id, table), ...shared }, (trace) => keep(id, trace));
    place.append(live);
    renderers[exercise]({ model, el: live });
    place.classList.add("sk-live");
    hostModels[place.dataset.id] = model;
  } catch (fault) {
    live.remove();
    console.warn(place.dataset.id, fault);
  }
}

/** The fixed control, and three presses of Escape; on a deck the control and the key x cover the screen. @param {any} shared */
function wireLeave({ words, place }) {
  const links = [...document.querySelectorAll("a.sk-leave")];
  const leave = place === "deck" ? () => leaveDeck(words["cover"]) : () => leavePage(links[0] ? links[0].href : "about:blank", words["close-tab"]);
  for (const link of links) link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let presses = [];
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (place === "deck") {
      if (event.key === "x" && !event.target.closest("input,textarea,select")) leave();
    } else if (event.key === "Escape") {
      presses = [...presses, event.timeStamp].slice(-3);
      if (presses.length === 3 && presses[2] - presses[0] < 1500) leave();
    } else presses = [];
  }, true);
}

/** What opens for paper; a claim's own sources do not, since the list at the end has them all. */
const ON_PAPER = ".sk-sign, .sk-fold, .sk-form details, [data-contacts] details";

/** On paper nothing can be opened, so signs, lists, short stories and help lines open for it, and what was closed closes again after. */
function wirePaper() {
  let opened = [];
  addEventListener("beforeprint", () => {
    const closed = [...document.querySelectorAll(ON_PAPER)].filter((one) => one.open === false);
    opened.push(...closed);
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });
}

/**
 * Draw every exercise of this document once.
 * @param {{ place?: string, keep?: (id: string, trace: any[]) => void, traceOf?: (id: string, table: any) => any[], renderers?: any }} [ways]
 *   "page" or "deck", else seen from the document; who hears of each step; what was done before; further kinds of exercise
 */
export function startHost({ place = document.querySelector(".reveal .slides") ? "deck" : "page", keep = () => {}, traceOf = () => [], renderers = {} } = {}) {
  const block = (id, none) => readBlock(document.getElementById(id), none);
  const shared = { words: block("sk-words", {}), contacts: contactsIn(block("sk-contacts", [])), place };
  for (const spot of document.querySelectorAll(".sk-exercise:not(.sk-live)")) startOne(spot, shared, { keep, traceOf, renderers: { ...RENDERERS, ...renderers } });
  wireLeave(shared);
  if (place === "page") wirePaper();
}

export default { start: startHost, models: hostModels };
