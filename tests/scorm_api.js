// A class system for the tests: SCORM 1.2's API, strict about names, types, vocabulary and order of calls, and able to
// misbehave. Written from the run-time environment's book, version 1.2; it shares no line with the page that it tests.
(() => {
  const STRING = (most) => (value) => value.length <= most;
  const IN = (...words) => (value) => words.includes(value);
  const DECIMAL = (value) => /^-?\d+(\.\d+)?$/.test(value);
  const SCORE = (value) => value === "" || (DECIMAL(value) && Number(value) >= 0 && Number(value) <= 100);
  const TIME = (value) => /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?$/.test(value);
  const SPAN = (value) => /^\d{2,4}:[0-5]\d:[0-5]\d(\.\d{1,2})?$/.test(value);
  const IDENTIFIER = (value) => /^[\u0021-\u007e]{1,255}$/.test(value);
  const RESPONSES = {
    choice: /^(\{)?[0-9a-z](,[0-9a-z])*(\})?$/, matching: /^\{?[0-9a-z]\.[0-9a-z](,[0-9a-z]\.[0-9a-z])*\}?$/,
    sequencing: /^[0-9a-z](,[0-9a-z])*$/,
  };
  const NEVER = () => false;
  const CORE = {
    student_id: ["r"], student_name: ["r"], credit: ["r"], entry: ["r"], total_time: ["r"], lesson_mode: ["r"],
    lesson_location: ["rw", STRING(255)], lesson_status: ["rw", IN("passed", "completed", "failed", "incomplete", "browsed")],
    "score.raw": ["rw", SCORE], "score.min": ["rw", SCORE], "score.max": ["rw", SCORE],
    exit: ["w", IN("time-out", "suspend", "logout", "")], session_time: ["w", SPAN],
  };
  const INTERACTION = {
    id: IDENTIFIER, time: TIME, latency: SPAN, weighting: DECIMAL,
    type: IN("true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"),
    result: (value) => IN("correct", "wrong", "unanticipated", "neutral")(value) || DECIMAL(value),
  };

  /** @param {any} saved what was committed before @param {any} ways how it misbehaves */
  window.makeApi = (saved, ways = {}) => {
    const state = { open: false, closed: false, error: "0", data: JSON.parse(JSON.stringify(saved)), calls: [], faults: [] };
    const fail = (code, what) => { state.error = code; if (what) state.faults.push(`${code} ${what}`); return "false"; };
    const fine = (value = "true") => { state.error = "0"; return value; };
    const core = (name) => CORE[name.replace("cmi.core.", "")];

    function set(name, value) {
      if (typeof value !== "string") return fail("405", `${name} ${typeof value}`);
      if (ways.refuse && new RegExp(ways.refuse).test(name)) return fail("101");
      const known = name.startsWith("cmi.core.") && core(name);
      if (known) {
        if (known[0] === "r") return fail("403", name);
        if (!known[1](value)) return fail("405", `${name} = ${value}`);
        state.data[name] = value;
        return fine();
      }
      if (name === "cmi.suspend_data") {
        if (value.length > (ways.room || 4096)) return fail("405", ways.room ? "" : `suspend_data of ${value.length}`);
        state.data[name] = value.slice(0, 4096);
        return fine();
      }
      const [, n, part] = name.match(/^cmi\.interactions\.(\d+)\.([a-z_]+)$/) || [];
      if (part && ways.noAnswers) return fail("401");
      if (part) {
        const rows = state.data.interactions;
        if (Number(n) > rows.length) return fail("201", `${name}: ${rows.length} so far`);
        const row = rows[Number(n)] || {};
        const right = part === "student_response" ? (RESPONSES[row.type] || { test: NEVER }).test(value) && value.length <= 255 : (INTERACTION[part] || NEVER)(value);
        if (!right) return fail("405", `${name} = ${value}`);
        rows[Number(n)] = { ...row, [part]: value };
        return fine();
      }
      return fail(/_children$|_count$/.test(name) ? "402" : "401", name);
    }

    function get(name) {
      if (name === "cmi.interactions._count") return ways.noAnswers ? (fail("401"), "") : fine(String(state.data.interactions.length));
      const known = name.startsWith("cmi.core.") && core(name);
      if (known && known[0] === "w") { fail("404", name); return ""; }
      if (!known && name !== "cmi.suspend_data") { fail("401", name); return ""; }
      const given = { "cmi.core.lesson_mode": ways.mode || "normal", "cmi.core.entry": ways.entry || "", "cmi.core.lesson_status": "not attempted" };
      return fine(state.data[name] !== undefined ? state.data[name] : given[name] || "");
    }

    const keep = () => { for (const key of Object.keys(saved)) delete saved[key]; Object.assign(saved, JSON.parse(JSON.stringify(state.data))); };
    const spend = (name) => { if (!(ways[name] > 0)) return false; ways[name] -= 1; return true; };
    const calls = {
      LMSInitialize(given) {
        if (given !== "") return fail("201", "LMSInitialize");
        if (spend("noInit")) return fail("101");
        if (state.open || state.closed) return fail("101", "LMSInitialize again");
        state.open = true;
        return fine();
      },
      LMSFinish(given) {
        if (!state.open) return fail("301", "LMSFinish");
        if (ways.note) sessionStorage.setItem("finished", "yes");
        const until = Date.now() + (ways.slowFinish || 0);
        while (Date.now() < until) { /* a class system that sends and waits */ }
        state.open = false;
        state.closed = true;
        keep();
        return given === "" ? fine() : fail("201", "LMSFinish");
      },
      LMSCommit(given) {
        if (!state.open) return fail("301", ways.dropped ? "" : "LMSCommit");
        if (spend("noCommit")) return fail("101");
        keep();
        return given === "" ? fine() : fail("201", "LMSCommit");
      },
      LMSSetValue: (name, value) => (state.open ? set(name, value) : fail("301", ways.dropped ? "" : name)),
      LMSGetValue: (name) => (state.open ? get(name) : (fail("301", ways.dropped ? "" : name), "")),
      LMSGetLastError: () => state.error,
      LMSGetErrorString: () => "", LMSGetDiagnostic: () => "",
    };
    /** The session is gone over there, as after signing in elsewhere. */
    const drop = () => { ways.dropped = true; state.open = false; state.closed = false; state.data = JSON.parse(JSON.stringify(saved)); };
    const api = Object.fromEntries(Object.entries(calls).map(([name, run]) => [name, (...given) => {
      if (ways.throws) throw new Error("the class system is broken");
      const said = run(...given);
      state.calls.push([name, ...given, said]);
      return said;
    }]));
    return { api, state, ways, drop };
  };

  window.saved = { interactions: [] };
  /** Open the part in a frame, with a fresh session over what was kept. @param {any} [ways] @param {string} [page] */
  window.openPart = (ways = {}, page = "index.html") => {
    window.lms = window.makeApi(window.saved, ways);
    if (ways.late) delete window.API;
    else window.API = window.lms.api;
    const frame = document.createElement("iframe");
    frame.title = "part";
    frame.id = "part";
    if (ways.sandbox) frame.setAttribute("sandbox", ways.sandbox);
    frame.src = page;
    document.body.replaceChildren(frame);
  };
  window.closePart = () => document.body.replaceChildren();
})();
