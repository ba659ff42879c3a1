// A branching story: look up the table, draw, report. No rule lives here.
import { arriveAt, listOf, make, openExercise, unseen } from "./dom.js";
import { frameExercise, noteOf } from "./care.js";

/**
 * Where a person stands in a story: the choices so far, and whether the last one has been read ("moved").
 * @typedef {{ mode: string, from: string, path: [string, string][], moved: boolean, ended: boolean }} Way
 */

/** Read the trace again from its beginning. @param {any} table @param {any[]} trace @returns {Way} */
export function followTrace(table, trace) {
  const way = { mode: "note", from: table.start, path: [], moved: false, ended: false };
  for (const step of trace || []) stepOn(table, way, step);
  return way;
}

/** One step of the trace. @param {any} table @param {Way} way @param {any} step */
export function stepOn(table, way, step) {
  way.mode = step.do === "summary" || step.do === "skip" ? step.do : "start";
  way.ended = way.moved = step.do === "end";
  if (step.do === "choose") way.path.push([step.state, step.option]);
  if (step.do === "back") {
    way.path.pop();
    way.moved = way.path.length > 0;
  }
  if (step.do === "replay") {
    const place = way.path.findIndex(([state]) => state === step.state);
    if (place < 0) way.from = step.state;
    way.path.length = Math.max(place, 0);
    way.moved = place > 0;
  }
}

/** The table with its text ids, which follow from the ids of node and option and so travel in no table. @param {any} table */
function unfoldTable(table) {
  const states = {};
  for (const [key, state] of Object.entries(table.states)) {
    const own = (part) => `${state.node}.${part}`;
    const row = (part) => Array.from({ length: state[part] || 0 }, (_, place) => own(`${part}.${place}`));
    const option = (one) => ({ ...one, text: own(`${one.id}.text`), consequence: own(`${one.id}.consequence`), feedback: own(`${one.id}.feedback`) });
    states[key] = {
      ...state, title: own("title"), question: own("question"), aloud: state.aloud && own("aloud"), known: row("known"), unknown: row("unknown"),
      texts: [own("text"), ...(state.extras || []).map((place) => own(`extras.${place}.text`))], options: (state.options || []).map(option),
    };
  }
  return { ...table, states };
}

/** @param {any} table @param {[string, string]} choice */
const optionOf = (table, [state, id]) => table.states[state].options.find((option) => option.id === id);

/** The state on screen. @param {any} table @param {Way} way */
export function hereOf(table, { path, from, moved }) {
  const last = path[path.length - 1];
  if (!last) return from;
  return moved ? optionOf(table, last).to : last[0];
}

/** The node's name. @param {any} view @param {string} state */
const nameOf = ({ ex }, state) => ex.t(`${ex.table.states[state].node}.title`);

/** Take a step: report it, follow it, draw. @param {any} view @param {any} step */
function go(view, step) {
  view.ex.say(step);
  stepOn(view.ex.table, view.way, step);
  drawStory(view);
}

/** The quiet line at the foot of every step. @param {any} view */
const footOf = ({ ex }) => make("p", {}, ex.t("fictional") || ex.w("fictional"));

/** Known and not known, side by side. @param {any} view @param {any} state */
function factsOf({ ex }, state) {
  const column = (word, ids) => ids && ids.length > 0 && make("div", {}, make("h5", {}, ex.w(word)), listOf("ul", ids.map(ex.t)));
  return make("div.sk-two", {}, column("known", state.known), column("unknown", state.unknown));
}

/** The story at this point: what happens, what is known, the question and its three answers. @param {any} view */
function drawScene(view) {
  const { ex, frame, way } = view;
  const { t, w } = ex;
  const key = hereOf(ex.table, way);
  const state = ex.table.states[key];
  const last = way.path[way.path.length - 1];
  const taken = last && !way.moved ? last[1] : null;
  const options = state.options.map((option, place) => optionButton(view, key, option, place));
  const outcome = make("div.sk-outcome", {});
  frame.draw([
    make("h4.sk-scene", {}, nameOf(view, key) || w("scene")),
    state.repair && make("p.sk-mend", {}, w("repair")),
    state.texts.map((id) => make("p", {}, t(id))),
    factsOf(view, state),
    state.aloud && make("div.sk-aloud", {}, make("h5", {}, w("aloud")), make("p", {}, t(state.aloud))),
    make("fieldset", {}, make("legend", {}, t(state.question)), options),
    outcome,
  ], [footOf(view)]);
  Object.assign(view, { options, outcome, told: make("div", { role: "status" }) });
  outcome.append(view.told);
  if (taken) showOutcome(view, optionOf(ex.table, last));
}

/** An answer: an action, so a button. @param {any} view @param {string} key @param {any} option @param {number} place */
function optionButton(view, key, option, place) {
  const choose = () => {
    if (view.outcome.classList.contains("sk-open")) return;
    const step = { do: "choose", state: key, option: option.id };
    view.ex.say(step);
    stepOn(view.ex.table, view.way, step);
    countDecisions(view);
    showOutcome(view, option);
    arriveAt(view.outcome.querySelector("h4"), view.outcome);
  };
  return make("button.sk-opt", { "data-option": option.id, click: choose },
    make("b", {}, "ABCDEFGH"[place]), make("span", {}, " ", view.ex.t(option.text)));
}

/**
 * What follows a choice, in place. The options stay, the chosen one marked in words too.
 * Focus goes to the heading, not to "Go on": a second press of the same key then changes nothing, the text is
 * read from its beginning, and the next Tab is "Go on". The status region was there before and holds the text only.
 * @param {any} view @param {any} option
 */
function showOutcome(view, option) {
  const { ex, options, outcome, told, frame } = view;
  const { t, w } = ex;
  for (const button of options) {
    const mine = button.dataset.option === option.id;
    button.setAttribute("aria-disabled", "true");
    button.tabIndex = -1;
    button.classList.toggle("sk-taken", mine);
    if (mine) button.lastChild.append(make("em.sk-tag", {}, ` ${w("your-choice")}`));
  }
  const undo = make("button.sk-text", { click: () => undoChoice(view) }, w("change"));
  const tags = (option.principles || []).map((id) => ex.table.principles[id]).join(", ");
  outcome.classList.add("sk-open");
  outcome.prepend(undo, make("h4", {}, w("outcome")));
  told.append(make("p", {}, t(option.consequence)),
    make("div.sk-fb", {}, tags && make("p.sk-tags", {}, unseen(`${w("principles")}: `), tags), make("p", {}, t(option.feedback))));
  frame.foot.append(make("button.sk-go", { click: () => moveOn(view) }, w("go-on")));
}

/** Take back the last choice and stand before it again. @param {any} view */
function undoChoice(view) {
  const [key, id] = view.way.path[view.way.path.length - 1];
  go(view, { do: "back", state: key });
  view.frame.tell(view.ex.w("undone"));
  arriveAt(view.options.find((button) => button.dataset.option === id));
}

/** The next scene or ending. @param {any} view */
function moveOn(view) {
  view.way.moved = true;
  const key = hereOf(view.ex.table, view.way);
  if (view.ex.table.states[key].ending) go(view, { do: "end", state: key });
  else drawStory(view);
}

/** @param {any} view */
function countDecisions({ ex, frame, way }) {
  const n = way.path.length;
  frame.mark(n, ex.w(n === 1 ? "decision" : "decisions", { n }));
}

/** One headed part of the debrief. @param {any} ex @param {string} id @param {any} [before] */
const debriefPart = (ex, id, before) => make("div.sk-part", {}, make("h5", {}, ex.w(`debrief-${id}`)), before, make("p", {}, ex.t(`debrief.${id}`)));

/** How it ended, and the debrief's first part; the other four wait until they are wanted. @param {any} view */
function drawEnding(view) {
  const { ex, frame, way } = view;
  const key = hereOf(ex.table, way);
  const state = ex.table.states[key];
  const more = make("button.sk-go", { click: () => drawDebrief(view) }, ex.w("look-back"));
  const back = state.replay && stateNamed(view, state.replay);
  frame.draw([
    make("h4.sk-end", {}, make("span.sk-eyebrow", {}, ex.w("ending")), " ", ex.t(state.title)),
    state.texts.map((id) => make("p", {}, ex.t(id))),
    state.aloud && make("div.sk-aloud", {}, make("h5", {}, ex.w("aloud")), make("p", {}, ex.t(state.aloud))),
    debriefPart(ex, "settle"),
    back && make("p.sk-invite", {}, ex.w("invite", { name: nameOf(view, back) }), " ", replayButton(view, back)),
  ], [footOf(view), more]);
}

/** The state on the person's way that stands for a node, else the first of that node. @param {any} view @param {string} node */
function stateNamed({ ex, way }, node) {
  const { states } = ex.table;
  const known = way.path.map(([state]) => state).find((state) => states[state].node === node);
  return known || (states[node] ? node : Object.keys(states).find((state) => states[state].node === node));
}

/** @param {any} view @param {string} state */
const replayButton = (view, state) => make("button.sk-text", {
  "aria-label": `${view.ex.w("replay")}: ${nameOf(view, state)}`, click: () => go(view, { do: "replay", state }),
}, view.ex.w("replay"));

/** The rest of the debrief, then the ways and, only now, the map. @param {any} view */
function drawDebrief(view) {
  const { ex, frame } = view;
  const { t, w } = ex;
  frame.draw([
    make("h4", {}, w("look-back")),
    debriefPart(ex, "facts", t("kind") && make("p", {}, t("kind"))),
    ["choices", "principle", "action"].map((id) => debriefPart(ex, id)),
    waysOf(view),
    t("basis") && make("p.sk-quiet", {}, t("basis")),
  ], [footOf(view), make("button.sk-go", { click: () => go(view, { do: "replay", state: ex.table.start }) }, w("again"))]);
}

/** The person's choices beside the authors', by point in the story; no score. @param {any} view */
function waysOf(view) {
  const { ex, way } = view;
  const { t, w, table } = ex;
  const authors = new Map(table.authors.map((choice) => [table.states[choice[0]].node, optionOf(table, choice)]));
  const steps = way.path.map((choice) => {
    const theirs = authors.get(table.states[choice[0]].node);
    const same = theirs && theirs.id === choice[1];
    return [
      make("strong", {}, nameOf(view, choice[0])), make("p", {}, t(optionOf(table, choice).text)),
      make("p.sk-quiet", {}, w(same ? "way-same" : theirs ? "way-other" : "way-elsewhere"), !same && theirs ? ` ${t(theirs.text)}` : ""),
      replayButton(view, choice[0]),
    ];
  });
  const named = new Set(way.path.flatMap((choice) => optionOf(table, choice).principles || []));
  const theirs = table.authors.map((choice) => [make("strong", {}, nameOf(view, choice[0])), make("p", {}, t(optionOf(table, choice).text))]);
  return [
    make("h4", {}, w("ways")), make("p", {}, w("ways-lead")), mapOf(view, authors),
    make("h5", {}, w("way-yours")), make("ol.sk-steps", {}, steps.map((step) => make("li", {}, step)), make("li", {}, make("strong", {}, nameOf(view, hereOf(table, way))))),
    make("details", {}, make("summary", {}, w("way-authors")), make("div.sk-steps", {}, listOf("ol", theirs))),
    named.size > 0 && make("p", {}, `${w("principles-met")} ${[...named].map((id) => table.principles[id]).join(", ")}.`),
  ];
}

/** A line of the map. @param {string} name @param {Record<string, any>} has */
function drawShape(name, has) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(has)) shape.setAttribute(key, value);
  return shape;
}

/**
 * The whole story from left to right: the authors' way in the first row (a quarter of the height), all else below.
 * So a line from cell to cell is a share of the box and needs no measuring. For a screen reader it is one picture
 * whose sentence names the points; the list under it says the same with all choices.
 * @param {any} view @param {Map<string, any>} authors
 */
function mapOf(view, authors) {
  const { ex, way } = view;
  const { w, table } = ex;
  const { columns, edges } = table.map;
  const nodeOf = (state) => table.states[state].node;
  const edgesOf = (path) => new Set(path.map((choice) => `${nodeOf(choice[0])} ${choice[1]} ${nodeOf(optionOf(table, choice).to)}`));
  const [mine, theirs] = [way.path, table.authors].map(edgesOf);
  const nodes = [...way.path.map(([state]) => nodeOf(state)), nodeOf(hereOf(table, way))];
  const spot = {};
  const last = optionOf(table, table.authors[table.authors.length - 1]).to;
  const first = (column) => column.find((node) => authors.has(node) || node === nodeOf(last));
  const cell = (node) => make("div", {}, node && make("span", { class: nodes.includes(node) && "sk-on" }, ex.t(`${node}.title`)));
  const cells = columns.map((column, place) => {
    const x = (100 * (place + 0.5)) / columns.length;
    const top = first(column);
    const rest = column.filter((node) => node !== top);
    spot[top] = [x, 12.5];
    rest.forEach((node, y) => { spot[node] = [x, 25 + (75 * (y + 0.5)) / rest.length]; });
    return make("div", {}, cell(top), make("div.sk-rest", {}, rest.map(cell)));
  });
  const lines = drawShape("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" });
  const rank = (edge) => (mine.has(edge.join(" ")) ? 2 : Number(theirs.has(edge.join(" "))));
  for (const edge of [...edges].sort((one, two) => rank(one) - rank(two))) {
    const [[x1, y1], [x2, y2]] = [spot[edge[0]], spot[edge[2]]];
    const turn = (x1 + x2) / 2;
    lines.append(drawShape("path", { d: `M${x1} ${y1}C${turn} ${y1} ${turn} ${y2} ${x2} ${y2}`, class: ["sk-others", "sk-theirs", "sk-yours"][rank(edge)] }));
  }
  const others = columns.flat().filter((node) => !nodes.includes(node));
  const named = (list) => list.map((node) => ex.t(`${node}.title`)).join(", ");
  const label = w("map-text", { yours: named(nodes), others: named(others) });
  const key = ["yours", "theirs", "others"].map((kind) => make("li", {}, make(`i.sk-${kind}`, {}), w(`map-${kind}`)));
  return make("div.sk-map", {},
    make("div.sk-scroll", { tabindex: 0, role: "group", "aria-label": w("map") }, make("div.sk-grid", { role: "img", "aria-label": label }, lines, cells)),
    make("ul.sk-key", { "aria-hidden": "true" }, key));
}

/** Before the story: what comes, and three equal ways on. @param {any} view */
function drawNote(view) {
  const { ex, frame, way } = view;
  const note = noteOf(ex, [make("p.sk-quiet", {}, ex.t("role") || ex.t("setting"))], (taken) => {
    if (taken === "start") return go(view, { do: "start" });
    ex.say({ do: taken });
    note.show(taken);
  });
  frame.draw(note.parts, [footOf(view)]);
  if (way.mode !== "note") note.show(way.mode);
}

/** Draw where the person stands. @param {any} view */
function drawStory(view) {
  const { ex, way } = view;
  countDecisions(view);
  if (way.mode !== "start") drawNote(view);
  else if (ex.table.states[hereOf(ex.table, way)].ending) drawEnding(view);
  else drawScene(view);
}

/** @param {{ model: import("./dom.js").Model, el: HTMLElement }} drawn @returns {() => void} clean-up */
export function renderScenario(drawn) {
  const ex = openExercise(drawn);
  ex.table = unfoldTable(ex.table);
  return ex.run(() => drawStory({ ex, frame: frameExercise(ex, ex.t("title")), way: followTrace(ex.table, ex.model.get("trace")) }));
}

export default { render: renderScenario };
