/** Draws what somebody can see, at most so often, all of it in one frame of the screen, and the rest when it comes into view. */

const LEFTOVERS = 150; // ms after which is drawn what no later frame took along

const jobs = new Map();
const seen = new Set();
let frame = false;
let leftovers = 0;
const observer = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      seen.add(entry.target);
    } else {
      seen.delete(entry.target);
    }
  }
  schedule();
});

/**
 * Has something drawn.
 *
 * @param element where
 * @param pause at least so many milliseconds after the last time
 * @param draw draws what is known by then
 */
export function paint(element, pause, draw) {
  const job = jobs.get(element);
  if (job === undefined) {
    jobs.set(element, { draw, pause, drawn: -Infinity });
    observer.observe(element);
  } else {
    job.draw = draw;
    if (seen.has(element)) {
      (performance.now() - job.drawn >= job.pause ? schedule : scheduleLeftovers)();
    }
  }
}

/** Draws everything that is known, seen or not. */
export function paintAll() {
  jobs.forEach(carryOut);
}

/** Forgets an element that is gone. */
export function forget(element) {
  observer.unobserve(element);
  jobs.delete(element);
  seen.delete(element);
}

function scheduleLeftovers() {
  clearTimeout(leftovers);
  leftovers = setTimeout(schedule, LEFTOVERS);
}

function schedule() {
  if (!frame) {
    frame = true;
    requestAnimationFrame(paintDue);
  }
}

function paintDue() {
  frame = false;
  clearTimeout(leftovers);
  const now = performance.now();
  let waiting = false;
  for (const element of seen) {
    const job = jobs.get(element);
    if (job.draw !== null && now - job.drawn >= job.pause) {
      carryOut(job);
    }
    waiting ||= job.draw !== null;
  }
  if (waiting) {
    scheduleLeftovers();
  }
}

function carryOut(job) {
  const draw = job.draw;
  job.draw = null;
  job.drawn = performance.now();
  draw?.();
}
