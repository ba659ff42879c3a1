// Pages and decks without a kernel: find each exercise's place, read its text from the readable form, draw it live.
import { leaveDeck, leavePage, renderCare } from "./care.js";
import { renderScenario } from "./scenario.js";
import { renderQuiz } from "./quiz.js";
import { renderSort } from "./sort.js";

const RENDERERS = { scenario: renderScenario, quiz: renderQuiz, sort: renderSort, care: renderCare };

/** The models of this page by exercise id; tests compare their traces. @type {Record<string, any>} */
export const hostModels = {};

/** @param {Element | null} block a JSON block @param {any} none what to use where there is no block */
export const readBlock = (block, none) => (block ? JSON.parse(block.textContent) : none);

/** The same object that a notebook's widget offers. @param {Record<string, any>} data */
const hostModel = (data) => ({
  get: (key) => data[key],
  set(key, value) { data[key] = value; },
  save_changes() { /* nothing leaves the page */ },
});

/** The form's text, by id; the form stays the only place that holds it. A box may hold the first part of its ids. @param {Element} place */
function textsOf(place) {
  const text = {};
  for (const el of place.querySelectorAll("[data-t]")) {
    const box = el.closest("[data-in]");
    const id = box && place.contains(box) ? `${box.dataset.in}.${el.dataset.t}` : el.dataset.t;
    text[id] = el.textContent.replace(/\s+/g, " ").trim();
  }
  return text;
}

/** Draw one exercise live; if anything fails, its readable form stays. @param {any} place @param {any} shared */
function startOne(place, shared) {
  const live = document.createElement("div");
  live.className = "sk-live-part";
  try {
    const table = readBlock(place.querySelector('script[type="application/json"]'), null);
    if (/^(pause|turn-to)$/.test(table.kind)) return; // plain reading: the form is all
    const model = hostModel({ table, text: textsOf(place), trace: [], ...shared });
    place.append(live);
    RENDERERS[place.dataset.exercise]({ model, el: live });
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

/** Draw every exercise of this document once. @param {{ place?: string }} [options] "page" or "deck"; else seen from the document */
export function startHost({ place = document.querySelector(".reveal .slides") ? "deck" : "page" } = {}) {
  const block = (id, none) => readBlock(document.getElementById(id), none);
  const shared = { words: block("sk-words", {}), contacts: block("sk-contacts", []), place };
  for (const spot of document.querySelectorAll(".sk-exercise:not(.sk-live)")) startOne(spot, shared);
  wireLeave(shared);
}

export default { start: startHost, models: hostModels };
