/**
 * Pages set aside for files that are being converted. All are in memory; while the group has a limit of pages they are
 * rows too, so that a restart forgets none. Whether there is room is the group object's to say.
 *
 * Without a limit a file costs no row, and one that is set later binds the files under way all the same, unless the
 * object was restarted between their reservation and the limit.
 */

interface Reservation {
  job: string;
  seq: number;
  attempt: number;
  pages: number;
}

const TABLE = `
CREATE TABLE IF NOT EXISTS reserved (
  job TEXT, seq INTEGER, attempt INTEGER NOT NULL, pages INTEGER NOT NULL, PRIMARY KEY (job, seq)) WITHOUT ROWID;
`;

const keyOf = (file: { job: string; seq: number }): string => `${file.job}/${file.seq}`;

export class Reservations {
  private readonly sql: SqlStorage;
  private readonly all = new Map<string, Reservation>();
  private readonly stored = new Set<string>();
  pages = 0;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    sql.exec(TABLE);
    for (const row of sql.exec<{ job: string; seq: number; attempt: number; pages: number }>(
      "SELECT * FROM reserved",
    )) {
      this.note(row);
      this.stored.add(keyOf(row));
    }
  }

  /** What is set aside for everybody else. */
  besides(file: { job: string; seq: number }): number {
    return this.pages - (this.all.get(keyOf(file))?.pages ?? 0);
  }

  set(file: Reservation, durable: boolean): void {
    this.note(file);
    if (durable) this.store(file);
  }

  /** From now on there is a limit. */
  storeAll(): void {
    for (const [key, file] of this.all) if (!this.stored.has(key)) this.store(file);
  }

  /** A file has ended; what a later attempt set aside stays. */
  free(file: { job: string; seq: number; attempt: number }): void {
    const key = keyOf(file);
    const known = this.all.get(key);
    if (known === undefined || known.attempt > file.attempt) return;
    this.all.delete(key);
    this.pages -= known.pages;
    if (this.stored.delete(key)) this.sql.exec("DELETE FROM reserved WHERE job = ? AND seq = ?", file.job, file.seq);
  }

  private note(file: Reservation): void {
    this.pages = this.besides(file) + file.pages;
    this.all.set(keyOf(file), file);
  }

  private store({ job, seq, attempt, pages }: Reservation): void {
    this.sql.exec("INSERT OR REPLACE INTO reserved VALUES (?, ?, ?, ?)", job, seq, attempt, pages);
    this.stored.add(keyOf({ job, seq }));
  }
}
