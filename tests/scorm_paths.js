// The most that a learner does in a part when everything is done once: the longest way through every story, an answer to
// every item. In a page of a package it gives the traces by exercise id.
(() => {
  const tables = Object.entries(safekeeping.models).map(([id, model]) => [id, model.get("table")]);

  /** The choices from a state to an ending, as many as there can be without coming back. */
  function longestFrom(table, state, passed) {
    let best = [];
    for (const option of table.states[state].options || []) {
      if (!passed.includes(option.to)) {
        const way = [{ do: "choose", state, option: option.id }, ...longestFrom(table, option.to, [...passed, state])];
        if (way.length > best.length) best = way;
      }
    }
    return best;
  }

  function story(table) {
    const way = longestFrom(table, table.start, []);
    const last = way[way.length - 1];
    return [{ do: "start" }, ...way, { do: "end", state: table.states[last.state].options.find(({ id }) => id === last.option).to }];
  }

  const of = (parts, value) => Object.fromEntries(parts.map((part) => [part, value]));
  const whole = (item, answer) => Number(Object.keys(answer).every((part) => item.marks[part][answer[part]].points));
  const ANSWERS = {
    MC: (item) => { const answer = item.options[item.options.length - 1]; return { answer, points: item.marks[answer].points }; },
    SJ: (item) => { if (item.pair) return {}; const answer = of(item.actions, 5); return { answer, points: whole(item, answer) }; },
    CL: (item) => { const answer = of(item.cases, item.categories[item.categories.length - 1]); return { answer, points: whole(item, answer) }; },
    SEQ: (item) => { const answer = [...item.steps].reverse(); return { answer, points: (item.orders[answer.join(" ")] || item.otherwise).points }; },
    MR: (item) => ({ answer: 6, ...(item.marks && { points: item.marks[6].points }) }),
    SR: () => ({}),
  };
  const set = (table) => [...table.items.map((item) => ({ do: "answer", item: item.id, ...ANSWERS[item.type](item) })), { do: "end" }];
  const traces = tables.map(([id, table]) => [id, table.states ? story(table) : table.items ? set(table) : [{ do: "start" }]]);
  /** The same gone through several times: a story played again from its beginning, a set done again. */
  const again = (trace, times) => {
    const story = trace.length > 1 && trace[0].do === "start";
    const more = story ? [{ do: "replay", state: trace[1].state }, ...trace.slice(1)] : trace;
    return trace.concat(...Array.from({ length: times - 1 }, () => more));
  };
  return { tables, traces, again };
})()
