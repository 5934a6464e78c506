/** The units of a hidden layer as squares. */

const SATURATED = 0.97;
const SILENT = 1e-3;
const MOST_WIDE = 16; // CSS pixels of a square

/** From blue through the paper to orange for -1 through 0 to 1. */
export function colour(value, element) {
  const name = value < 0 ? "--minus" : "--plus";
  const style = getComputedStyle(element);
  const share = Math.min(1, Math.abs(value));
  return mix(style.getPropertyValue("--track"), style.getPropertyValue(name), share);
}

function mix(from, to, share) {
  const channels = hex => [1, 3, 5].map(i => parseInt(hex.trim().slice(i, i + 2), 16));
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((x, i) => Math.round(x + (b[i] - x) * share)).join(" ")})`;
}

export class Layer {
  #figure;
  #canvas;
  #card;
  #units;
  #columns;
  #activation;
  #weights;
  #shape;
  #values = [];
  #selected = null;
  #side = 1; // pixels of a square with its gap

  /**
   * @param weights gives a unit's weights, one for each value of an image; null where a layer does not look at pixels
   * @param shape of the images
   */
  constructor(figure, index, units, activation, weights, shape) {
    this.#figure = figure;
    this.#canvas = figure.querySelector(".units > canvas");
    this.#card = figure.querySelector(".unit");
    this.#units = units;
    this.#activation = activation;
    this.#weights = weights;
    this.#shape = shape;
    this.#columns = Math.min(units, 32 * Math.max(1, Math.ceil(Math.sqrt(units / 512))));
    this.#card.querySelector("canvas").hidden = weights === null;
    figure.querySelector("strong").textContent = `Hidden layer ${index + 1}: ${units} units`;
    this.#canvas.addEventListener("pointermove", e => this.#select(this.#unitAt(e)));
    this.#canvas.addEventListener("pointerdown", e => this.#select(this.#unitAt(e)));
    this.#canvas.addEventListener("pointerleave", e => e.pointerType === "mouse" && this.#select(null));
    this.#canvas.addEventListener("blur", () => this.#select(null));
    this.#canvas.addEventListener("keydown", e => this.#key(e));
    new ResizeObserver(() => this.paint()).observe(this.#canvas.parentElement);
    this.show([]);
  }

  /** @param values an activation for each unit; empty if nothing is drawn */
  show(values) {
    this.#values = values.map(value => value ?? 0);
    this.paint();
    this.#describe();
    this.#showUnit();
  }

  paint() {
    const canvas = this.#canvas;
    const room = Math.min(canvas.parentElement.clientWidth, this.#columns * MOST_WIDE) * devicePixelRatio;
    this.#side = Math.max(2, Math.floor(room / this.#columns));
    canvas.width = this.#columns * this.#side;
    canvas.height = Math.ceil(this.#units / this.#columns) * this.#side;
    canvas.style.width = `${canvas.width / devicePixelRatio}px`;
    const context = canvas.getContext("2d");
    const inner = this.#side - Math.max(1, Math.round(this.#side / 12));
    const loudest = this.#activation === "relu" ? Math.max(1e-6, ...this.#values) : 1;
    for (let unit = 0; unit < this.#units; unit++) {
      context.fillStyle = colour((this.#values[unit] ?? 0) / loudest, canvas);
      context.fillRect(...this.#corner(unit), inner, inner);
    }
    if (this.#selected !== null) {
      const [x, y] = this.#corner(this.#selected);
      context.strokeStyle = getComputedStyle(canvas).color;
      context.lineWidth = 2;
      context.strokeRect(x, y, inner, inner);
    }
  }

  #corner(unit) {
    return [(unit % this.#columns) * this.#side, Math.floor(unit / this.#columns) * this.#side];
  }

  #describe() {
    const text = this.#summary();
    this.#figure.querySelector("figcaption span").textContent = text;
    this.#canvas.setAttribute("aria-label", `${this.#units} units; ${text || "nothing is drawn"}`);
  }

  #summary() {
    if (this.#values.length === 0) {
      return "";
    }
    const share = test => `${Math.round((100 * this.#values.filter(test).length) / this.#units)} %`;
    switch (this.#activation) {
      case "relu": return `${share(v => v < SILENT)} silent`;
      case "sigmoid": return `${share(v => v < 1 - SATURATED || v > SATURATED)} saturated`;
      case "tanh": return `${share(v => Math.abs(v) > SATURATED)} saturated`;
      default: return "";
    }
  }

  #unitAt(event) {
    const box = this.#canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.#columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * Math.ceil(this.#units / this.#columns));
    const unit = row * this.#columns + column;
    return column >= 0 && column < this.#columns && unit >= 0 && unit < this.#units ? unit : null;
  }

  #key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#columns, ArrowDown: this.#columns };
    if (event.key in steps) {
      const next = this.#selected === null ? 0 : this.#selected + steps[event.key];
      this.#select(Math.min(this.#units - 1, Math.max(0, next)));
    } else if (event.key === "Escape") {
      this.#select(null);
    } else {
      return;
    }
    event.preventDefault();
  }

  #select(unit) {
    if (unit !== this.#selected) {
      this.#selected = unit;
      this.paint();
      this.#showUnit();
    }
  }

  async #showUnit() {
    const unit = this.#selected;
    this.#card.hidden = unit === null;
    if (unit === null) {
      return;
    }
    const value = this.#values[unit];
    const text = `Unit ${unit}${value === undefined ? "" : `: ${value.toFixed(3)}`}`;
    this.#card.querySelector("p").textContent = text;
    this.#place(unit);
    if (this.#weights !== null) {
      const weights = await this.#weights(unit);
      if (weights !== null && unit === this.#selected) {
        this.#draw(weights);
      }
    }
  }

  /** Beside the unit, where it is not in the way. */
  #place(unit) {
    const [x, y, side] = [...this.#corner(unit), this.#side].map(pixels => pixels / devicePixelRatio);
    const width = this.#card.offsetWidth;
    const room = this.#canvas.parentElement.clientWidth - x - side - 10;
    this.#card.style.left = `${room > width ? x + side + 10 : Math.max(0, x - width - 10)}px`;
    this.#card.style.top = `${y + side + 4}px`;
  }

  #draw(weights) {
    const canvas = this.#card.querySelector("canvas");
    canvas.setAttribute("aria-label", `Weights of unit ${this.#selected}`);
    const context = canvas.getContext("2d");
    const { width, height, channels } = this.#shape;
    canvas.width = width;
    canvas.height = height;
    // Of a colour image, what red, green and blue do together: the answer to a grey pixel.
    const sums = Array.from({ length: width * height }, (_, i) =>
      weights.slice(channels * i, channels * (i + 1)).reduce((a, b) => a + b, 0));
    const largest = sums.reduce((most, sum) => Math.max(most, Math.abs(sum)), 1e-12);
    sums.forEach((sum, i) => {
      context.fillStyle = colour(sum / largest, canvas);
      context.fillRect(i % width, Math.floor(i / width), 1, 1);
    });
  }
}
