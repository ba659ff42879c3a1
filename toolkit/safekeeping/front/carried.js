// What a page carries is short (publish/carried.py): here it becomes the table and the texts that a notebook has.

/** Every part of an item with its value, in the order in which the table names the parts. @param {string[]} parts @param {any[]} values @param {(value: any) => any} [read] */
const byPart = (parts, values, read = (value) => value) => Object.fromEntries(parts.map((id, place) => [id, read(values[place])]));

/** A story: its states from the rows, the edges of its map from its states. @param {any} carried */
function unfoldStory({ nodes, rows, start, authors, columns, ...table }) {
  const principles = Object.keys(table.principles);
  const keys = rows.map(([node, flags]) => nodes[node][0] + (flags && `|${flags}`));
  const edges = new Map();
  const stateOf = ([node, , extras, ...turns]) => {
    const [id, options, facts] = nodes[node];
    const list = [];
    for (let turn = 0; turn < turns.length; turn += 2) {
      const [option, ...named] = options[turns[turn]];
      const next = turns[turn + 1];
      const edge = [id, option, nodes[rows[next][0]][0]];
      edges.set(edge.join(" "), edge);
      list.push({ id: option, principles: named.map((place) => principles[place]), to: keys[next] });
    }
    return { node: id, ...(extras.length && { extras }), ...facts, ...(!facts.ending && { options: list }) };
  };
  const states = Object.fromEntries(rows.map((row, place) => [keys[place], stateOf(row)]));
  const chosen = authors.map(([state, option]) => [keys[state], nodes[rows[state][0]][1][option][0]]);
  const map = { columns: columns.map((column) => column.map((node) => nodes[node][0])), edges: [...edges.values()] };
  return { ...table, start: keys[start], states, authors: chosen, map };
}

/** Questions: marks and keys by the ids of their parts. @param {any} carried */
function unfoldQuestions({ marks, ...table }) {
  const mark = (number) => marks[number];
  const items = table.items.map((item) => {
    const parts = item.options || item.actions || item.cases;
    const inner = item.categories || ["1", "2", "3", "4", "5"];
    return {
      ...item,
      ...(item.marks && { marks: byPart(parts, item.marks, item.options ? mark : (row) => byPart(inner, row, mark)) }),
      ...(item.keys && { keys: byPart(parts, item.keys) }),
    };
  });
  return { ...table, items };
}

/** @param {any} carried the table in a page @returns {any} the table that a notebook has */
export const tableOf = (carried) => (carried.rows ? unfoldStory(carried) : carried.marks ? unfoldQuestions(carried) : carried);

/** Ids in order: nodes with their options, items with their parts. @param {any} carried */
const namesOf = ({ nodes, items = [] }) => (nodes ? nodes.map(([id, options]) => [id, options.map(([option]) => option)])
  : items.map((item) => [item.id, ["options", "actions", "categories", "cases", "steps", "criteria"].flatMap((part) => item[part] || [])]));

/**
 * The form's text by id; the form stays the only place that holds it. Its boxes stand in order: scenes, then what
 * follows each choice; questions, then answers. Parts go by number. A form with whole ids is read as it is.
 * @param {Element} place @param {any} carried
 */
export function textsOf(place, carried) {
  const names = namesOf(carried);
  const heads = names.map(([id]) => id);
  const order = [...heads, ...(carried.nodes ? names.flatMap(([id, parts]) => parts.map((part) => `${id}.${part}`)) : heads)];
  const parts = Object.fromEntries(names);
  const whole = place.querySelector("[data-in]");
  const boxes = [...place.querySelectorAll(".sk-form-scene,.sk-form-outcome")];
  const text = {};
  const take = (id, el) => { text[id] = el.textContent.replace(/\s+/g, " ").trim(); };
  for (const el of place.querySelectorAll("[data-t]")) {
    const box = el.closest(".sk-form-scene,.sk-form-outcome");
    const inside = box && (whole ? box.dataset.in : order[boxes.indexOf(box)]);
    const own = el.dataset.t.replace(/^(\d+)(?=\.)/, (number) => (whole || !inside ? number : parts[inside][number]));
    const id = inside ? `${inside}.${own}` : own;
    if (/^[UO]L$/.test(el.tagName)) [...el.children].forEach((row, n) => take(`${id}.${n}`, row));
    else take(id, el);
  }
  return text;
}

export default { tableOf, textsOf };
