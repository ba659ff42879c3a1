// Questions, one at a time: answer, check, read why, go on. Marks and order come compiled in the table.
import { arriveAt, freshId, listOf, make, openExercise, setOn } from "./dom.js";
import { frameExercise } from "./care.js";

/**
 * One native radio group.
 * @param {string} legend @param {[string, any[], string?][]} choices value, what its label shows, and its name where it shows less @param {string} look class of each label
 * @param {string} [value] the value taken before
 */
export function radioGroup(legend, choices, look, value) {
  const name = freshId();
  const rows = choices.map(([each, label, spoken]) => {
    const input = make("input", { type: "radio", name, value: each, "aria-label": spoken });
    input.checked = each === value;
    return [each, input, make("label", { class: look }, input, make("span", {}, label))];
  });
  const el = make("fieldset", {}, make("legend", {}, legend), make("div.sk-set", {}, rows.map((row) => row[2])));
  const chosen = () => rows.find((row) => row[1].checked);
  return {
    el,
    value: () => (chosen() ? chosen()[0] : null),
    /** Go to the group, where an answer is missing, and mark it until it is answered. */
    ask() {
      el.classList.add("sk-open");
      el.addEventListener("change", () => el.classList.remove("sk-open"), { once: true });
      arriveAt(rows[0][1], el);
    },
    /** No more changes; the chosen one stays marked, not by colour alone. @param {Record<string, string>} [tags] */
    lock(tags = {}) {
      for (const [each, input, label] of rows) {
        input.disabled = true;
        label.classList.toggle("sk-taken", input.checked);
        if (tags[each]) label.lastChild.append(make("em.sk-tag", {}, ` ${tags[each]}`));
      }
    },
  };
}

/**
 * A rating in whole numbers, its two ends in words.
 * @param {any} ex @param {string} legend @param {number} top @param {string} ends key of the end words @param {any} [value]
 */
function ratingGroup(ex, legend, top, ends, value) {
  const [low, high] = [ex.w(`${ends}-low`), ex.w(`${ends}-high`)];
  const numbers = Array.from({ length: top }, (_, place) => String(place + 1));
  const spoken = { 1: `1, ${low}`, [top]: `${top}, ${high}` };
  const group = radioGroup(legend, numbers.map((n) => [n, [n], spoken[n]]), "sk-num", value && String(value));
  group.el.append(make("p.sk-ends", { "aria-hidden": "true" }, make("span", {}, `1 ${low}`), make("span", {}, `${top} ${high}`)));
  return { ...group, value: () => (group.value() ? Number(group.value()) : null) };
}

/** Several groups read as one answer by part. @param {[string, any][]} groups */
export const answerOf = (groups) => Object.fromEntries(groups.map(([part, group]) => [part, group.value()]));

/** The first group without an answer. @param {any[]} groups */
export const missingOf = (groups) => groups.find((group) => group.value() === null);

/** A rating or sorting counts as a whole: 1 if every part has its point. @param {any} item @param {Record<string, any>} answer */
export const wholeOf = (item, answer) => Number(Object.keys(answer).every((part) => item.marks[part][answer[part]].points));

/**
 * A kind of question: `ask` draws it and gives { parts, groups?, read, lock? }; `points` marks an answer;
 * `why` draws what is shown after it. An answer that is not to be reported is kept by `own` alone.
 */
export const QUESTION_KINDS = {
  MC: {
    ask({ ex, item, text, value }) {
      const group = radioGroup(text("stem"), item.options.map((id) => [id, [text(`${id}.text`)]]), "sk-opt", value);
      const key = item.options.find((id) => item.marks[id].key);
      const lock = () => group.lock({ [key]: ex.w("authors-choice"), [group.value()]: ex.w(group.value() === key ? "both-choice" : "your-choice") });
      return { parts: group.el, groups: [group], read: () => group.value(), lock };
    },
    points: (item, answer) => item.marks[answer].points,
    heading: (item, answer) => (item.marks[answer].key ? "same-choice" : "other-choice"),
    why({ ex, item, text }, answer) {
      const rest = item.options.filter((id) => id !== answer).map((id) => [make("strong", {}, text(`${id}.text`)), make("p", {}, text(`${id}.rationale`))]);
      return [make("div.sk-fb", {}, make("p", {}, text(`${answer}.rationale`))), detailsOf(ex.w("others-why"), rest)];
    },
  },
  SJ: {
    ask({ ex, item, text, value = {} }) {
      const rows = item.actions.map((id) => [id, ratingGroup(ex, text(`${id}.text`), 5, "fit", value[id])]);
      const groups = rows.map((row) => row[1]);
      return { parts: [make("p.sk-stem", {}, text("stem")), groups.map((group) => group.el)], groups, read: () => answerOf(rows) };
    },
    points: wholeOf,
    heading: () => "compare",
    why: ({ ex, item, text }, answer) => item.actions.map((id) => make("div.sk-fb", {},
      make("p", {}, make("strong", {}, text(`${id}.text`))),
      make("p.sk-tags", {}, ex.w("fit-both", { yours: answer[id], theirs: item.keys[id] }), " ", ex.w(`side-${item.marks[id][answer[id]].side}`)),
      make("p", {}, text(`${id}.rationale`)))),
  },
  MR: {
    ask({ ex, text, value }) {
      const group = ratingGroup(ex, text("stem"), 6, "agree", value);
      return { parts: group.el, groups: [group], read: () => group.value() };
    },
    points: (item, answer) => (item.marks ? item.marks[answer].points : undefined),
    heading: () => "accurate",
    why: ({ text }) => make("div.sk-fb", {}, make("p", {}, text("accurate"))),
  },
  SR: {
    own: true,
    ask({ ex, text, value }) {
      const note = make("p.sk-quiet", { id: freshId() }, ex.w("stays-here"));
      const box = make("textarea", { id: freshId(), rows: 5, "aria-describedby": note.id, autocomplete: "off" });
      box.value = value || "";
      return { parts: [make("label.sk-stem", { for: box.id }, text("stem")), box, note], read: () => box.value, lock: () => { box.readOnly = true; } };
    },
    heading: () => "good-answer",
    why({ ex, item, text }) {
      const levels = [0, 1, 2, 3].map((level) => text(`levels.${level}`)).filter(Boolean);
      const check = (id) => make("li", {}, make("label.sk-check", {}, make("input", { type: "checkbox" }), make("span", {}, text(`${id}.text`))));
      return [
        make("div.sk-fb", {}, make("p", {}, text("model"))),
        item.criteria && make("fieldset", {}, make("legend", {}, ex.w("self-check")), make("ul.sk-checks", {}, item.criteria.map(check))),
        levels.length > 0 && detailsOf(ex.w("levels"), levels.map((level) => make("p", {}, level))),
      ];
    },
  },
};

/** Something to open when wanted. @param {string} label @param {any[]} rows */
export const detailsOf = (label, rows) => make("details", {}, make("summary", {}, label), listOf("ul", rows));

/** The items and answers of a set, as far as the trace tells. @param {any} table @param {any[]} trace */
function followAnswers(table, trace) {
  const run = { answers: new Map(), at: 0, state: "ask" };
  for (const step of trace || []) {
    if (run.state === "end" && step.do === "answer") run.answers.clear();
    run.state = step.do === "end" || step.do === "skip" ? step.do : "ask";
    if (step.do === "answer" && "answer" in step) run.answers.set(step.item, step.answer);
    if (step.do === "back") run.answers.delete(step.item);
  }
  const open = table.items.findIndex((item) => !run.answers.has(item.id));
  run.at = open < 0 ? table.items.length - 1 : open;
  return run;
}

/** Is this the second of a pair? Both ratings are then shown side by side. @param {any} set @param {any} item */
const twinOf = ({ ex, run }, item) => item.pair && ex.table.items.find((other) => other !== item && other.pair === item.pair && run.answers.has(other.id));

/** Ask one question; `again` opens one that was answered, with its answer still chosen. @param {any} set @param {boolean} [again] */
function askItem(set, again = false) {
  const { ex, frame, run, kinds } = set;
  const { w, table } = ex;
  const item = table.items[run.at];
  const kind = kinds[item.type];
  const value = run.answers.get(item.id);
  const text = (id) => ex.t(`${item.id}.${id}`);
  const about = { ex, item, text, value, frame };
  const asked = kind.ask(about);
  const check = make("button.sk-go", { click: () => checkItem(set, about, asked) }, w(item.pair ? "go-on" : kind.own ? "show-answer" : "check"));
  const outcome = make("div.sk-outcome", {}, make("div", { role: "status" }));
  const back = run.at > 0 && make("button.sk-text", { click: () => { run.at -= 1; askItem(set); } }, w("previous"));
  const skip = make("button.sk-text", { click: () => { ex.say({ do: "skip" }); run.state = "skip"; drawSet(set); } }, w("skip"));
  const intro = run.at === 0 && ex.t("intro");
  const ask = make("div.sk-ask", {}, asked.parts);
  const stem = ask.querySelector("p.sk-stem");
  // Several controls under one question: whoever comes to one by Tab hears the question too.
  if (stem) setOn(ask, { role: "group", "aria-labelledby": stem.id = freshId() });
  const many = table.items.length > 1;
  frame.draw([
    intro && make("p", {}, intro),
    many && make("h4.sk-eyebrow", {}, w("question", { n: run.at + 1, of: table.items.length })),
    ask, outcome,
  ], [make("p", {}, item.type === "SR" || item.pair ? w("no-marks") : w("authors-key")), make("div.sk-acts", {}, back, skip, check)]);
  Object.assign(set, { outcome, check, skip });
  if (value !== undefined && !item.pair && !again) showWhy(set, about, asked, value, false);
}

/** Take an answer, if it is whole. @param {any} set @param {any} about @param {any} asked */
function checkItem(set, about, asked) {
  const { ex, run, frame, kinds } = set;
  const { item } = about;
  const kind = kinds[item.type];
  const missing = missingOf(asked.groups || []);
  if (missing) {
    frame.tell(ex.w(asked.groups.length > 1 ? "choose-each" : "choose-one"));
    return missing.ask();
  }
  frame.tell("");
  const answer = asked.read();
  run.answers.set(item.id, answer);
  const hidden = kind.own || item.pair;
  const points = hidden ? undefined : kind.points(item, answer);
  ex.say({ do: "answer", item: item.id, ...(!hidden && { answer }), ...(points !== undefined && { points }) });
  if (!item.pair) return showWhy(set, about, asked, answer, true);
  const twin = twinOf(set, item);
  return twin ? showPair(set, about, asked, twin) : nextItem(set);
}

/** Lock the question and show why, in place; focus goes to the heading, as after a choice in a story. */
function showWhy(set, about, asked, answer, arrive) {
  const { ex, kinds } = set;
  const kind = kinds[about.item.type];
  const change = () => {
    ex.say({ do: "back", item: about.item.id });
    askItem(set, true);
  };
  openOutcome(set, asked, ex.w(kind.heading(about.item, answer)), kind.why(about, answer), arrive,
    make("button.sk-text", { click: change }, ex.w("change-answer")));
}

/** @param {any} set @param {any} asked @param {string} title @param {any[]} parts @param {boolean} arrive @param {any} [undo] */
function openOutcome(set, asked, title, parts, arrive, undo) {
  const { ex, outcome, check, skip } = set;
  const heading = make("h4", {}, title);
  for (const group of asked.groups || []) group.lock();
  if (asked.lock) asked.lock();
  skip.remove();
  check.replaceWith(make("button.sk-go", { click: () => nextItem(set) }, ex.w("go-on")));
  outcome.classList.add("sk-open");
  outcome.prepend(...[undo, heading].filter(Boolean));
  // Said aloud: the reasons only.
  for (const part of [parts].flat(3).filter(Boolean)) (part.matches(".sk-fb") ? outcome.querySelector("[role]") : outcome).append(part);
  if (arrive) arriveAt(heading, outcome);
}

/** Two ratings of the same facts side by side: something to think about, with no mark. @param {any} twin */
function showPair(set, about, asked, twin) {
  const { ex, run } = set;
  const { item, text } = about;
  const [one, two] = [run.answers.get(twin.id), run.answers.get(item.id)];
  const cell = (kind, has, words) => make(kind, has, words);
  const row = (id, place) => make("tr", {}, cell("th", { scope: "row" }, text(`${id}.text`)), cell("td", {}, one[twin.actions[place]]), cell("td", {}, two[id]));
  const table = make("table.sk-pair", {},
    make("thead", {}, make("tr", {}, ["pair-action", "pair-first", "pair-second"].map((key) => cell("th", { scope: "col" }, ex.w(key))))),
    make("tbody", {}, item.actions.map(row)));
  const why = item.actions.map((id) => [make("strong", {}, text(`${id}.text`)), make("p", {}, text(`${id}.rationale`))]);
  openOutcome(set, asked, ex.w("pair"), [table, make("p", {}, ex.w("pair-think")), detailsOf(ex.w("authors-thought"), why)], true);
}

/** @param {any} set */
function nextItem(set) {
  const { ex, run } = set;
  run.at += 1;
  if (run.review) {
    // An answer that was changed has opened the set again.
    if (ex.model.get("trace").slice(-1)[0].do !== "end") ex.say({ do: "end" });
    Object.assign(run, { review: false, state: "end" });
    return drawSet(set);
  }
  if (run.at < ex.table.items.length) return askItem(set);
  ex.say({ do: "end" });
  run.state = "end";
  return drawSet(set);
}

/** The close: one sentence, what there was to look at again, and another go. @param {any} set */
function drawClose(set) {
  const { ex, frame, run } = set;
  const { t, w, table } = ex;
  const skipped = run.state === "skip";
  const look = (item, place) => make("button.sk-text", { click: () => { Object.assign(run, { at: place, review: true, state: "ask" }); askItem(set); } }, t(`${item.id}.stem`));
  const again = () => {
    run.answers.clear();
    Object.assign(run, { at: 0, state: "ask" });
    askItem(set);
  };
  frame.draw([
    make("h4", {}, w(skipped ? "skipped" : "done")),
    make("p", {}, skipped ? w("skipped-note") : t("closing") || w("closing")),
    !skipped && [make("h5", {}, w("review")), make("div.sk-review", {}, listOf("ol", table.items.map(look)))],
  ], [make("p", {}, w("authors-key")), make("button.sk-go", { click: again }, w(skipped ? "do-after-all" : "do-again"))]);
}

/** @param {any} set */
const drawSet = (set) => (set.run.state === "ask" ? askItem(set) : drawClose(set));

/** Play a set of questions of the given kinds. @param {any} drawn @param {any} kinds @returns {() => void} clean-up */
export function playSet(drawn, kinds) {
  const ex = openExercise(drawn);
  return ex.run(() => drawSet({ ex, kinds, frame: frameExercise(ex, ex.t("title")), run: followAnswers(ex.table, ex.model.get("trace")) }));
}

/** @param {{ model: import("./dom.js").Model, el: HTMLElement }} drawn @returns {() => void} clean-up */
export function renderQuiz(drawn) {
  return playSet(drawn, QUESTION_KINDS);
}

export default { render: renderQuiz };
