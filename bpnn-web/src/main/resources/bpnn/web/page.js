import { Layer } from "./layer.js";
import { Pad } from "./pad.js";

const PAUSE = 40; // ms between two questions
const PAUSE_WHEN_REFUSED = 400;
const MOST_BARS = 12; // of more classes, the likeliest are shown

const LEGENDS = {
  tanh: [
    "Each square is a hidden unit, and what you see is its answer to your drawing: ",
    ["plus", "orange"], " up to +1, ", ["minus", "blue"], " down to −1, pale if it is undecided. A unit near ±1 is"
      + " saturated: there its slope is almost 0, so it hardly learns from this digit.",
  ],
  relu: [
    "Each square is a hidden unit: pale ones are silent (0), and the fuller the ", ["plus", "orange"],
    ", the louder it answers. A unit that is silent whatever you draw is dead; it cannot learn any more.",
  ],
  sigmoid: [
    "Each square is a hidden unit: from pale for 0 to ", ["plus", "orange"],
    " for 1. A unit near either end is saturated: there its slope is almost 0, so it hardly learns from this digit.",
  ],
};

const byId = id => document.getElementById(id);
const percent = share => (share > 0.9995 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`);

class Model {
  #article;
  #bars = [];
  #classes;
  #layers;
  #name;

  constructor(index, description, shape) {
    this.#name = description.name;
    this.#article = byId("model").content.firstElementChild.cloneNode(true);
    this.#article.querySelector("h2").textContent = description.name;
    this.#article.querySelector(".structure").textContent = structure(description);
    this.#classes = description.classes;
    const shown = Math.min(this.#classes.length, MOST_BARS);
    for (let i = 0; i < shown; i++) {
      this.#bars.push(bar(this.#classes[i]));
    }
    this.#article.querySelector(".bars").append(...this.#bars);
    this.#article.classList.toggle("worded", this.#classes.some(name => name.length > 2));
    this.#layers = description.hidden.map((units, layer) => this.#layer(index, layer, units, description.activation, shape));
    byId("models").append(this.#article);
    this.show(null);
  }

  #layer(model, layer, units, activation, shape) {
    const figure = byId("layer").content.firstElementChild.cloneNode(true);
    this.#article.querySelector(".layers").append(figure);
    const ofUnit = layer === 0 ? remembered(unit => weights(model, unit)) : null;
    return new Layer(figure, layer, units, activation, ofUnit, shape);
  }

  /** @param reading of the server; null if nothing is drawn. Gives a sentence about it. */
  show(reading) {
    const probabilities = (reading?.probabilities ?? []).map(p => p ?? 0);
    const best = probabilities.indexOf(Math.max(...probabilities));
    this.#article.classList.toggle("empty", reading === null);
    this.#article.querySelector(".digit b").textContent = reading === null ? "?" : this.#classes[best];
    this.#article.querySelector(".digit span").textContent = reading === null ? "" : percent(probabilities[best]);
    const order = this.#order(probabilities);
    this.#bars.forEach((item, place) => {
      const of = order[place];
      item.firstChild.textContent = this.#classes[of];
      item.firstChild.title = this.#classes[of];
      item.classList.toggle("best", of === best);
      item.children[1].style.setProperty("--share", probabilities[of] ?? 0);
      item.children[2].textContent = reading === null ? "" : percent(probabilities[of]);
    });
    this.#layers.forEach((layer, i) => layer.show(reading?.hidden[i] ?? []));
    return reading === null ? "" : `${this.#name} reads ${this.#classes[best]} (${percent(probabilities[best])})`;
  }

  /** Classes in their order, or the likeliest of many first. */
  #order(probabilities) {
    const order = [...this.#classes.keys()];
    return this.#classes.length <= MOST_BARS ? order : order.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
  }

  paint() {
    this.#layers.forEach(layer => layer.paint());
  }
}

function structure(model) {
  const sizes = [model.inputs, ...model.hidden, model.classes.length].join(" → ");
  const together = model.members > 1 ? [`${model.members} networks together, the units of the first`] : [];
  return [sizes, ...together, ...(model.hidden.length > 0 ? [model.activation] : []), ...(model.batchNorm ? ["batch norm"] : [])]
    .join(" · ");
}

function bar(name) {
  const item = document.createElement("li");
  item.append(document.createElement("span"), document.createElement("i"), document.createElement("span"));
  item.firstChild.textContent = name;
  return item;
}

function remembered(ask) {
  const known = new Map();
  return async key => {
    if (!known.has(key)) {
      const answer = await ask(key);
      if (answer === null) {
        return null;
      }
      known.set(key, answer);
    }
    return known.get(key);
  };
}

async function weights(model, unit) {
  try {
    const response = await fetch(`weights?model=${model}&unit=${unit}`);
    return response.ok ? (await response.json()).weights : null;
  } catch {
    return null;
  }
}

/** Asks the server, one question at a time; what is drawn meanwhile is in the next one. */
class Asker {
  #pad;
  #answered;
  #failed;
  #waiting = false;
  #asking = false;

  constructor(pad, answered, failed) {
    this.#pad = pad;
    this.#answered = answered;
    this.#failed = failed;
  }

  async ask() {
    this.#waiting = true;
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    while (this.#waiting) {
      this.#waiting = false;
      const pause = await this.#once();
      await new Promise(done => setTimeout(done, pause));
    }
    this.#asking = false;
  }

  async #once() {
    const strokes = this.#pad.strokes;
    if (strokes.length === 0) {
      this.#answered(null);
      return 0;
    }
    try {
      const response = await fetch("read", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ strokes }),
      });
      const answer = await response.json();
      if (response.status === 429) {
        this.#waiting = true;
        return PAUSE_WHEN_REFUSED;
      }
      if (!response.ok) {
        this.#failed(answer.error);
      } else if (this.#pad.strokes.length > 0) {
        this.#answered(answer);
      }
    } catch {
      this.#failed("The server does not answer; start ./bpnn serve again and reload this page.");
    }
    return PAUSE;
  }
}

function legend(activations) {
  for (const activation of activations) {
    const paragraph = document.createElement("p");
    if (activations.length > 1) {
      paragraph.append(bold("", `${activation}. `));
    }
    paragraph.append(...(LEGENDS[activation] ?? []).map(part => (typeof part === "string" ? part : bold(...part))));
    byId("legend").append(paragraph);
  }
}

function bold(kind, text) {
  const word = document.createElement("b");
  word.className = kind;
  word.textContent = text;
  return word;
}

function showPixels(pixels, shape) {
  const canvas = byId("seen");
  canvas.width = shape.width;
  canvas.height = shape.height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(shape.width, shape.height);
  for (let i = 0; i < shape.width * shape.height; i++) {
    const channel = c => pixels?.[shape.channels * i + Math.min(c, shape.channels - 1)] ?? 0;
    image.data.set([channel(0), channel(1), channel(2), 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  canvas.setAttribute("aria-label", `What the network sees: ${pixels ? "your picture" : "nothing yet"}`);
}

const FRAMINGS = {
  "centre-of-mass": "what you draw scaled and centred as MNIST's digits are",
  "bounding-box": "what you draw scaled and centred as EMNIST's letters are",
  whole: "the whole sheet, or the middle of a picture",
};
const FRAMING_NOTES = {
  "centre-of-mass": "As in MNIST, what is drawn is scaled into a box of 5/7 of the side and moved until its centre of mass is in"
    + " the middle. So it makes no difference where you draw, or how large; how thick the pen is does.",
  "bounding-box": "As in EMNIST, what is drawn is scaled to 6/7 of the side and centred. So it makes no difference where you"
    + " draw, or how large; how thick the pen is does.",
  whole: "The network was trained on whole pictures, so the sheet, or the middle of the picture that you choose, is scaled to"
    + " their size as it is. Where and how large something is drawn makes a difference.",
};

/** Words that depend on what the networks were trained on. */
function describe(shape, models) {
  const digits = models.every(model => model.classes.join() === "0,1,2,3,4,5,6,7,8,9");
  const title = digits ? "Draw a digit" : "Draw, or choose a picture";
  byId("title").textContent = title;
  document.title = `${title} · bpnn`;
  byId("framing").textContent = `${shape.height} × ${shape.width} pixels${shape.channels > 1 ? " in colour" : ""}: `
    + (FRAMINGS[shape.framing] ?? "");
  byId("framing-note").textContent = FRAMING_NOTES[shape.framing] ?? "";
  byId("outputs").textContent = Math.max(...models.map(model => model.classes.length));
  byId("inputs").textContent = shape.height * shape.width * shape.channels;
  byId("examples").hidden = !digits;
}

async function start() {
  const description = await (await fetch("models")).json();
  const shape = description;
  describe(shape, description.models);
  const models = description.models.map((model, index) => new Model(index, model, shape));
  legend([...new Set(description.models.map(model => model.activation))]);
  byId("status").style.setProperty("--lines", models.length);
  let spoken = false;

  const answered = answer => {
    showPixels(answer?.pixels, shape);
    const sentences = models.map((model, i) => model.show(answer === null ? null : answer.readings[i]));
    if (spoken || answer === null) {
      byId("status").textContent = sentences.join("\n").trim();
    }
  };
  const pad = new Pad(byId("pad"), description.pen, ended => {
    byId("hint").hidden = pad.strokes.length > 0;
    spoken = ended;
    asker.ask();
  });
  const asker = new Asker(pad, answered, sentence => (byId("status").textContent = sentence));
  byId("clear").addEventListener("click", () => pad.clear());
  byId("undo").addEventListener("click", () => pad.undo());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    pad.paint();
    models.forEach(model => model.paint());
  });
  byId("file").addEventListener("change", async event => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) {
      pad.clear();
      spoken = true;
      await choose(file, answered);
    }
  });
  showPixels(null, shape);
}

/** Shows a picture instead of a drawing. */
async function choose(file, answered) {
  try {
    const response = await fetch("picture", {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    });
    const answer = await response.json();
    if (response.ok) {
      answered(answer);
    } else {
      byId("status").textContent = answer.error;
    }
  } catch {
    byId("status").textContent = "The picture could not be sent; start ./bpnn serve again and reload this page.";
  }
}

start().catch(() => (byId("status").textContent = "The server does not answer; reload this page to try again."));
