// Sort into groups, or put in order: by buttons and keys, never by dragging alone.
import { arriveAt, make } from "./dom.js";
import { answerOf, playSet, radioGroup, wholeOf } from "./quiz.js";

/** A list whose steps move up and down by buttons; each move is said aloud and keeps the focus. @param {any} about */
function stepList({ ex, item, text, value, frame }) {
  const { w } = ex;
  let order = [...(value || item.steps)];
  const list = make("ol.sk-order", {});
  const move = (id, by) => {
    const from = order.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= order.length) return frame.tell(w("cannot-move"));
    [order[from], order[to]] = [order[to], order[from]];
    draw();
    frame.tell(w("moved", { step: text(`${id}.text`), n: to + 1, of: order.length }));
    return arriveAt(list.querySelector(`[data-move="${id} ${by}"]`));
  };
  const mover = (id, by, place) => make("button.sk-tool", {
    "data-move": `${id} ${by}`, "aria-disabled": (by < 0 ? place === 0 : place === order.length - 1) && "true",
    "aria-label": `${w(by < 0 ? "up" : "down")}: ${text(`${id}.text`)}`, click: () => move(id, by),
  }, w(by < 0 ? "up" : "down"));
  const draw = () => list.replaceChildren(...order.map((id, place) => make("li", {}, make("span", {}, text(`${id}.text`)), make("span.sk-moves", {}, mover(id, -1, place), mover(id, 1, place)))));
  draw();
  return { list, read: () => [...order], lock: () => list.querySelectorAll("button").forEach((button) => button.remove()) };
}

export const SORT_KINDS = {
  CL: {
    ask({ item, text, value = {} }) {
      const groups = item.categories.map((id) => [id, [text(`${id}.text`)]]);
      const rows = item.cases.map((id) => [id, radioGroup(text(`${id}.text`), groups, "sk-pill", value[id])]);
      const cases = rows.map((row) => row[1]);
      return { parts: [make("p.sk-stem", {}, text("stem")), cases.map((each) => each.el)], groups: cases, read: () => answerOf(rows) };
    },
    points: wholeOf,
    heading: () => "compare",
    why: ({ ex, item, text }, answer) => item.cases.map((id) => {
      const key = item.categories.find((group) => item.marks[id][group].key);
      const [yours, theirs] = [answer[id], key].map((group) => text(`${group}.text`));
      return make("div.sk-fb", {}, make("p", {}, make("strong", {}, text(`${id}.text`))),
        make("p.sk-tags", {}, ex.w(answer[id] === key ? "group-same" : "group-other", { yours, theirs })), make("p", {}, text(`${id}.rationale`)));
    }),
  },
  SEQ: {
    ask(about) {
      const { list, read, lock } = stepList(about);
      return { parts: [make("p.sk-stem", {}, about.text("stem")), list], read, lock };
    },
    points: (item, answer) => (item.orders[answer.join(" ")] || item.otherwise).points,
    heading: () => "authors-order",
    why: ({ ex, item, text }, answer) => make("ol.sk-fb", {}, item.key.map((id, place) => make("li", {},
      make("strong", {}, text(`${id}.text`)),
      make("p.sk-tags", {}, ex.w(answer[place] === id ? "order-same" : "order-other", { n: answer.indexOf(id) + 1 })),
      make("p", {}, text(`${id}.rationale`))))),
  },
};

/** @param {{ model: import("./dom.js").Model, el: HTMLElement }} drawn @returns {() => void} clean-up */
export function renderSort(drawn) {
  return playSet(drawn, SORT_KINDS);
}

export default { render: renderSort };
