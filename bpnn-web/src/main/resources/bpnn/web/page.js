import { Layer } from "./layer.js";
import { Pad } from "./pad.js";

const PAUSE = 40; // ms between two questions
const PAUSE_WHEN_REFUSED = 400;

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
  #layers;
  #name;

  constructor(index, description) {
    this.#name = description.name;
    this.#article = byId("model").content.firstElementChild.cloneNode(true);
    this.#article.querySelector("h2").textContent = description.name;
    this.#article.querySelector(".structure").textContent = structure(description);
    for (let digit = 0; digit < description.classes; digit++) {
      this.#bars.push(bar(digit));
    }
    this.#article.querySelector(".bars").append(...this.#bars);
    this.#layers = description.hidden.map((units, layer) => this.#layer(index, layer, units, description.activation));
    byId("models").append(this.#article);
    this.show(null);
  }

  #layer(model, layer, units, activation) {
    const figure = byId("layer").content.firstElementChild.cloneNode(true);
    this.#article.querySelector(".layers").append(figure);
    return new Layer(figure, layer, units, activation, layer === 0 ? remembered(unit => weights(model, unit)) : null);
  }

  /** @param reading of the server; null if nothing is drawn. Gives a sentence about it. */
  show(reading) {
    const probabilities = (reading?.probabilities ?? []).map(p => p ?? 0);
    const best = probabilities.indexOf(Math.max(...probabilities));
    this.#article.classList.toggle("empty", reading === null);
    this.#article.querySelector(".digit b").textContent = reading === null ? "?" : best;
    this.#article.querySelector(".digit span").textContent = reading === null ? "" : percent(probabilities[best]);
    this.#bars.forEach((item, digit) => {
      item.classList.toggle("best", digit === best);
      item.children[1].style.setProperty("--share", probabilities[digit] ?? 0);
      item.children[2].textContent = reading === null ? "" : percent(probabilities[digit]);
    });
    this.#layers.forEach((layer, i) => layer.show(reading?.hidden[i] ?? []));
    return reading === null ? "" : `${this.#name} reads ${best} (${percent(probabilities[best])})`;
  }

  paint() {
    this.#layers.forEach(layer => layer.paint());
  }
}

function structure(model) {
  const sizes = [model.inputs, ...model.hidden, model.classes].join(" → ");
  return [sizes, ...(model.hidden.length > 0 ? [model.activation] : []), ...(model.batchNorm ? ["batch norm"] : [])]
    .join(" · ");
}

function bar(digit) {
  const item = document.createElement("li");
  item.append(document.createElement("span"), document.createElement("i"), document.createElement("span"));
  item.firstChild.textContent = digit;
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

function showPixels(pixels) {
  const context = byId("seen").getContext("2d");
  const image = context.createImageData(28, 28);
  for (let i = 0; i < 28 * 28; i++) {
    image.data.set([pixels?.[i] ?? 0, pixels?.[i] ?? 0, pixels?.[i] ?? 0, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  byId("seen").setAttribute("aria-label", `What the network sees: ${pixels ? "your digit" : "nothing yet"}`);
}

async function start() {
  const description = await (await fetch("models")).json();
  const models = description.models.map((model, index) => new Model(index, model));
  legend([...new Set(description.models.map(model => model.activation))]);
  byId("status").style.setProperty("--lines", models.length);
  let spoken = false;

  const answered = answer => {
    showPixels(answer?.pixels);
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
  showPixels(null);
}

start().catch(() => (byId("status").textContent = "The server does not answer; reload this page to try again."));
