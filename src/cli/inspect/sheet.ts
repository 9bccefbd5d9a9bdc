/** One page in every layer → one HTML page that stands alone: pictures within it, what was found as text below. */
import type { Layer } from "../../engine/index.ts";

export interface Picture {
  title: string;
  png: Uint8Array;
}

/** Each layer by itself, after the page as it is and the layers that are read together. */
export const SHEET: readonly [title: string, layers: readonly Layer[]][] = [
  ["the page", []],
  ["blocks in the order of reading", ["regions", "order"]],
  ["words, by where their text comes from", ["words"]],
  ["lines", ["lines"]],
  ["regions", ["regions"]],
  ["order", ["order"]],
  ["tables", ["tables"]],
  ["proposals, and what was taken", ["proposals"]],
];

/** @param facts plain text */
export function contactSheet(title: string, pictures: readonly Picture[], facts: string): string {
  const figures = pictures.map(({ title, png }) => {
    const source = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
    return `<figure><figcaption>${escaped(title)}</figcaption><a href="${source}"><img src="${source}" alt="${escaped(title)}"></a></figure>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>
<style>
body { font: 14px sans-serif; margin: 1.5em; background: #eee }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(26em, 1fr)); gap: 1em }
figure { margin: 0; padding: .6em; background: #fff }
img { width: 100% }
pre { background: #fff; padding: 1em; overflow: auto }
</style>
<h1>${escaped(title)}</h1>
<main>
${figures.join("\n")}
</main>
<pre>${escaped(facts)}</pre>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
