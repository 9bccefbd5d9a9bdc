/** What waits, by when it is due: a heap against a sorted list. */
import { expect, test } from "vitest";
import { type Wait, Waits } from "../../src/jobs/waits.ts";

test("gives what a sorted list gives, whatever is set, taken back and set again", () => {
  const waits = new Waits();
  const model = new Map<string, Wait>();
  let random = 7;
  const dice = (n: number) => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((random / 2 ** 32) * n);
  };
  for (let now = 1; now < 3_000; now++) {
    const key = `${dice(200)}`;
    if (dice(3) === 0) {
      waits.delete(key);
      model.delete(key);
    } else {
      const due = dice(4) === 0 ? 0 : now + dice(300);
      const wait = { seq: Number(key), part: dice(2) === 0 ? null : 1, due };
      waits.set(key, wait);
      model.set(key, wait);
    }
    const due = [...model.values()].filter((wait) => wait.due <= now);
    const later = [...model.values()].filter((wait) => wait.due > now).map((wait) => wait.due);
    expect(waits.size).toBe(model.size);
    expect(waits.files).toBe([...model.values()].filter((wait) => wait.part === null).length);
    expect(waits.due(now)).toBe(due.length);
    expect(waits.next(now)).toBe(due.length > 0 ? now : later.length > 0 ? Math.min(...later) : null);
    const [files, parts] = [waits.first("files", 1_000, now), waits.first("parts", 1_000, now)];
    expect(new Set([...files, ...parts])).toEqual(new Set(due));
    expect(files.every((wait) => wait.part === null) && parts.every((wait) => wait.part !== null)).toBe(true);
    expect(waits.first("files", 2, now)).toEqual(files.slice(0, 2));
  }
});
