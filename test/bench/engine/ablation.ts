/**
 * What each rule is worth: every weight of the decision at nothing, and every kind of proposal never taken, one at a time. Pages
 * are read once and laid out again for each, so that it costs the layout and the scorers, not the reading.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPages } from "../../../src/engine/convert.ts";
import type { Host } from "../../../src/engine/host.ts";
import { DEFAULTS, documentOf, ENGINE, profileOf, writeAll } from "../../../src/engine/index.ts";
import { MODELS, type Model } from "../../../src/engine/layout/weights.ts";
import type { PageLines } from "../../../src/engine/page-lines.ts";
import type { Profile } from "../../../src/engine/profile.ts";
import type { SourceInfo } from "../../../src/engine/source-info.ts";
import { pdfsIn, withReader } from "./conversion.ts";
import { type BenchSet, dataOf, type Place, runScorer } from "./sets.ts";

/** Log odds that no proposal reaches. */
const NEVER = -1_000;

export interface Ablation {
  rule: string;
  /** Set → its first measure without the rule, less the one with it. */
  change: Record<string, number>;
}

interface Read {
  name: string;
  source: SourceInfo;
  pages: PageLines[];
  profile: Profile;
}

/** @param begun is told each rule as its turn comes */
export async function ablate(
  host: Host,
  place: Place,
  sets: readonly BenchSet[],
  begun: (rule: string) => void,
): Promise<Ablation[]> {
  const read = new Map<BenchSet, Read[]>();
  for (const set of sets) read.set(set, await readSet(host, dataOf(place.bench, set.pdfs)));
  const scoreAll = async () => {
    const scores: Record<string, number> = {};
    for (const [set, documents] of read) scores[set.name] = await scoreSet(place, set, documents);
    return scores;
  };
  const whole = await scoreAll();
  const found: Ablation[] = [];
  for (const [kind, model] of Object.entries(MODELS)) {
    const without = async (rule: string, change: Partial<Model>) => {
      begun(rule);
      const scores = await changed(model, change, scoreAll);
      found.push({
        rule,
        change: Object.fromEntries(Object.entries(scores).map(([set, s]) => [set, s - whole[set]!])),
      });
    };
    await without(`${kind}: none taken`, { bias: NEVER });
    for (const name of Object.keys(model.weights))
      await without(`${kind}: ${name}`, { weights: { ...model.weights, [name]: 0 } });
  }
  return found;
}

/** The models are data that nothing else in this process changes. */
async function changed<T>(model: Model, change: Partial<Model>, run: () => Promise<T>): Promise<T> {
  const before = { ...model };
  Object.assign(model, change);
  try {
    return await run();
  } finally {
    Object.assign(model, before);
  }
}

async function readSet(host: Host, folder: string): Promise<Read[]> {
  const documents: Read[] = [];
  for (const file of pdfsIn(folder)) {
    const document = await withReader(host, new Uint8Array(readFileSync(join(folder, file))), async (reader) => {
      const numbers = Array.from({ length: reader.pageCount }, (_, i) => i + 1);
      const { pages, counted } = await readPages(reader, numbers);
      const source = await reader.info(numbers);
      return { name: file.slice(0, -4), source, pages, profile: profileOf(counted) };
    }).catch(() => null);
    if (document !== null) documents.push(document);
  }
  return documents;
}

/** By the set's first scorer and its first figure. */
async function scoreSet(place: Place, set: BenchSet, documents: readonly Read[]): Promise<number> {
  const out = join(place.work, "ablated", set.name);
  mkdirSync(out, { recursive: true });
  const options = { ...DEFAULTS, ...set.options };
  for (const { name, source, pages, profile } of documents) {
    const pieces: string[] = [];
    const document = documentOf({ source, engine: ENGINE }, each(pages), profile);
    const context = { fileId: "f", sourceHash: "0", options, cropUrl: () => "crop.jpg" };
    await writeAll(document, ["md"], context, async (_, text) => {
      pieces.push(text);
    });
    writeFileSync(join(out, `${name}.md`), pieces.join(""));
  }
  const scorer = set.scorers[0]!;
  const scored = runScorer(scorer, place, out);
  if (!scored.ran) throw new Error(`${set.name}: ${scored.why}`);
  return scorer.figures[0]!.value(scored.summary) ?? 0;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
