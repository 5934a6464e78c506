/** Charts of all runs together; what a pointer is over is shown in all of them. */

import { paint } from "./visible.js";

const DASHES = [[], [7, 4], [3, 3], [1, 3], [1, 5]];
const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = run => style(`--run${run}`);

/** A chart whose series come and go. */
class Chart {
  #place;
  #legend;
  #log;
  #format;
  #uplot = null;
  #shape = "";

  constructor(place, { log = false, legend = true, format = v => v.toPrecision(3) } = {}) {
    this.#legend = legend;
    this.#place = place;
    this.#log = log;
    this.#format = format;
    new ResizeObserver(() => this.#uplot?.setSize(this.#size())).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (this.#shape = ""));
  }

  #size() {
    // Below the plot is the legend.
    return { width: Math.max(200, this.#place.clientWidth), height: 205 };
  }

  /** @param make gives series of name, run, dash, dots and points, which are pairs of x and y */
  show(make) {
    paint(this.#place, 0, () => this.#draw(make()));
  }

  #draw(series) {
    const tables = series.map(each => [each.points.map(p => p[0]), each.points.map(p => p[1])]);
    const data = tables.length === 0 ? [[]] : tables.length === 1 ? tables[0] : uPlot.join(tables);
    const shape = JSON.stringify(series.map(each => [each.name, each.run, each.dash, each.dots]));
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#uplot?.destroy();
      this.#uplot = new uPlot(this.#options(series), data, this.#place);
    } else {
      this.#uplot.setData(data);
    }
  }

  #options(series) {
    const axis = { stroke: style("--soft"), grid: { stroke: style("--line"), width: 1 }, ticks: { stroke: style("--line"), width: 1 }, font: "12px sans-serif" };
    return {
      ...this.#size(),
      cursor: { sync: { key: "runs" }, y: false },
      legend: { show: this.#legend },
      scales: { x: { time: false, range: (u, low, high) => [0, Math.max(0.1, high ?? 1)] }, y: { distr: this.#log ? 3 : 1 } },
      axes: [{ ...axis, label: "epochs", labelSize: 16, size: 34 }, this.#log ? logarithmic(axis) : { ...axis, size: 56 }],
      series: [
        { label: "epoch", value: (u, v) => (v == null ? "–" : v.toFixed(2)) },
        ...series.map(each => ({
          label: each.name,
          stroke: colour(each.run),
          width: each.dots ? 1 : 1.6,
          dash: DASHES[Math.min(each.dash ?? 0, DASHES.length - 1)],
          points: each.dots ? { show: true, size: 8, fill: colour(each.run), stroke: style("--panel") } : { show: false },
          spanGaps: true,
          value: (u, v) => (v == null ? "–" : this.#format(v)),
        })),
      ],
    };
  }
}

/** Lines and numbers at powers of ten alone. */
function logarithmic(axis) {
  const powers = (u, splits) => splits.map(v => (v !== null && Number.isInteger(Math.round(Math.log10(v) * 1e6) / 1e6) ? v : null));
  return {
    ...axis,
    size: 56,
    filter: powers,
    values: (u, splits) => splits.map(v => (v === null ? "" : v >= 1e-3 && v < 1e4 ? String(Number(v.toPrecision(1))) : v.toExponential(0))),
    grid: { ...axis.grid, filter: powers },
    ticks: { ...axis.ticks, filter: powers },
  };
}

const percent = v => `${(100 * v).toFixed(2)} %`;

export class Curves {
  #loss = new Chart(document.getElementById("loss"));
  #accuracy = new Chart(document.getElementById("accuracy"), { format: percent });
  #gap = new Chart(document.getElementById("gap"));
  #gradients = new Chart(document.getElementById("gradients"), { log: true, legend: false });
  #updates = new Chart(document.getElementById("updates"), { log: true, legend: false });
  #saturated = new Chart(document.getElementById("saturated"), { legend: false });

  /** @param runs with name, losses, trends and epochs */
  show(runs) {
    const each = make => runs.flatMap((run, number) => make(run, number));
    const after = (run, value) => run.epochs.map(e => [e.epoch, value(e)]).filter(p => p[1] !== null && Number.isFinite(p[1]));
    this.#loss.show(() => each((run, number) => [
      { name: run.name, run: number, points: run.losses },
      { name: `${run.name} validation`, run: number, dots: true, points: after(run, e => e.validationLoss) },
    ]));
    this.#accuracy.show(() => each((run, number) => [{ name: run.name, run: number, dots: true, points: after(run, e => e.validationAccuracy) }]));
    this.#gap.show(() => each((run, number) => [{ name: run.name, run: number, dots: true, points: after(run, e => e.validationLoss - e.trainLoss) }]));
    this.#layers(runs, this.#gradients, 0, true, false);
    this.#layers(runs, this.#updates, 1, true, false);
    this.#layers(runs, this.#saturated, 2, false, true);
  }

  /** @param what of the four numbers of a layer */
  #layers(runs, chart, what, positive, hiddenAlone) {
    chart.show(() => runs.flatMap((run, number) => {
      const layers = run.trends.length === 0 ? 0 : (run.trends[0].length - 1) / 4 - (hiddenAlone ? 1 : 0);
      return Array.from({ length: layers }, (_, layer) => ({
        name: `${run.name}, layer ${layer + 1}`,
        run: number,
        dash: layer,
        points: run.trends.map(t => [t[0], t[1 + 4 * layer + what]]).filter(p => p[1] !== null && (!positive || p[1] > 0)),
      }));
    }));
  }
}
