/**
 * Steps that wait, by when they are due. Those whose time has come stand in line, those of the future in a heap, so that
 * looking costs by what is taken and not by how many wait: a job may have 100,000 of them, and looks at every call.
 */

/** A step that waits for a slot or for its next try. */
export interface Wait {
  seq: number;
  /** Null = the file itself. */
  part: number | null;
  due: number;
}

interface Entry {
  key: string;
  wait: Wait;
}

export class Waits {
  private readonly all = new Map<string, Wait>();
  /** Due; first come, first served. Whole files and parts stand apart, since they take turns (schedule). */
  private readonly lines = { files: new Map<string, Wait>(), parts: new Map<string, Wait>() };
  /** A binary heap, soonest first. What was taken back meanwhile is known by not being in `all` any more. */
  private readonly future: Entry[] = [];
  /** Of whole files, not of parts. */
  files = 0;

  get size(): number {
    return this.all.size;
  }

  set(key: string, wait: Wait): void {
    this.delete(key);
    this.all.set(key, wait);
    if (wait.part === null) this.files++;
    if (wait.due === 0) this.lineOf(wait).set(key, wait);
    else this.push({ key, wait });
  }

  delete(key: string): void {
    const wait = this.all.get(key);
    if (wait === undefined) return;
    this.all.delete(key);
    this.lineOf(wait).delete(key);
    if (wait.part === null) this.files--;
  }

  values(): IterableIterator<Wait> {
    return this.all.values();
  }

  /** How many are due. */
  due(now: number): number {
    this.advance(now);
    return this.lines.files.size + this.lines.parts.size;
  }

  /** The first of those that are due; they stay until they are deleted. */
  first(kind: "files" | "parts", count: number, now: number): Wait[] {
    this.advance(now);
    const waits: Wait[] = [];
    for (const wait of this.lines[kind].values()) {
      if (waits.length >= count) break;
      waits.push(wait);
    }
    return waits;
  }

  /** When the next one is due, at the earliest now; null = nothing waits. */
  next(now: number): number | null {
    return this.due(now) > 0 ? now : (this.future[0]?.wait.due ?? null);
  }

  private lineOf({ part }: Wait): Map<string, Wait> {
    return part === null ? this.lines.files : this.lines.parts;
  }

  private advance(now: number): void {
    for (let top = this.future[0]; top !== undefined; top = this.future[0]) {
      const stands = this.all.get(top.key) === top.wait;
      if (stands && top.wait.due > now) return;
      this.pop();
      if (stands) this.lineOf(top.wait).set(top.key, top.wait);
    }
  }

  private push(entry: Entry): void {
    const heap = this.future;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.wait.due <= entry.wait.due) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): void {
    const heap = this.future;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.wait.due < heap[child]!.wait.due) child++;
      if (heap[child]!.wait.due >= last.wait.due) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
