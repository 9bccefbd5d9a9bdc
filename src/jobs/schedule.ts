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
/** How long an allowance holds: nothing starts on an older one before the group is asked again. */
const ALLOW_MS = 1_000;
/** Numbers that don't change are said again after this, so that the group knows that the job lives (accounts/table). */
const RESAY_MS = 10_000;
/** Parts waiting from this on go before files that were not opened yet, so that a job of large ones finishes some. */
const PARTS_WAITING_MAX = 1_000;
/** What one call of a queue takes. */
const BATCH_MAX = 100;
/** A hint that the queue refused is tried again after this. */
const RESEND_MS = 1_000;

export class Schedule {
  private readonly state: JobState;
  private allow = 0;
  private allowUntil = 0;
  private poked = false;
  /** What the group heard last; null = nobody knows: the object was restarted, or a call got lost. */
  private told: { inFlight: number; waiting: number } | null = null;
  private toldAt = 0;
  /** A call got lost: the group may count slots that nobody tells it of. */
  private unheard = false;
  /** Whose turn it is. */
  private partsTurn = false;
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

  /** Whether the group counts slots or wishes of this job: it is told until it doesn't. */
  get isSeated(): boolean {
    return this.unheard || (this.told !== null && wishes(this.told) > 0);
  }

  /** One turn; whatever it can't do now is done by a later one. `beat` = the alarm's, which repeats what was said. */
  async run(beat: boolean): Promise<void> {
    const lost = this.collectLost(Date.now());
    await this.syncSlots(beat);
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

  private async syncSlots(beat: boolean): Promise<void> {
    const now = Date.now();
    const numbers = { inFlight: this.state.flights.size, waiting: this.state.ready(now) };
    if (!this.poked && !this.mustSay(numbers, beat, now)) return;
    this.poked = false;
    const { key, group } = this.state.ref;
    try {
      const { allow } = await this.state.env.GROUP.getByName(group).sync({ job: key, ...numbers });
      this.told = numbers;
      this.toldAt = Date.now();
      this.unheard = false;
      this.allow = allow;
      this.allowUntil = this.toldAt + ALLOW_MS;
    } catch (error) {
      log("warn", "no slots from the group object", { job: key, ...errorFields(error) });
      this.told = null;
      this.unheard = true;
      this.allowUntil = 0;
    }
  }

  private mustSay({ inFlight, waiting }: { inFlight: number; waiting: number }, beat: boolean, now: number): boolean {
    const { told } = this;
    const wants = inFlight + waiting;
    if (told === null) return beat || wants > 0;
    // The end is said at once: others wait for these slots.
    if (wants === 0) return wishes(told) > 0;
    if (beat && now - this.toldAt >= RESAY_MS) return true;
    if (now >= this.allowUntil) return waiting > 0 || wants !== wishes(told) || inFlight !== told.inFlight;
    if (waiting === 0 || inFlight < this.allow) return false;
    // It has all it asked for and could use more, or gives back what another job may wait for.
    return (wants > wishes(told) && this.allow >= wishes(told)) || inFlight < told.inFlight;
  }

  /** Marks what may start. Parts of large files take turns with whole files, so that nobody waits for a large one's end. */
  private release(now: number): Flight[] {
    const { state } = this;
    const free = now < this.allowUntil ? this.allow - state.flights.size : 0;
    const released: Flight[] = [];
    if (free <= 0) return released;
    const parts = state.waits.first("parts", free, now);
    const again = state.waits.first("files", free, now);
    const fresh = this.freshFiles(free);
    const last = fresh.length < free;
    while (released.length < free && parts.length + again.length + fresh.length > 0) {
      const crowded = state.waits.size - state.waits.files > PARTS_WAITING_MAX;
      const part = crowded || this.partsTurn || again.length + fresh.length === 0 ? parts.shift() : undefined;
      this.partsTurn = part === undefined;
      const flight =
        part !== undefined
          ? this.releasePart(part.seq, part.part!, now)
          : this.releaseFile(again.shift()?.seq ?? this.takeFresh(fresh), now);
      if (flight !== null) released.push(flight);
    }
    if (last && fresh.length === 0) state.fresh = state.lastSeq + 1;
    return released;
  }

  /** Files that were never released, or are driven again from their beginning, in their order. */
  private freshFiles(count: number): number[] {
    const { state } = this;
    if (state.counts[PENDING] === 0) return [];
    return state.sql
      .exec<{ seq: number }>(
        `SELECT seq FROM files WHERE seq >= ? AND state = ${PENDING} AND due = 0 ORDER BY seq LIMIT ?`,
        state.fresh,
        count,
      )
      .toArray()
      .map(({ seq }) => seq);
  }

  private takeFresh(fresh: number[]): number {
    const seq = fresh.shift()!;
    this.state.fresh = seq + 1;
    return seq;
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

const wishes = ({ inFlight, waiting }: { inFlight: number; waiting: number }): number => inFlight + waiting;
