/** The page as it stands, as one file that needs nothing else: pictures of its drawings, and its curves as numbers. */

import { paintAll } from "./visible.js";

/**
 * Saves the page.
 *
 * @param runs with name, options, command, losses, trends and epochs
 */
export async function save(runs) {
  paintAll();
  // Charts are drawn after the script that asks for them.
  await new Promise(done => setTimeout(done, 50));
  const canvases = [...document.querySelectorAll("canvas")];
  canvases.forEach((canvas, i) => (canvas.dataset.picture = i));
  // What is allowed in this page does not bind one that is only parsed; styles and pictures are put in as text.
  const copy = new DOMParser().parseFromString(document.documentElement.outerHTML.replaceAll(" style=", " data-style="), "text/html");
  copy.querySelectorAll("form").forEach((form, i) => form.replaceWith(listing(runs[i].options)));
  copy.querySelectorAll("script, template, link, button, nav, aside, .drawing, .steers, #status").forEach(each => each.remove());
  copy.querySelectorAll(".run .kept").forEach((kept, i) => (kept.textContent = `${runs[i].command ?? ""}\n${kept.textContent}`));
  const numbers = JSON.stringify(runs.map(({ name, options, losses, trends, epochs, weightsSha256 }) =>
    ({ name, options, losses, trends, epochs, weightsSha256 }))).replaceAll("<", "\\u003c");
  const rules = await styles();
  const html = copy.documentElement.outerHTML
    .replace(/<canvas[^>]*data-picture="(\d+)"[^>]*><\/canvas>/g, (_, i) => picture(canvases[i]))
    .replaceAll(" data-style=", " style=")
    .replace("</head>", () => `<style>${rules}</style></head>`)
    .replace("</body>", () => `<script type="application/json" id="curves">${numbers}</script></body>`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`<!DOCTYPE html>\n${html}`], { type: "text/html" }));
  link.download = "bpnn-play.html";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function picture(canvas) {
  const label = (canvas.getAttribute("aria-label") ?? "").replace(/[&"<]/g, c => `&#${c.charCodeAt(0)};`);
  const style = `width: ${canvas.clientWidth}px; max-width: 100%; height: auto`;
  return `<img src="${canvas.toDataURL()}" alt="${label}" class="${canvas.className}" style="${style}">`;
}

/** Knobs and their values in words. */
export function listing(options) {
  const list = document.createElement("p");
  list.className = "soft";
  list.textContent = Object.entries(options).map(([knob, value]) => `${knob.replace("-", " ")} ${value}`).join(" · ");
  return list;
}

async function styles() {
  const links = [...document.querySelectorAll("link[rel=stylesheet]")];
  return (await Promise.all(links.map(async link => (await fetch(link.href)).text()))).join("\n");
}
