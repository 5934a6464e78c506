"use strict";
(() => {
  const root = document.documentElement;
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const plots = new Map();
  const tone = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const dashes = { solid: [], dashed: [7, 5], dotted: [2, 4] };

  const format = (v) => {
    if (v === null || v === undefined) return "–";
    const size = Math.abs(v);
    if (size === 0) return "0";
    if (size >= 1e5 || size < 1e-4) return v.toExponential(1);
    return String(Number(v.toPrecision(3)));
  };

  // Colours carry their transparency as two more hexadecimal digits.
  const faint = (colour, alpha) => colour + alpha;

  // Curves need not share their abscissas: the plot gets the union, with gaps where a curve has no point.
  const align = (series) => {
    const xs = [...new Set(series.flatMap((s) => s.x))].sort((a, b) => a - b);
    const at = new Map(xs.map((x, i) => [x, i]));
    const spread = (s, values) => {
      const column = new Array(xs.length).fill(null);
      s.x.forEach((x, i) => { column[at.get(x)] = values[i]; });
      return column;
    };
    return { xs, spread };
  };

  // Charts of one row with the same ordinate are small multiples: they share its range, which the curves decide.
  const shared = (box, figure) => {
    const row = box.closest(".finding .grid");
    const alike = [...(row ? row.querySelectorAll("[data-figure]") : [])]
      .map((other) => figures[other.dataset.figure])
      .filter((other) => other.y.label === figure.y.label && other.y.logarithmic === figure.y.logarithmic);
    if (alike.length < 2) return {};
    const up = figure.y.logarithmic ? Math.log10 : (v) => v;
    const down = figure.y.logarithmic ? (v) => 10 ** v : (v) => v;
    const values = alike.flatMap((other) => other.series.flatMap((s) => s.y))
      .filter((v) => v !== null && (v > 0 || !figure.y.logarithmic)).map(up);
    const least = Math.min(...values);
    const most = Math.max(...values);
    const margin = 0.08 * (most - least) || 0.5;
    const low = least >= 0 && !figure.y.logarithmic ? Math.max(0, least - margin) : least - margin;
    return { range: () => [down(low), down(most + margin)] };
  };

  const target = (figure) => (u) => {
    const y = u.valToPos(figure.target.value, "y", true);
    const { ctx, bbox } = u;
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    ctx.save();
    ctx.strokeStyle = tone("--ink");
    ctx.fillStyle = tone("--ink");
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = 11 * devicePixelRatio + "px Helvetica, Arial, sans-serif";
    // Curves begin far from what they are to reach.
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    ctx.fillText(figure.target.label, bbox.left + 6 * devicePixelRatio, y - 3 * devicePixelRatio);
    ctx.restore();
  };

  const readout = (box, figure, columns) => (u) => {
    const line = box.querySelector(".readout");
    let at = u.cursor.idx;
    if (at === null || at === undefined) at = u.data[0].length - 1;
    const rows = columns.filter((c) => u.series[c.index].show).map((c) => {
      const value = u.data[c.index][at];
      const low = c.low ? u.data[c.low][at] : null;
      const band = low === null || low === undefined ? "" : " <small>" + format(low) + " to " + format(u.data[c.high][at]) + "</small>";
      return "<div class=\"tone" + c.series.contender + "\"><i>&#9632;</i> " + c.series.label + " <b>" + format(value) + "</b>" + band + "</div>";
    });
    line.innerHTML = "<div>" + figure.x.label + " <b>" + format(u.data[0][at]) + "</b>:</div>" + rows.join("");
  };

  const draw = (box) => {
    const figure = figures[box.dataset.figure];
    const place = box.querySelector(".plot");
    const old = plots.get(figure.id);
    if (old) old.destroy();
    const { xs, spread } = align(figure.series);
    const data = [xs];
    const series = [{}];
    const bands = [];
    const columns = [];
    const off = new Set([...box.closest(".chapter").querySelectorAll(".chip[aria-pressed=false]")].map((c) => Number(c.dataset.contender)));
    figure.series.forEach((s) => {
      const colour = tone("--c" + s.contender);
      const show = !off.has(s.contender);
      const column = { series: s, index: data.length };
      data.push(spread(s, s.y));
      series.push({
        label: s.label, show, stroke: colour, width: 2, dash: dashes[s.stroke], spanGaps: true,
        points: { show: s.x.length <= 16, size: 5, fill: colour, stroke: colour },
      });
      if (s.low.length) {
        column.high = data.length;
        data.push(spread(s, s.high));
        column.low = data.length;
        data.push(spread(s, s.low));
        const edge = { show, stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
        series.push(edge, { ...edge });
        bands.push({ series: [column.high, column.low], fill: faint(colour, "2e") });
      }
      columns.push(column);
    });
    if (figure.wedges) {
      for (let i = 0; i + 1 < columns.length; i += 2) {
        bands.push({ series: [columns[i].index, columns[i + 1].index], fill: faint(tone("--c" + columns[i].series.contender), "38") });
      }
    }
    const axis = { stroke: tone("--soft"), grid: { stroke: tone("--line"), width: 1 }, ticks: { show: false }, font: "11px Helvetica, Arial, sans-serif", labelFont: "11px Helvetica, Arial, sans-serif", labelSize: 18 };
    // Epochs are whole; a logarithmic axis gets lines at powers of ten only.
    const wholes = figure.x.label === "epoch" ? { incrs: [1, 2, 5, 10, 20, 50, 100] } : {};
    const decades = (u, splits) => splits.map((v) => (v > 0 && Number.isInteger(Math.round(Math.log10(v) * 1e9) / 1e9) ? v : null));
    const logarithmic = (is) => (is ? { grid: { ...axis.grid, filter: decades } } : {});
    const ticks = (u, values) => values.map((v) => (v === null ? "" : format(v)));
    const show = readout(box, figure, columns);
    const plot = new uPlot({
      width: place.clientWidth, height: place.clientHeight, legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 8 }, sync: { key: box.closest(".chapter").id + " " + figure.x.label } },
      scales: {
        x: { time: false, distr: figure.x.logarithmic ? 3 : 1, log: 10 },
        y: { distr: figure.y.logarithmic ? 3 : 1, log: 10, ...shared(box, figure) },
      },
      axes: [
        { ...axis, ...wholes, ...logarithmic(figure.x.logarithmic), label: figure.x.label, size: 30, space: 46, values: ticks },
        { ...axis, ...logarithmic(figure.y.logarithmic), label: figure.y.label, size: 50, values: ticks },
      ],
      series, bands,
      hooks: {
        draw: [...(figure.target ? [target(figure)] : []), () => { box.dataset.drawn = "true"; }],
        setCursor: [show],
        setSeries: [show],
      },
    }, data, place);
    plot.columns = columns;
    plots.set(figure.id, plot);
    show(plot);
  };

  const boxes = [...document.querySelectorAll("[data-figure]")];
  const drawAll = () => boxes.forEach(draw);
  drawAll();

  const sizes = new ResizeObserver((entries) => entries.forEach(({ target: place, contentRect }) => {
    const plot = plots.get(place.closest("[data-figure]").dataset.figure);
    if (plot && contentRect.width > 0 && Math.abs(plot.width - contentRect.width) > 1) {
      plot.setSize({ width: contentRect.width, height: plot.height });
    }
  }));
  boxes.forEach((box) => sizes.observe(box.querySelector(".plot")));

  document.querySelectorAll(".chip").forEach((chip) => chip.addEventListener("click", () => {
    const on = chip.getAttribute("aria-pressed") === "false";
    const contender = Number(chip.dataset.contender);
    chip.setAttribute("aria-pressed", String(on));
    const chapter = chip.closest(".chapter");
    chapter.querySelectorAll("[data-figure]").forEach((box) => {
      const plot = plots.get(box.dataset.figure);
      plot.columns.filter((c) => c.series.contender === contender).forEach((c) => {
        [c.index, c.low, c.high].filter((i) => i !== undefined).forEach((i) => plot.setSeries(i, { show: on }));
      });
    });
    chapter.querySelectorAll("[data-arm=\"" + contender + "\"]").forEach((part) => part.classList.toggle("off", !on));
  }));

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Paper is light, whatever the screen is, and nothing can be unfolded on it.
  const folded = () => document.querySelectorAll("details:not([open])");
  let unfolded = [];
  addEventListener("beforeprint", () => {
    root.dataset.print = "";
    unfolded = [...folded()];
    unfolded.forEach((part) => { part.open = true; });
    drawAll();
  });
  addEventListener("afterprint", () => {
    delete root.dataset.print;
    unfolded.forEach((part) => { part.open = false; });
    drawAll();
  });
})();
