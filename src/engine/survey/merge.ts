/** Two surveys → one, by sum and union alone: commutative and associative, so that parts may come in any order. */
import type { Survey } from "../profile.ts";

export function mergeSurveys(a: Survey, b: Survey): Survey {
  return {
    styles: mergeMaps(a.styles, b.styles, (x, y) => ({
      chars: x.chars + y.chars,
      lines: x.lines + y.lines,
      outer: x.outer + y.outer,
      short: x.short + y.short,
      front: x.front + y.front,
    })),
    follows: mergeMaps(a.follows, b.follows, (x, y) => x + y),
    margins: mergeMaps(a.margins, b.margins, (x, y) =>
      [...x, ...y].sort((m, n) => m.page - n.page || m.value - n.value),
    ),
    words: a.words.union(b.words),
    tags: mergeMaps(a.tags, b.tags, (x, y) => ({ elements: x.elements + y.elements, chars: x.chars + y.chars })),
    marks: a.marks.union(b.marks),
    captions: { above: a.captions.above + b.captions.above, below: a.captions.below + b.captions.below },
    mathChars: a.mathChars + b.mathChars,
    pages: a.pages + b.pages,
  };
}

function mergeMaps<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>, merge: (x: V, y: V) => V): Map<string, V> {
  const out = new Map(a);
  for (const [key, value] of b) {
    const known = out.get(key);
    out.set(key, known === undefined ? value : merge(known, value));
  }
  return out;
}
