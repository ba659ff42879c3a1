// The check of a part: eight questions of a try that was drawn in Python; the first answer to each counts.
import { make, openExercise } from "./dom.js";
import { frameExercise } from "./care.js";
import { hostModels } from "./host.js";
import { QUESTION_KINDS, playSet } from "./quiz.js";
import { SORT_KINDS } from "./sort.js";
import { siteWord } from "./keep.js";
import { startSite } from "./site.js";

const CHECK_KINDS = { ...QUESTION_KINDS, ...SORT_KINDS };

/**
 * The tries in a trace: each from its "try" to the next.
 * @param {any[]} trace @returns {{ series: number, number: number, steps: any[], ended: boolean }[]}
 */
export function triesOf(trace) {
  const tries = [];
  for (const step of trace) {
    if (step.do === "try") tries.push({ series: step.series, number: step.try, steps: [], ended: false });
    else if (tries.length) {
      const last = tries[tries.length - 1];
      last.steps.push(step);
      last.ended = last.ended || step.do === "end" || step.do === "skip";
    }
  }
  return tries;
}

/** Points of the first answers of one try by item. @param {any[]} steps @returns {Map<string, number>} */
export function firstPoints(steps) {
  const points = new Map();
  for (const step of steps) if (step.do === "answer" && !points.has(step.item)) points.set(step.item, step.points === 1 ? 1 : 0);
  return points;
}

const sumOf = (points) => [...points.values()].reduce((sum, one) => sum + one, 0);

/** Whether some try met the check. @param {{ need: number }} table @param {any[]} [trace] */
export const checkMet = ({ need }, trace) => triesOf(trace || []).some(({ steps }) => sumOf(firstPoints(steps)) >= need);

/** The items of one try, their parts in the order drawn. @param {any} table @param {number} series @param {number} number */
function itemsOfTry(table, series, number) {
  const rows = table.series[series % table.series.length];
  return rows[number % rows.length].map(([place, order]) => {
    const item = { ...table.items[place] };
    const part = ["options", "actions", "cases", "steps"].find((name) => item[name]);
    item[part] = [...order].map((digit) => item[part][Number(digit)]);
    return item;
  });
}

/** The result of a try: a sentence, and counts by objective, without a threshold. @param {any} ex @param {any[]} steps */
function resultOf(ex, steps) {
  const { table } = ex;
  const points = firstPoints(steps);
  const right = sumOf(points);
  if (points.size < table.of) return [make("p", {}, siteWord("check.stopped"))];
  const rows = table.objectives.map(([id, text]) => {
    const own = [...points].filter(([item]) => table.items.find((one) => one.id === item).objective === id);
    const got = own.reduce((sum, [, one]) => sum + one, 0);
    return own.length > 0 && make("li", {}, make("span", {}, text), " ", make("span.sk-blocks", { "aria-hidden": "true" }, own.map((_, place) => make(place < got ? "i.sk-on" : "i"))), " ", make("b", {}, siteWord("check.bar", { n: got, of: own.length })));
  });
  return [
    make("p.sk-result", {}, siteWord(right >= table.need ? "check.met" : "check.not-met", { n: right, of: table.of })),
    make("h5", {}, siteWord("check.bars")), make("ul.sk-bars", {}, rows.filter(Boolean)),
  ];
}

/** Before the first try, and between tries. @param {any} view */
function drawBetween(view) {
  const { ex, frame } = view;
  const tries = triesOf(ex.model.get("trace") || []);
  const last = tries[tries.length - 1];
  const met = checkMet(ex.table, ex.model.get("trace"));
  const go = make("button.sk-go", { click: () => { nextTry(view); drawTry(view, true); } }, siteWord(last ? "check.again" : "check.begin"));
  frame.draw([
    make("h4", {}, siteWord("check.title")),
    last ? resultOf(ex, last.steps) : make("p", {}, siteWord("check.needs", { need: ex.table.need })),
    met && make("p.sk-tags", {}, siteWord("check.met-before")),
    make("p.sk-quiet", {}, siteWord("check.first")),
  ], [make("p", {}, siteWord("check.key")), go]);
}

/** Enter the next try into the trace: the next of the series, which was drawn in view of those before it. @param {any} view */
function nextTry({ ex }) {
  const tries = triesOf(ex.model.get("trace") || []);
  const last = tries[tries.length - 1];
  const series = last ? last.series : Math.floor(Math.random() * ex.table.series.length);
  ex.say({ do: "try", series, try: last ? last.number + (last.steps.length > 0 ? 1 : 0) : 0 });
}

/** Play the open try as a set of questions; what is answered goes into the check's own trace. @param {any} view @param {boolean} [arrive] */
function drawTry(view, arrive) {
  const { ex } = view;
  const { series, number, steps } = triesOf(ex.model.get("trace")).slice(-1)[0];
  const data = { table: { ...ex.table, kind: "quiz", items: itemsOfTry(ex.table, series, number) }, trace: steps, place: ex.place };
  const inner = {
    get: (key) => (key in data ? data[key] : ex.model.get(key)),
    set(key, value) { data[key] = value; },
    save_changes() {
      const step = data.trace[data.trace.length - 1];
      ex.say(step);
      if (step.do === "end" || step.do === "skip") Promise.resolve().then(() => { clean(); drawCheck(view); });
    },
  };
  const spot = make("div", {});
  ex.el.replaceChildren(spot);
  const clean = playSet({ model: inner, el: spot }, CHECK_KINDS);
  const heading = arrive && spot.querySelector("h4");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
}

/** @param {any} view */
function drawCheck(view) {
  const { ex } = view;
  const last = triesOf(ex.model.get("trace") || []).slice(-1)[0];
  if (last && !last.ended) return drawTry(view);
  const moved = ex.el.contains(document.activeElement) || last;
  view.frame = frameExercise(ex, ex.t("title"));
  drawBetween(view);
  if (moved && view.drawn) {
    const heading = ex.el.querySelector("h4");
    heading.tabIndex = -1;
    heading.focus();
  }
  view.drawn = true;
}

/** @param {{ model: import("./dom.js").Model, el: HTMLElement }} drawn @returns {() => void} clean-up */
export function renderCheck(drawn) {
  const ex = openExercise(drawn);
  const view = { ex, frame: null, drawn: false };
  return ex.run(() => drawCheck(view));
}

/** A page with a check. */
const startCheck = () => startSite({ renderers: { check: renderCheck } });

export default { start: startCheck, models: hostModels, checkMet };
