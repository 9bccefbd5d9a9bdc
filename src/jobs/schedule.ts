/**
 * Releases steps: asks the group object for slots, marks rows, then sends hints, so that a crash between the two leaves
 * a hint that counts as lost, never work that nobody knows of. Sends again what was never claimed, takes back leases
 * that ran out. Which queue a step takes is in `steps`; what a step does is the pipeline's.
 */
import { errorFields, log } from "../lib/log.ts";
import { type Flight, flightKey, type JobState } from "./job-state.ts";
import { PENDING, RELEASED, RUNNING, stepOf } from "./job-tables.ts";
import { QUEUE_OF, type Step } from "./steps.ts";
import { loseLease } from "./tries.ts";

/** A hint that nobody claimed is sent again only past the age that claims show the queue to have, and never sooner. */
const HINT_MS = 30_000;
/** ... times this, and never later than the queue keeps a message with some reserve. */
const HINT_FACTOR = 3;
const HINT_MS_MAX = 6 * 3_600_000;
/** Of a claim's delay this much is remembered at the next one. */
const DELAY_MEMORY = 0.95;
/** How long a number of slots holds before the group is asked again. */
const ALLOW_MS = 1_000;
/** When the group object is out of reach, so many steps go on meanwhile: better slow than still. */
const BLIND_SLOTS = 4;
/** What one call of a queue takes. */
const BATCH_MAX = 100;
/** A hint that the queue refused is tried again after this. */
const RESEND_MS = 1_000;

export class Schedule {
  private readonly state: JobState;
  private allow = 0;
  private allowUntil = 0;
  private poked = false;
  /** What the group was told last. */
  private told = { inFlight: 0, waiting: 0 };
  /** How long hints of this job have waited in their queue, at worst and lately. */
  private delay = 0;

  constructor(state: JobState) {
    this.state = state;
  }

  /** The group has slots to give: ask again. */
  askAgain(): void {
    this.poked = true;
  }

  /** A hint was claimed: so old is the queue. */
  noteClaim(releasedAt: number, now: number): void {
    this.delay = Math.max(now - releasedAt, this.delay * DELAY_MEMORY);
  }

  /** One turn; whatever it can't do now is done by a later one. */
  async run(): Promise<void> {
    const lost = this.collectLost(Date.now());
    await this.syncSlots();
    const released = this.release(Date.now());
    await this.send([...lost, ...released]);
  }

  /** Hints for steps that are marked already. A queue that refuses them gets them again a little later. */
  async send(flights: Flight[]): Promise<void> {
    const queues = { network: [] as Flight[], cpu: [] as Flight[] };
    const steps = new Map<Flight, Step>();
    for (const flight of flights) {
      const row = this.state.row(flight.seq);
      if (row === null || row.state !== RUNNING) continue;
      const { seq, part, attempt } = flight;
      steps.set(flight, { step: stepOf(row), job: this.state.ref.key, seq, part: part ?? 0, attempt });
      queues[QUEUE_OF[stepOf(row)]].push(flight);
    }
    await Promise.all([
      this.sendTo(this.state.env.FETCH_QUEUE, queues.network, steps),
      this.sendTo(this.state.env.CONVERT_QUEUE, queues.cpu, steps),
    ]);
  }

  private async sendTo(queue: Queue<Step>, flights: Flight[], steps: Map<Flight, Step>): Promise<void> {
    for (let at = 0; at < flights.length; at += BATCH_MAX) {
      const batch = flights.slice(at, at + BATCH_MAX);
      try {
        await queue.sendBatch(batch.map((flight) => ({ body: steps.get(flight)! })));
      } catch (error) {
        log("warn", "hints refused by the queue", {
          job: this.state.ref.key,
          count: batch.length,
          ...errorFields(error),
        });
        for (const flight of batch) if (!flight.leased) flight.due = Date.now() + RESEND_MS;
      }
    }
  }

  /** Leases that ran out become another try; hints that nobody took are sent again under the same attempt. */
  private collectLost(now: number): Flight[] {
    const again: Flight[] = [];
    for (const flight of [...this.state.flights.values()]) {
      if (flight.due > now) continue;
      if (flight.leased) loseLease(this.state, flight, now);
      else {
        flight.due = now + this.hintMs();
        again.push(flight);
      }
    }
    return again;
  }

  private async syncSlots(): Promise<void> {
    const now = Date.now();
    const inFlight = this.state.flights.size;
    const waiting = this.state.ready(now);
    const wants = inFlight + waiting;
    const told = this.told.inFlight + this.told.waiting;
    const full = waiting > 0 && inFlight >= this.allow;
    const asks = full && (now >= this.allowUntil || wants > told);
    // What it may not use itself another job waits for.
    const gives = full && inFlight < this.told.inFlight;
    const outdated = now >= this.allowUntil && (wants !== told || inFlight !== this.told.inFlight);
    if (!this.poked && !asks && !gives && !outdated) return;
    this.poked = false;
    try {
      const { key, group } = this.state.ref;
      this.told = { inFlight, waiting };
      const { allow } = await this.state.env.GROUP.getByName(group).sync({ job: key, inFlight, waiting });
      this.allow = allow;
      this.allowUntil = Date.now() + ALLOW_MS;
    } catch (error) {
      log("warn", "no slots from the group object", { job: this.state.ref.key, ...errorFields(error) });
      this.allow = BLIND_SLOTS;
      this.allowUntil = Date.now() + ALLOW_MS;
    }
  }

  /** Marks what may start: what waits first, then files never released, in their order. */
  private release(now: number): Flight[] {
    const { state } = this;
    const released: Flight[] = [];
    let free = this.allow - state.flights.size;
    if (free <= 0) return released;
    const due = [...state.waits.values()].filter((wait) => wait.due <= now).sort((a, b) => a.due - b.due);
    for (const wait of due.slice(0, free)) {
      const flight = wait.part === null ? this.releaseFile(wait.seq, now) : this.releasePart(wait.seq, wait.part, now);
      if (flight !== null) released.push(flight);
    }
    free -= released.length;
    if (free <= 0 || state.counts[PENDING] === 0) return released;
    const fresh = state.sql
      .exec<{ seq: number }>(
        `SELECT seq FROM files WHERE seq >= ? AND state = ${PENDING} AND due = 0 ORDER BY seq LIMIT ?`,
        state.fresh,
        free,
      )
      .toArray();
    for (const { seq } of fresh) {
      const flight = this.releaseFile(seq, now);
      if (flight !== null) released.push(flight);
      state.fresh = seq + 1;
    }
    if (fresh.length < free) state.fresh = state.lastSeq + 1;
    return released;
  }

  private releaseFile(seq: number, now: number): Flight | null {
    const key = flightKey(seq, null);
    this.state.waits.delete(key);
    const row = this.state.row(seq);
    if (row === null || row.state !== PENDING) return null;
    const due = now + this.hintMs();
    const { attempt } = this.state.write(
      row,
      { state: RUNNING, attempt: row.attempt + 1, claimed: RELEASED, due },
      now,
    );
    const flight: Flight = { seq, part: null, attempt, due, leased: false, releasedAt: now };
    this.state.flights.set(key, flight);
    return flight;
  }

  private releasePart(seq: number, part: number, now: number): Flight | null {
    const key = flightKey(seq, part);
    this.state.waits.delete(key);
    const row = this.state.row(seq);
    if (row === null || row.state !== RUNNING || row.parts?.[part] !== "0") return null;
    const tries = this.state.part(seq, part)?.tries ?? 0;
    const due = now + this.hintMs();
    this.state.sql.exec("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", seq, part, RELEASED, tries, due);
    const flight: Flight = { seq, part, attempt: row.attempt + tries, due, leased: false, releasedAt: now };
    this.state.flights.set(key, flight);
    return flight;
  }

  private hintMs(): number {
    return Math.min(HINT_MS_MAX, Math.max(HINT_MS, HINT_FACTOR * this.delay));
  }
}
