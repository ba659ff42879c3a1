// A page of the site: its exercises, the learner's own record, how far this part is.
import { hostModels, readBlock, startHost } from "./host.js";
import { drawKeeping, keepTrace, listenElsewhere, lookAgain, record, stillFits, watchRecord } from "./keep.js";
import { cellInSight, drawLeft, noteDay, notePlace } from "./journey.js";

/** The parts that this page knows of. @returns {any[]} */
export const courseParts = () => readBlock(document.getElementById("sk-course"), { parts: [] }).parts;

/** A record kept elsewhere, in an exercise that is on this page. */
function showElsewhere() {
  for (const [id, model] of Object.entries(hostModels)) {
    const trace = record.traces[id] || [];
    if (JSON.stringify(trace) !== JSON.stringify(model.get("trace")) && stillFits(model.get("table"), trace)) model.hear(trace);
  }
}

/** Start the page. @param {{ renderers?: any, draw?: () => void }} [more] further kinds of exercise; what else to draw, now and after each change */
export function startSite({ renderers = {}, draw = () => {} } = {}) {
  const parts = courseParts();
  const left = document.getElementById("sk-left");
  if (location.protocol === "file:") for (const link of document.querySelectorAll("a.sk-leave")) link.href = "about:blank";
  lookAgain();
  const traceOf = (id, table) => {
    const trace = record.traces[id] || [];
    return stillFits(table, trace) ? trace : [];
  };
  const keep = (id, trace) => {
    keepTrace(id, trace);
    const place = left && [...document.querySelectorAll(".sk-exercise")].find((one) => one.dataset.id === id);
    if (place) notePlace(parts[0], place.closest(".sk-cell"));
  };
  startHost({ place: "page", renderers, traceOf, keep });
  const redraw = () => {
    if (left && parts[0]) drawLeft(left, parts[0]);
    draw();
  };
  watchRecord((from) => {
    if (from === "elsewhere") showElsewhere();
    else noteDay(parts);
    redraw();
  });
  const keeping = document.getElementById("sk-keep");
  if (keeping) drawKeeping(keeping);
  if (left && parts[0]) addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && record.mode !== "none") notePlace(parts[0], cellInSight()); });
  listenElsewhere();
  redraw();
}

export default { start: startSite, models: hostModels, record };
