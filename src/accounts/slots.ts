/**
 * Fair dealing of a group's slots among its jobs: pure arithmetic; who asks and when is the group object's business.
 *
 * While there are slots for every job, each has its fair share, and what small jobs leave over is dealt among the larger
 * ones. With more jobs than slots a share is a turn: who has a slot gives it back after what it runs, and the free ones
 * go to whoever has been without for the longest.
 */

/** A job at the table. */
export interface Seat {
  /** Slots it has, those it was given and hasn't spoken of yet included. */
  holds: number;
  /** Slots it could use, those it has included. */
  wants: number;
  /** What it was told last. */
  allowed: number;
  /** When it was given a slot last, counted in grants; 0 = never. */
  servedAt: number;
  seenAt: number;
}

/**
 * How many slots each job may hold now, never more than are free. Work under way is not taken back: a job that holds more
 * than this starts nothing until it holds less.
 */
export function dealSlots(seats: ReadonlyMap<string, Seat>, limit: number): Map<string, number> {
  let held = 0;
  for (const { holds } of seats.values()) held += holds;
  const free = Math.max(0, limit - held);
  return seats.size > limit ? dealTurns(seats, free) : dealShares(seats, limit, free);
}

/** More jobs than slots. Of two that were never served the first to come is the first in the map, and a sort is stable. */
function dealTurns(seats: ReadonlyMap<string, Seat>, free: number): Map<string, number> {
  const dealt = new Map([...seats.keys()].map((job) => [job, 0]));
  const line = [...seats].filter(([, seat]) => seat.holds === 0).sort(([, a], [, b]) => a.servedAt - b.servedAt);
  for (const [job] of line.slice(0, free)) dealt.set(job, 1);
  return dealt;
}

/** Max-min fairness; with a slot for every job nobody's share is less than one, so odd slots need no turns. */
function dealShares(seats: ReadonlyMap<string, Seat>, limit: number, free: number): Map<string, number> {
  const dealt = new Map<string, number>();
  const asking = [...seats].sort(([a, x], [b, y]) => x.wants - y.wants || (a < b ? -1 : 1));
  let left = limit;
  for (const [i, [job, seat]] of asking.entries()) {
    const share = Math.min(seat.wants, Math.ceil(left / (asking.length - i)));
    left -= share;
    dealt.set(job, Math.min(share, seat.holds + free));
  }
  return dealt;
}
