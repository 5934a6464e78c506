import { Curves } from "./curves.js";
import { Insight } from "./insight.js";
import { Pad } from "./pad.js";
import { listing, save } from "./save.js";
import { Guide } from "./tours.js";

const MOST_RUNS = 4;
const MOST_BARS = 12;
const PEN = 0.08;
const SLOW = 2; // numbers and curves change with every second of the changes that are told, since nobody reads faster
const LATE = 150; // ms after which they change if nothing more is told
const READ_PAUSE = 250; // ms between two readings of the same drawing while networks learn

const byId = id => document.getElementById(id);

/** The knobs of a run: options of ./bpnn train. */
const KNOBS = [
  { name: "normalize", label: "Pixels", values: { unit: "from 0 to 1", none: "from 0 to 255", standard: "standardised" } },
  { name: "hidden", label: "Hidden layers", text: true },
  { name: "activation", label: "Activation", values: { tanh: "tanh", relu: "relu", sigmoid: "sigmoid" } },
  { name: "dropout", label: "Dropout", number: { min: 0, max: 0.9, step: 0.05 } },
  { name: "optimizer", label: "Optimiser", values: { adam: "Adam", sgd: "gradient descent", momentum: "momentum", nesterov: "Nesterov", rmsprop: "RMSProp" } },
  { name: "learning-rate", label: "Learning rate", text: true },
  { name: "batch-size", label: "Batch size", number: { min: 1, max: 10000, step: 1 } },
  { name: "epochs", label: "Epochs", number: { min: 1, max: 1000, step: 1 } },
  { name: "seed", label: "Seed", number: { min: 0, step: 1 } },
  { name: "batch-norm", label: "Batch normalisation", tick: true },
];

const DEFAULTS = {
  normalize: "unit", hidden: "512,512", activation: "tanh", dropout: "0", "batch-norm": "false", optimizer: "adam",
  "learning-rate": "0.001", "batch-size": "128", epochs: "10", seed: "1",
};

let token = "";
let data = null;
let runs = [];
let cards = [];
let insights = [];
let curves = null;
let told = 0;
let late = 0;
let over = false; // whether the program that trains has ended

/** A knob in words; empty where a reader needs none. */
function words(knob, value, alone) {
  if (knob === "batch-norm") {
    return value === "true" ? "batch norm" : alone ? "no batch norm" : "";
  }
  if (knob === "normalize") {
    return { unit: "scaled pixels", none: "raw pixels", standard: "standardised pixels" }[value] ?? value;
  }
  return `${knob.replace("-", " ")} ${value}`;
}

/** What differs between runs is what they are called by. */
function name(runs) {
  const differing = Object.keys(DEFAULTS).filter(knob => runs.some(run => run.options[knob] !== runs[0].options[knob]));
  runs.forEach((run, number) => {
    const said = differing.map(knob => words(knob, run.options[knob], differing.length === 1)).filter(text => text !== "");
    run.name = run.title ?? (said.length > 0 ? said.join(", ") : runs.length > 1 ? `run ${number + 1}` : "the run");
  });
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Token": token },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.error);
  }
  return answer;
}

async function command(body) {
  try {
    await post("command", body);
    say("");
    return true;
  } catch (e) {
    say(e instanceof TypeError ? "The program does not answer; start ./bpnn play again." : e.message);
    return false;
  }
}

function say(text) {
  write(byId("status"), text);
}

/** Text that stays as it is need not be laid out again. */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Asks for runs with these knobs, on these images. */
async function ask(options, images = data.choice) {
  await command({ do: "runs", data: images, runs: options });
}

/** The address says what images and knobs there are. */
function remember() {
  if (!data.readOnly) {
    history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify({ data: data.choice, runs: runs.map(knobsOf).map(leaner) }))}`);
  }
}

/** Without what is so anyway. */
function leaner(options) {
  return Object.fromEntries(Object.keys(DEFAULTS).filter(knob => options[knob] !== DEFAULTS[knob]).map(knob => [knob, options[knob]]));
}

/** What the address asks for: runs by their knobs, and images if it names any. */
function remembered() {
  try {
    const asked = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const known = each => Object.fromEntries(Object.entries(each).filter(([knob]) => knob in DEFAULTS).map(([knob, value]) => [knob, String(value)]));
    const options = (Array.isArray(asked) ? asked : asked.runs).slice(0, MOST_RUNS).map(each => ({ ...DEFAULTS, ...known(each) }));
    return options.length > 0 ? { data: typeof asked.data === "string" ? asked.data : data.choice, runs: options } : null;
  } catch {
    return null;
  }
}

const knobsOf = run => ({ ...DEFAULTS, ...run.options });
const same = (a, b) => JSON.stringify(a.map(leaner)) === JSON.stringify(b.map(leaner));

class Card {
  #article;
  #fields = new Map();

  constructor(run, number) {
    this.#article = byId("run").content.firstElementChild.cloneNode(true);
    this.#article.classList.add(`tone${number}`);
    this.#article.querySelector("h3").textContent = run.title ?? `Run ${number + 1}`;
    const remove = this.#article.querySelector(".remove");
    remove.hidden = runs.length === 1 || data.readOnly;
    remove.setAttribute("aria-label", `Remove run ${number + 1}`);
    remove.addEventListener("click", () => ask(runs.filter(each => each !== run).map(knobsOf)));
    const form = this.#article.querySelector("form");
    form.setAttribute("aria-label", `Knobs of run ${number + 1}`);
    form.addEventListener("submit", e => e.preventDefault());
    if (data.readOnly) {
      form.replaceWith(listing(run.options));
    }
    for (const knob of KNOBS) {
      form.append(this.#field(knob, knobsOf(run)[knob.name]));
    }
    form.addEventListener("change", () => {
      const changed = Object.fromEntries(KNOBS.map(knob => [knob.name, this.#value(knob)]));
      ask(runs.map(each => (each === run ? changed : knobsOf(each))));
    });
    byId("runs").append(this.#article);
    this.show(run);
  }

  #field(knob, value) {
    const label = document.createElement("label");
    const field = document.createElement(knob.values ? "select" : "input");
    for (const [word, text] of Object.entries(knob.values ?? {})) {
      field.append(new Option(text, word));
    }
    if (knob.tick) {
      field.type = "checkbox";
      field.checked = value === "true";
      label.className = "tick";
      label.append(field, knob.label);
    } else {
      if (knob.number) {
        field.type = "number";
        Object.assign(field, knob.number);
      }
      field.value = value;
      label.append(knob.label, field);
    }
    field.name = knob.name;
    this.#fields.set(knob.name, field);
    return label;
  }

  #value(knob) {
    const field = this.#fields.get(knob.name);
    return knob.tick ? String(field.checked) : field.value.trim();
  }

  show(run) {
    const last = run.epochs[run.epochs.length - 1];
    const done = (run.step / run.stepsPerEpoch).toFixed(2);
    const words = {
      preparing: "getting ready", ready: "at the start", running: run.message ?? `${run.imagesPerSecond.toLocaleString("en")} images a second`,
      paused: "paused", interrupted: run.message ?? "interrupted", done: run.message ?? "done", diverged: run.message, failed: run.message,
    }[run.status];
    const accuracy = last?.validationAccuracy === undefined ? "" : `, ${(100 * last.validationAccuracy).toFixed(2)} % right`;
    write(this.#article.querySelector(".state"), `Epoch ${done} of ${run.allEpochs} (step ${run.step})${accuracy}; ${words}`);
    write(this.#article.querySelector(".kept"), run.folder === null ? ""
      : `Kept in ${run.folder}${run.weightsSha256 === null ? "" : `, weights ${run.weightsSha256}`}`);
  }

  remove() {
    this.#article.remove();
  }
}

/** Takes in a whole list of runs. */
function take(list) {
  runs = list;
  for (const run of runs) {
    run.options = knobsOf(run);
    run.losses ??= [];
    run.trends ??= [];
    run.epochs ??= [];
  }
  name(runs);
  [...cards, ...insights].forEach(each => each.remove());
  cards = runs.map((run, number) => new Card(run, number));
  insights = runs.map((run, number) => new Insight(run, number, data));
  byId("add").disabled = runs.length >= MOST_RUNS;
  showReadings(null);
  showCurves();
  buttons();
}

/** Takes in what is new of a run. */
function grow(run, number, news) {
  const { losses, trends, epochs, lossesAnew, trendsAnew, epochsAnew, ...rest } = news;
  Object.assign(run, rest);
  run.losses = [...(lossesAnew ? [] : run.losses), ...(losses ?? [])];
  run.trends = [...(trendsAnew ? [] : run.trends), ...(trends ?? [])];
  run.epochs = [...(epochsAnew ? [] : run.epochs), ...(epochs ?? [])];
  insights[number].show(news);
}

/** Numbers and curves, all in one frame of the screen. */
function showAll() {
  runs.forEach((run, number) => {
    cards[number].show(run);
    insights[number].say();
  });
  showCurves();
  buttons();
}

function showCurves() {
  if (runs.length > 0) {
    curves ??= new Curves();
    curves.show(runs);
  }
}

function buttons() {
  const any = test => runs.some(run => test(run.status));
  const waits = status => status === "ready" || status === "paused" || status === "preparing";
  byId("start").disabled = byId("step").disabled = byId("epoch").disabled = !any(waits);
  byId("pause").disabled = !any(status => status === "running");
}

function showReadings(readings) {
  byId("readings").replaceChildren(...runs.map((run, number) => {
    const article = document.createElement("article");
    article.className = `reading tone${number}`;
    const title = document.createElement("h3");
    title.textContent = run.name;
    const probabilities = readings?.[number]?.map(p => p ?? 0) ?? null;
    const best = probabilities === null ? -1 : probabilities.indexOf(Math.max(...probabilities));
    const answer = document.createElement("b");
    answer.textContent = best < 0 ? "?" : data.classes[best];
    const list = document.createElement("ol");
    const order = [...data.classes.keys()];
    if (order.length > MOST_BARS && probabilities !== null) {
      order.sort((a, b) => probabilities[b] - probabilities[a]);
    }
    list.append(...order.slice(0, MOST_BARS).map(each => {
      const item = document.createElement("li");
      const [label, bar, value] = ["span", "i", "span"].map(tag => document.createElement(tag));
      label.textContent = data.classes[each];
      bar.style.setProperty("--share", probabilities?.[each] ?? 0);
      value.textContent = probabilities === null ? "" : `${(100 * probabilities[each]).toFixed(1)} %`;
      item.append(label, bar, value);
      return item;
    }));
    article.append(title, answer, list);
    return article;
  }));
}

/** Reads what is drawn, again and again while networks learn. */
class Reader {
  #pad;
  #busy = false;
  #again = false;

  constructor() {
    this.#pad = new Pad(byId("pad"), PEN, () => this.read());
    byId("clear").addEventListener("click", () => this.#pad.clear());
    byId("undo").addEventListener("click", () => this.#pad.undo());
    setInterval(() => !over && runs.some(run => run.status === "running") && this.read(), READ_PAUSE);
  }

  async read() {
    if (this.#pad.strokes.length === 0) {
      showReadings(null);
      return;
    }
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      const answer = await post("read", { strokes: this.#pad.strokes });
      if (answer.readings.length === runs.length) {
        showReadings(answer.readings);
      }
    } catch {
      // The next stroke asks again; what is wrong with the program the commands say.
    }
    this.#busy = false;
    if (this.#again) {
      this.#again = false;
      this.read();
    }
  }
}

/** What the runs learn from, and whether this page steers them. */
function showData(next) {
  data = next;
  write(byId("data"), `${data.name}: ${data.train.toLocaleString("en")} images to learn from, ${data.validation.toLocaleString("en")} to judge by`);
  document.querySelectorAll(".steers").forEach(each => (each.hidden = data.readOnly === true));
  for (const id of ["gradients", "updates"]) {
    byId(id).closest("figure").hidden = data.measured === false;
  }
  byId("choice").replaceChildren(...(data.choices ?? []).map(name => new Option(name, name, false, name === data.choice)));
}

function listen() {
  const events = new EventSource("events");
  events.addEventListener("state", e => {
    const state = JSON.parse(e.data);
    token = state.token;
    showData(state.data);
    const wanted = data.readOnly ? null : remembered();
    const asked = wanted !== null && (state.runs.length === 0 || wanted.data !== data.choice || !same(wanted.runs, state.runs.map(knobsOf)));
    take(state.runs);
    if (asked) {
      ask(wanted.runs, wanted.data);
    } else if (state.runs.length === 0 && !data.readOnly) {
      ask([DEFAULTS]);
    } else {
      remember();
    }
    say("");
  });
  events.addEventListener("changes", e => {
    const changes = JSON.parse(e.data);
    if (changes.runs !== undefined) {
      showData(changes.data);
      take(changes.runs);
      remember();
    }
    for (const [number, news] of Object.entries(changes.news ?? {})) {
      grow(runs[number], number, news);
    }
    told++;
    clearTimeout(late);
    if (told % SLOW === 0 || runs.every(run => run.status !== "running")) {
      showAll();
    } else {
      late = setTimeout(showAll, LATE);
    }
  });
  events.addEventListener("end", () => {
    events.close();
    over = true;
    runs.filter(run => run.status === "running").forEach(run => grow(run, runs.indexOf(run), { status: "interrupted" }));
    showAll();
    say("The program that trained has ended. This page stays as it is, and can be saved.");
  });
  events.addEventListener("error", () => over || say("The program does not answer; this page goes on when it does."));
}

byId("start").addEventListener("click", () => command({ do: "start" }));
byId("pause").addEventListener("click", () => command({ do: "pause" }));
byId("step").addEventListener("click", () => command({ do: "step" }));
byId("epoch").addEventListener("click", () => command({ do: "epoch" }));
byId("reset").addEventListener("click", () => command({ do: "reset" }));
byId("save").addEventListener("click", () => save(runs));
byId("choice").addEventListener("change", () => ask(runs.map(knobsOf), byId("choice").value));
byId("add").addEventListener("click", () => ask([...runs, runs[runs.length - 1]].map(knobsOf)));
new Reader();
new Guide(runs => ask(runs.map(each => ({ ...DEFAULTS, ...each }))), what => command({ do: what }));
listen();
