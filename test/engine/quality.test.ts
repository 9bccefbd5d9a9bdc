/** How far text is to be trusted: counted on real pages, told in lines.json, the same whatever the chunking. */
import { describe, expect, test } from "vitest";
import { type Converted, convert } from "../../src/engine/convert.ts";
import { DEFAULTS } from "../../src/engine/options.ts";
import type { PageLines, Word } from "../../src/engine/page-lines.ts";
import { addPart, countFound, emptyQuality, pageQuality, summarise, summarisePart } from "../../src/engine/quality.ts";
import { open } from "../../src/engine/readers/index.ts";
import type { Warning } from "../../src/engine/warnings.ts";
import { makePdf, type PageSpec } from "../pdf.ts";
import { host } from "./host.ts";
import { column, page } from "./page.ts";

const ENGLISH = [
  "The committee was asked to look at the reasons for which this had been done,",
  "and it is not known whether they will have an answer before the end of the year.",
];
const GERMAN = [
  "Der Ausschuss wurde gebeten, die Gründe zu prüfen, aus denen das geschehen ist,",
  "und es ist nicht bekannt, ob sie vor dem Ende des Jahres eine Antwort haben wird.",
];
const DANISH = [
  "Udvalget blev bedt om at se på de grunde, af hvilke det er sket, og det er ikke kendt",
  "om de vil have et svar før slutningen af året, men det har været meget svært mellem dem.",
];
const RUSSIAN = [
  "Комитет просили рассмотреть причины, по которым это было сделано, но ответ",
  "не был известен до конца года, и он не для всех.",
];

async function convertPdf(pages: PageSpec[]): Promise<Converted & { json: { pages: Record<string, unknown>[] } }> {
  const reader = await open(makePdf(pages), host);
  try {
    const converted = await convert(reader, {
      pages: pages.map((_, i) => i + 1),
      formats: ["lines.json"],
      context: { fileId: "f", sourceHash: "ab", options: DEFAULTS, cropUrl: () => "" },
    });
    return { ...converted, json: JSON.parse(converted.outputs.get("lines.json")!) };
  } finally {
    reader.close();
  }
}

/** Of a page, as lines.json tells it. */
const told = (facts: PageLines, warnings: Warning[] = []) =>
  summarisePart({ lines: [], blocks: [], edits: [], warnings, quality: pageQuality(facts) });

const linesAt = (texts: readonly string[], y: number) => texts.map((text, i) => ({ text, x: 72, y: y - 14 * i }));

describe("languages", () => {
  const of = (...texts: string[]) => told(page(1, column(5000, 10000, texts))).languages;

  test.each([
    ["en", ENGLISH],
    ["de", GERMAN],
    ["da", DANISH],
    ["ru", RUSSIAN],
    ["zh", ["委员会被要求审查其原因", "并且在年底之前不知道是否会有答复"]],
    ["ja", ["委員会はその理由を調べるように求められた", "年末までに答えがあるかどうかは分からない"]],
    ["ko", ["위원회는 그 이유를 검토하도록 요청받았다"]],
    ["el", ["Η επιτροπή κλήθηκε να εξετάσει τους λόγους για τους οποίους έγινε αυτό"]],
    ["he", ["הוועדה התבקשה לבחון את הסיבות שבגללן הדבר נעשה"]],
    ["th", ["คณะกรรมการถูกขอให้ตรวจสอบเหตุผล"]],
    ["fa", ["از کمیته خواسته شد که دلایلی را که این کار برای آن انجام شده است بررسی کند"]],
  ])("%s alone", (language, texts) => {
    expect(of(...texts)).toEqual([language]);
  });

  test("two beside each other, the larger first; a close relative never appears beside its own", () => {
    expect(of(...ENGLISH, ...ENGLISH, ...GERMAN)).toEqual(["en", "de"]);
    expect(of(...GERMAN, ...RUSSIAN, ...RUSSIAN)).toEqual(["ru", "de"]);
    expect(of(...DANISH, ...DANISH, "Og det er som det er i en by")).toEqual(["da"]);
  });

  test("numbers, formulas and names tell nothing", () => {
    expect(of("12.5 17.3 α β γ", "Zürich Łódź 44")).toEqual([]);
    expect(of("并且在年底之前不知道是否会有答复", "U = X + Y, V = X - Y, k y a i", "v = k y o")).toEqual(["zh"]);
    expect(of(...ENGLISH, "No na No na No na No na", "No na No na No na No na")).toEqual(["en"]);
  });
});

describe("a page", () => {
  test("characters by where they come from; hidden ones apart", () => {
    const facts = page(1, [
      ...column(5000, 10000, ["native text", "repaired"]),
      { x: 5000, y: 20000, text: "secret", hidden: true },
    ]);
    const words: Word[] = facts.words.map((word) =>
      word.text === "repaired" ? { ...word, source: "repaired" } : word,
    );
    words.push({ ...words[0]!, text: "\ufffd\ufffd", source: "undecodable" });
    expect(told({ ...facts, words })).toMatchObject({
      trust: 0.86,
      characters: 20,
      native: 0.5,
      repaired: 0.4,
      undecodable: 0.1,
      ocr: 0,
      hidden_characters: 6,
    });
  });

  test("a picture's area counts where no text lies", () => {
    const picture = { box: [0, 0, 60000, 40000] as const, pixelWidth: 100, pixelHeight: 100, mcid: -1 };
    expect(pageQuality(page(1, [], { images: [picture] })).pictureArea).toBe(5000);
    const rows = column(
      0,
      1200,
      Array.from({ length: 33 }, () => "text over a scan that has been read ".repeat(4).trim()),
    );
    expect(pageQuality(page(1, rows, { images: [picture] })).pictureArea).toBeLessThan(300);
    expect(pageQuality(page(1, rows)).pictureArea).toBe(0);
  });
});

test("lines.json tells each page's, convert the file's; the file's is the sum", async () => {
  const { json, quality, warnings } = await convertPdf([
    { lines: linesAt(ENGLISH, 700) },
    { lines: linesAt(GERMAN, 700) },
    { content: "q 400 0 0 396 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q" },
  ]);
  expect(json.pages.map((one) => one.languages_detected)).toEqual([["en"], ["de"], []]);
  expect(json.pages[0]!.quality).toEqual({
    trust: 1,
    characters: ENGLISH.join("").replaceAll(" ", "").length,
    native: 1,
    repaired: 0,
    ocr: 0,
    undecodable: 0,
    hidden_characters: 0,
    picture_only_area: 0,
    tables: 0,
    figures: 0,
    warnings: [],
  });
  expect(json.pages[2]!.quality).toMatchObject({ trust: 0, characters: 0, warnings: ["picture_only"] });
  expect((json.pages[2]!.quality as { picture_only_area: number }).picture_only_area).toBeCloseTo(400 / 612 / 2, 1);
  expect(summarise(quality)).toMatchObject({
    trust: 0.6667,
    languages: ["de", "en"],
    native: 1,
    picture_only_pages: 1,
    warnings: { picture_only: 1 },
  });
  expect(quality).toMatchObject({ pages: 3, picturePages: 1 });
  expect([...quality.warnings]).toEqual([["picture_only", 1]]);
  expect(warnings).toHaveLength(1);
});

test("trust sorts files: text before repaired text before scans, a stamp makes no page of a scan, a photograph no scan of a page", () => {
  const photo = { box: [0, 0, 61200, 30000] as const, pixelWidth: 100, pixelHeight: 100, mcid: -1 };
  const scan = { ...photo, box: [0, 0, 61200, 79200] as const };
  const article = column(5000, 40000, [...ENGLISH, ...ENGLISH]);
  expect(told(page(1, []))).toMatchObject({ trust: 1 });
  expect(told(page(1, article, { images: [photo] }))).toMatchObject({ trust: 1, picture_only_pages: 0 });
  expect(told(page(1, article, { images: [scan] }))).toMatchObject({ trust: 1 });
  const stamped = page(1, column(5000, 75000, ["Downloaded from an archive on 3 May"]), { images: [scan] });
  expect(told(stamped)).toMatchObject({ trust: 0, picture_only_pages: 1 });
  const stampedPhoto = page(1, column(5000, 75000, ["Cover of the report"]), { images: [photo] });
  expect(told(stampedPhoto)).toMatchObject({ trust: 1 });
  const unread: Warning = { code: "page_unreadable", page: 1 };
  expect(told(page(1, []), [unread])).toMatchObject({ trust: 0, warnings: { page_unreadable: 1 } });
});

test("tables and figures are counted where they lie, in lists and notes too", () => {
  const base = { id: "1.0", lines: [], places: [] };
  const table = { ...base, kind: "table", columns: 1, cells: [], parts: [], notes: [] } as const;
  const figure = { ...base, kind: "figure", crop: { page: 1, box: [0, 0, 1, 1] }, subtype: "", labels: [] } as const;
  const list = { ...base, kind: "list", ordered: false, items: [{ label: "-", blocks: [table] }] } as const;
  const file = emptyQuality();
  const part = { lines: [], edits: [], warnings: [], quality: pageQuality(page(1, [])) };
  addPart(file, countFound({ ...part, blocks: [table as never, list as never, figure as never] }));
  addPart(file, countFound({ ...part, blocks: [figure as never] }));
  expect(file).toMatchObject({ tables: 2, figures: 2, pages: 2 });
});
