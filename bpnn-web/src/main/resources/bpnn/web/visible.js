/** Draws what somebody can see, at most so often, and the rest when it comes into view. */

const pending = new Map();
const drawn = new WeakMap();
const seen = new Set();
const observer = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      seen.add(entry.target);
      flush(entry.target);
    } else {
      seen.delete(entry.target);
    }
  }
});

/**
 * Has something drawn.
 *
 * @param element where
 * @param pause at least so many milliseconds after the last time
 * @param draw draws what is known by then
 */
export function paint(element, pause, draw) {
  if (!pending.has(element)) {
    observer.observe(element);
  }
  const waits = pending.get(element)?.waits ?? false;
  pending.set(element, { draw, pause, waits });
  if (seen.has(element) && !waits) {
    flush(element);
  }
}

/** Draws everything that is known, seen or not. */
export function paintAll() {
  for (const job of pending.values()) {
    const draw = job.draw;
    job.draw = null;
    draw?.();
  }
}

/** Forgets an element that is gone. */
export function forget(element) {
  observer.unobserve(element);
  pending.delete(element);
  seen.delete(element);
}

function flush(element) {
  const job = pending.get(element);
  if (job === undefined || job.draw === null || job.waits) {
    return;
  }
  const left = (drawn.get(element) ?? -Infinity) + job.pause - performance.now();
  job.waits = true;
  setTimeout(() => requestAnimationFrame(() => {
    const latest = pending.get(element);
    if (latest === undefined) {
      return;
    }
    latest.waits = false;
    if (seen.has(element) && latest.draw !== null) {
      drawn.set(element, performance.now());
      const draw = latest.draw;
      latest.draw = null;
      draw();
    }
  }), Math.max(0, left));
}
