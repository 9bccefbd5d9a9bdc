/**
 * Memory belongs to the isolate and invocations share it: one live wasm document at a time, one assembly. A lease, not a chain of
 * promises: a caller that is cancelled never runs its `finally`, and a chain would then hang for ever (facts/WORKERS
 * trap 1).
 */

/** A holder that hasn't renewed for this long is taken for gone. Longer than any single page takes. */
const LEASE_MS = 60_000;
const POLL_MS = 5;

export class Lock {
  private holder: symbol | null = null;
  private until = 0;

  /**
   * Waits for its turn, then runs `work`, which calls `renew` between pages.
   * @param onWait called again and again until then: who waits for long says that it lives; what it throws ends the wait
   */
  async hold<T>(onWait: (() => Promise<void>) | null, work: (renew: () => void) => Promise<T>): Promise<T> {
    const me = Symbol("holder");
    while (this.holder !== null && Date.now() < this.until) {
      await scheduler.wait(POLL_MS);
      await onWait?.();
    }
    this.holder = me;
    const renew = () => {
      if (this.holder === me) this.until = Date.now() + LEASE_MS;
    };
    renew();
    try {
      return await work(renew);
    } finally {
      if (this.holder === me) this.holder = null;
    }
  }
}
