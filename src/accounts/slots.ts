/** Fair dealing of a group's slots among its jobs: pure arithmetic; who asks and when is the group object's business. */

/** A job at the table. */
export interface Seat {
  /** Slots it has. */
  holds: number;
  /** Slots it could use, those it has included. */
  wants: number;
  /** What it was told last. */
  allowed: number;
  seenAt: number;
}

/**
 * How many slots a job may hold now: never more than its fair share while others want theirs, never more than are
 * free. Work under way is not taken back: a job that holds more than this starts nothing until it holds less.
 */
export function dealSlots(seats: ReadonlyMap<string, Seat>, job: string, limit: number): number {
  const seat = seats.get(job);
  if (seat === undefined) return 0;
  let held = 0;
  for (const other of seats.values()) held += other.holds;
  const free = Math.max(0, limit - held);
  return Math.min(seat.wants, fairShare(seats, job, limit), seat.holds + free);
}

/** Max-min fairness: what small jobs leave over is dealt among the larger ones, odd slots in the order of names. */
function fairShare(seats: ReadonlyMap<string, Seat>, job: string, limit: number): number {
  const asking = [...seats].sort(([a, x], [b, y]) => x.wants - y.wants || (a < b ? -1 : 1));
  let left = limit;
  for (const [i, [name, seat]] of asking.entries()) {
    const share = Math.min(seat.wants, Math.ceil(left / (asking.length - i)));
    if (name === job) return share;
    left -= share;
  }
  return 0;
}
