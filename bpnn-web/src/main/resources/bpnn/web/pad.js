/** A square sheet to draw on. Strokes are lists of x and y in turn, from 0 to 1. */

const NEAREST = 0.004; // points closer together say nothing new
const MOST_POINTS = 9000; // the server takes 10,000
const KEY_STEP = 0.02;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Corners of an example of each digit, in hundredths; curves are laid through them. */
const EXAMPLES = [
  ["50 16 36 21 27 38 26 56 33 76 48 84 63 78 73 62 74 40 66 22 50 16"],
  ["36 30 46 24 53 16", "53 16 53 40 53 84"],
  ["30 32 36 20 50 15 64 21 68 35 60 50 45 66 28 82", "28 82 50 81 74 82"],
  ["31 24 42 16 57 17 66 28 60 42 46 48", "46 48 62 52 70 64 65 78 50 85 36 82 28 74"],
  ["58 16 44 38 26 60", "26 60 50 60 76 60", "60 40 60 62 60 86"],
  ["68 17 50 17 36 18", "36 18 35 32 33 46", "33 46 48 41 62 45 70 58 67 74 54 84 40 83 29 76"],
  ["62 15 46 26 34 44 29 64 36 80 50 85 63 79 68 66 60 54 46 54 34 62 30 70"],
  ["28 19 50 18 73 18", "73 18 60 40 50 62 44 85"],
  ["50 48 36 39 34 26 44 17 57 17 66 26 64 38 50 48 36 59 31 72 39 83 52 86 65 81 69 70 63 58 50 48"],
  ["66 34 58 46 44 48 34 38 36 24 48 16 60 19 66 32 66 52 61 70 54 86"],
];

export class Pad {
  #canvas;
  #pen;
  #changed;
  #strokes = [];
  #stroke = null;
  #cursor = { x: 0.5, y: 0.5, shown: false, down: false };

  /** @param changed hears of every change, and whether a stroke has ended with it */
  constructor(canvas, pen, changed) {
    this.#canvas = canvas;
    this.#pen = pen;
    this.#changed = changed;
    canvas.addEventListener("pointerdown", e => this.#down(e));
    canvas.addEventListener("pointermove", e => this.#move(e));
    canvas.addEventListener("pointerup", () => this.#up());
    canvas.addEventListener("pointercancel", () => this.#up());
    canvas.addEventListener("keydown", e => this.#key(e));
    canvas.addEventListener("blur", () => this.#lift());
    new ResizeObserver(() => this.paint()).observe(canvas);
  }

  get strokes() {
    return this.#strokes;
  }

  clear() {
    this.#lift();
    this.#replace([]);
  }

  undo() {
    this.#lift();
    this.#replace(this.#strokes.slice(0, -1));
  }

  #replace(strokes) {
    this.#strokes = strokes;
    this.#stroke = null;
    this.paint();
    this.#changed(true);
  }

  #down(event) {
    if (!event.isPrimary || event.button !== 0) {
      return;
    }
    this.#lift();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#begin(...this.#place(event));
  }

  #move(event) {
    if (this.#stroke === null || !event.isPrimary || this.#cursor.down) {
      return;
    }
    const events = event.getCoalescedEvents?.() ?? [];
    let grown = false;
    for (const each of events.length > 0 ? events : [event]) {
      grown = this.#extend(...this.#place(each)) || grown;
    }
    if (grown) {
      this.paint();
      this.#changed(false);
    }
  }

  #up() {
    if (this.#stroke !== null && !this.#cursor.down) {
      this.#stroke = null;
      this.#changed(true);
    }
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key in ARROWS) {
      this.#step(...ARROWS[event.key]);
    } else if (event.key === " ") {
      this.#toggle();
    } else if (event.key === "Backspace") {
      this.undo();
    } else if (event.key === "Escape") {
      this.clear();
    } else if (/^[0-9]$/.test(event.key)) {
      this.#lift();
      this.#replace(EXAMPLES[event.key].map(curve));
    } else {
      return;
    }
    event.preventDefault();
  }

  #step(right, down) {
    const cursor = this.#cursor;
    cursor.x = clamp(cursor.x + right * KEY_STEP);
    cursor.y = clamp(cursor.y + down * KEY_STEP);
    cursor.shown = true;
    if (cursor.down && this.#extend(cursor.x, cursor.y)) {
      this.#changed(false);
    }
    this.paint();
  }

  #toggle() {
    if (this.#cursor.down) {
      this.#cursor.down = false;
      this.#stroke = null;
      this.#changed(true);
    } else {
      Object.assign(this.#cursor, { shown: true, down: true });
      this.#begin(this.#cursor.x, this.#cursor.y);
    }
    this.paint();
  }

  #lift() {
    if (this.#cursor.down) {
      this.#stroke = null;
    }
    Object.assign(this.#cursor, { shown: false, down: false });
    this.paint();
  }

  #begin(x, y) {
    if (this.#full()) {
      return;
    }
    this.#stroke = [x, y];
    this.#strokes = [...this.#strokes, this.#stroke];
    this.paint();
    this.#changed(false);
  }

  #extend(x, y) {
    const [lastX, lastY] = this.#stroke.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) < NEAREST || this.#full()) {
      return false;
    }
    this.#stroke.push(x, y);
    return true;
  }

  #full() {
    return this.#strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0) >= MOST_POINTS;
  }

  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  }

  paint() {
    const canvas = this.#canvas;
    const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = this.#pen * side;
    for (const stroke of this.#strokes) {
      context.beginPath();
      context.moveTo(stroke[0] * side, stroke[1] * side);
      for (let i = 0; i < stroke.length; i += 2) {
        context.lineTo(stroke[i] * side, stroke[i + 1] * side);
      }
      context.stroke();
    }
    if (this.#cursor.shown) {
      context.globalAlpha = this.#cursor.down ? 0.5 : 1;
      context.lineWidth = 2 * devicePixelRatio;
      context.beginPath();
      context.arc(this.#cursor.x * side, this.#cursor.y * side, this.#pen * side * 0.7, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

function clamp(value) {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

/** A Catmull-Rom curve through the corners. */
function curve(text) {
  const numbers = text.split(" ").map(n => n / 100);
  const corners = [];
  for (let i = 0; i < numbers.length; i += 2) {
    corners.push([numbers[i], numbers[i + 1]]);
  }
  const at = i => corners[Math.min(corners.length - 1, Math.max(0, i))];
  const points = [];
  for (let i = 0; i + 1 < corners.length; i++) {
    for (let t = i === 0 ? 0 : 0.125; t <= 1; t += 0.125) {
      for (const axis of [0, 1]) {
        const [a, b, c, d] = [at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis]];
        points.push(clamp(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))));
      }
    }
  }
  return points;
}
