/** What the layers of a run do, its first weights as pictures, and its mistakes. */

import { forget, paint } from "./visible.js";

const PAUSE = 90; // ms between two drawings of one part

const byId = id => document.getElementById(id);
const style = (element, name) => getComputedStyle(element).getPropertyValue(name).trim();
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const COLUMNS = 8;
const WIDEST = 6; // pre-activations are shown from -6 to 6
const ACTIVATIONS = { tanh: Math.tanh, sigmoid: x => 1 / (1 + Math.exp(-x)), relu: x => Math.min(1, Math.max(0, x)) };

export class Insight {
  #article;
  #layers = [];
  #known = [];
  #data;
  #run;

  constructor(run, number, data) {
    this.#run = run;
    this.#data = data;
    this.#article = byId("insight").content.firstElementChild.cloneNode(true);
    this.#article.classList.add(`tone${number}`);
    this.#article.querySelector("h3").textContent = run.name;
    byId("insights").append(this.#article);
    this.show({ layers: run.layers, weights: run.weights, confusion: run.confusion, misread: run.misread });
    this.say();
  }

  remove() {
    this.#article.querySelectorAll("canvas").forEach(forget);
    this.#article.remove();
  }

  /** @param news parts of what is known of a run */
  show(news) {
    if (news.layers !== undefined) {
      this.#showLayers(news.layers);
    }
    if (news.weights !== undefined) {
      paint(this.#article.querySelector(".weights canvas"), 2 * PAUSE, () => this.#showWeights(bytes(this.#run.weights)));
    }
    if (news.confusion !== undefined) {
      this.#showConfusion(news.confusion);
    }
    if (news.misread !== undefined) {
      this.#showMisread(news.misread);
    }
    this.#article.querySelector(".confusion").hidden = this.#run.confusion === undefined;
    this.#article.querySelector(".misread").hidden = (this.#run.misread ?? []).length === 0;
  }

  #showLayers(layers) {
    const hidden = layers.slice(0, -1);
    this.#known = hidden;
    while (this.#layers.length < hidden.length) {
      const figure = byId("layer").content.firstElementChild.cloneNode(true);
      this.#article.querySelector(".layers").append(figure);
      this.#layers.push(figure);
    }
    hidden.forEach((layer, i) => {
      const figure = this.#layers[i];
      const canvas = figure.querySelector("canvas");
      paint(canvas, PAUSE, () => this.#histogram(canvas, layer));
    });
  }

  /** The numbers of the layers. */
  say() {
    this.#known.forEach((layer, i) => {
      const text = `Layer ${i + 1}: ${percent(layer.saturated)} saturated, ${percent(layer.silent)} silent`;
      const caption = this.#layers[i].querySelector("figcaption");
      if (caption.textContent !== text) {
        caption.textContent = text;
        this.#layers[i].querySelector("canvas").setAttribute("aria-label", `What goes into the units of layer ${i + 1}, and what comes out. ${text}`);
      }
    });
  }

  /** What goes in as bars along the curve of the activation, and what comes out as bars at its right. */
  #histogram(canvas, layer) {
    const [context, width, height] = sized(canvas, 110);
    const right = 46;
    const ink = style(canvas, "--tone");
    const across = width - right - 8;
    bars(context, layer.preactivations, ink, (i, n, share) => [(i / n) * across, height * (1 - share), across / n, height * share]);
    bars(context, layer.activations, ink, (i, n, share) => [width - right, height * (1 - (i + 1) / n), right * share, height / n]);
    const activation = ACTIVATIONS[this.#run.options.activation];
    if (activation !== undefined) {
      context.strokeStyle = style(canvas, "--soft");
      context.lineWidth = 1.5 * devicePixelRatio;
      context.beginPath();
      for (let x = 0; x <= across; x += 2) {
        context.lineTo(x, (height * (1 - activation(((x / across) * 2 - 1) * WIDEST))) / 2);
      }
      context.stroke();
    }
  }

  #showWeights(weights) {
    const { width, height, channels } = this.#data;
    const units = weights.length / (width * height * channels);
    const canvas = this.#article.querySelector(".weights canvas");
    const rows = Math.ceil(units / COLUMNS);
    canvas.width = COLUMNS * (width + 1);
    canvas.height = rows * (height + 1);
    const context = canvas.getContext("2d");
    const image = context.createImageData(canvas.width, canvas.height);
    const plus = rgb(style(canvas, "--plus"));
    const minus = rgb(style(canvas, "--minus"));
    const none = rgb(style(canvas, "--panel"));
    for (let unit = 0; unit < units; unit++) {
      const left = (unit % COLUMNS) * (width + 1);
      const top = Math.floor(unit / COLUMNS) * (height + 1);
      for (let pixel = 0; pixel < width * height; pixel++) {
        let sum = 0;
        for (let c = 0; c < channels; c++) {
          sum += ((weights[(unit * width * height + pixel) * channels + c] << 24) >> 24) / 127 / channels;
        }
        const at = 4 * ((top + Math.floor(pixel / width)) * canvas.width + left + (pixel % width));
        const to = sum > 0 ? plus : minus;
        const share = Math.min(1, Math.abs(sum));
        for (let c = 0; c < 3; c++) {
          image.data[at + c] = none[c] + share * (to[c] - none[c]);
        }
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  #showConfusion(rows) {
    const canvas = this.#article.querySelector(".confusion canvas");
    const [context, width, height] = sized(canvas, 220);
    const n = rows.length;
    const right = rows.reduce((sum, row, i) => sum + row[i], 0);
    const all = rows.flat().reduce((a, b) => a + b, 0);
    canvas.setAttribute("aria-label", `${right} of ${all} images are read right`);
    const label = n <= 26 ? 16 * devicePixelRatio : 0;
    const cellWidth = (width - label) / n;
    const cellHeight = (height - label) / n;
    const worst = Math.max(1, ...rows.map((row, i) => Math.max(...row.filter((_, j) => j !== i))));
    context.font = `${11 * devicePixelRatio}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    rows.forEach((row, i) => {
      const sum = Math.max(1, row.reduce((a, b) => a + b, 0));
      row.forEach((count, j) => {
        context.globalAlpha = i === j ? count / sum : Math.sqrt(count / worst);
        context.fillStyle = style(canvas, i === j ? "--minus" : "--plus");
        context.fillRect(label + j * cellWidth, label + i * cellHeight, cellWidth - 1, cellHeight - 1);
      });
      if (label > 0) {
        context.globalAlpha = 1;
        context.fillStyle = style(canvas, "--soft");
        const name = this.#data.classes[i].slice(0, 2);
        context.fillText(name, label / 2, label + (i + 0.5) * cellHeight);
        context.fillText(name, label + (i + 0.5) * cellWidth, label / 2);
      }
    });
  }

  #showMisread(images) {
    const { width, height, channels, classes } = this.#data;
    this.#article.querySelector(".misread ol").replaceChildren(...images.map(each => {
      const item = document.createElement("li");
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `An image of class ${classes[each.label]}`);
      const context = canvas.getContext("2d");
      const image = context.createImageData(width, height);
      const pixels = bytes(each.pixels);
      for (let i = 0; i < width * height; i++) {
        const channel = c => pixels[channels * i + Math.min(c, channels - 1)];
        image.data.set([channel(0), channel(1), channel(2), 255], 4 * i);
      }
      context.putImageData(image, 0, 0);
      item.append(canvas, `${classes[each.label]} read as ${classes[each.read] ?? "nothing"}`);
      return item;
    }));
  }
}

const percent = share => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);

/** Its width in the page, as many pixels as the screen has. */
function sized(canvas, height) {
  canvas.width = Math.max(50, Math.round(canvas.clientWidth * devicePixelRatio));
  canvas.height = Math.round(height * devicePixelRatio);
  const context = canvas.getContext("2d");
  return [context, canvas.width, canvas.height];
}

function bars(context, counts, ink, place) {
  const most = Math.max(1, ...counts);
  context.fillStyle = ink;
  context.globalAlpha = 0.55;
  counts.forEach((count, i) => context.fillRect(...place(i, counts.length, count / most)));
  context.globalAlpha = 1;
}

function rgb(hex) {
  return [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
}
